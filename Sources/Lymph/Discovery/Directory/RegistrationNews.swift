/// Decides what to log about registrations that disappear and come back, each event once, and how long to wait before
/// the next attempt to renew them.
struct RegistrationNews: Sendable {
    /// Something to log.
    enum Item: Sendable, Hashable {
        /// Registrations were removed; `failure` says why they can't be renewed now, if so.
        case gone([String], because: String, failure: String?)
        /// The state can't be determined, or the renewal fails, for a different reason than before.
        case failing([String], because: String)
        /// All registrations are restored.
        case back([String])
    }

    /// The services whose registration is missing, or may be.
    private var missing: Set<String> = []
    private var problem: String?
    private var failures = 0

    /// How long to wait before the next attempt.
    var retryDelay: Duration { Self.retryDelay(after: failures) }

    /// 1, 2, 4, 8, and then 10 seconds.
    static func retryDelay(after failures: Int) -> Duration { .seconds(min(10, 1 << min(max(failures - 1, 0), 4))) }

    /// Forgets a service that was withdrawn, so that nothing more is logged about it.
    mutating func forget(_ service: String) { missing.remove(service) }

    /// Records what a check of the registrations found and did.
    ///
    /// - Parameters:
    ///   - lost: The services whose registrations were missing or damaged, and why.
    ///   - uncertain: The services whose state could not be determined.
    ///   - failure: Why they could not be renewed, if so.
    mutating func take(lost: [String: String], uncertain: [String] = [], failure: String? = nil) -> [Item] {
        let new = lost.filter { !missing.contains($0.key) }
        missing.formUnion(lost.keys)
        missing.formUnion(uncertain)
        let services = missing.sorted()
        var items: [Item] = []
        if !new.isEmpty {
            let reasons = Set(new.values).sorted().joined(separator: ", ")
            items.append(.gone(new.keys.sorted(), because: reasons, failure: failure))
        } else if let failure, failure != problem {
            items.append(.failing(services, because: failure))
        }
        problem = failure
        guard failure == nil else {
            failures += 1
            return items
        }
        if !services.isEmpty { items.append(.back(services)) }
        failures = 0
        missing = []
        return items
    }
}

extension RegistrationNews.Item: CustomStringConvertible {
    /// The log message.
    var description: String {
        switch self {
        case .gone(let services, let reason, nil):
            "\(Self.registrations(services)) \(Self.are(services)) gone (\(reason)); registering again"
        case .gone(let services, let reason, let failure?):
            "\(Self.registrations(services)) \(Self.are(services)) gone (\(reason)) and can't be renewed: \(failure); "
                + "trying again"
        case .failing(let services, let failure):
            "\(Self.registrations(services)) can't be kept up: \(failure); trying again"
        case .back(let services): "\(Self.registrations(services)) \(Self.are(services)) back"
        }
    }

    private static func registrations(_ services: [String]) -> String {
        "the registration\(services.count == 1 ? "" : "s") of \(services.joined(separator: ", "))"
    }

    private static func are(_ services: [String]) -> String { services.count == 1 ? "is" : "are" }
}
