/// What there is to say about the registrations of a process that go and come back, each thing once; and how long to wait
/// when they can't be renewed.
struct RegistrationNews: Sendable {
    /// Something to say.
    enum Item: Sendable, Hashable {
        /// Somebody took registrations away; perhaps they can't be renewed now, for a reason.
        case gone([String], because: String, failure: String?)
        /// It can't be told whether they are still there, or they can't be renewed, for another reason than before.
        case failing([String], because: String)
        /// All are there again.
        case back([String])
    }

    /// The services whose registration is not there, or not for sure.
    private var missing: Set<String> = []
    private var problem: String?
    private var failures = 0

    /// How long to wait for the next try.
    var retryDelay: Duration { Self.retryDelay(after: failures) }

    /// 1, 2, 4, 8, and then 10 seconds.
    static func retryDelay(after failures: Int) -> Duration { .seconds(min(10, 1 << min(max(failures - 1, 0), 4))) }

    /// A service was withdrawn: whether it is there is no news any longer.
    mutating func forget(_ service: String) { missing.remove(service) }

    /// Takes in what a look at the registrations found and did.
    ///
    /// - Parameters:
    ///   - lost: The services whose registrations were not as they should be, and why.
    ///   - uncertain: Those of which it can't be told.
    ///   - failure: Why they are not renewed, if they are not.
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
    /// A line of the log.
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
