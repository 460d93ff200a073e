internal import Lymph

/// The keys of `container.security`.
private struct SecuritySettings: Decodable {
    var encryption: Encryption?
    var key: Configuration?
    var policy: Configuration?
    var trust: Trust?
    var port: UInt16?

    enum Trust: String, Decodable, CaseIterable {
        case pinned, registry
    }

    enum Encryption: String, DescribedConfiguration, CaseIterable {
        case off, auto, required

        static var allowed: String { "off, auto or required" }

        init(from decoder: any Decoder) throws {
            let part = try Configuration(from: decoder)
            // YAML reads a bare `off` as false.
            if case .bool(false) = part.node.content {
                self = .off
            } else if let value = part.node.text.flatMap(Self.init) {
                self = value
            } else {
                throw part.mismatch(allowed: Self.allowed)
            }
        }
    }
}

extension ProcessConfiguration {
    /// Whether connections are encrypted, and whom the process admits: `container.security`.
    ///
    /// - Throws: ``/Lymph/ConfigurationError`` for wrong settings, and for mistakes in the files that they name.
    func security() throws(ConfigurationError) -> Security {
        guard let part = securityPart else { return .localOnly }
        let settings: SecuritySettings = try part.decode()
        if settings.encryption == .off {
            guard let other = settings.key ?? settings.policy else { return .off }
            throw other.error("is for encrypted connections", allowed: "nothing here while encryption is off")
        }
        guard let keyPart = settings.key, let policyPart = settings.policy else {
            // CURVE without a policy would let everybody in.
            let missing = settings.key == nil ? "key" : "policy"
            let example =
                settings.key == nil
                ? "the path of a secret key (`lymph keygen NAME` makes one)"
                : "the path of a file that says who is admitted"
            throw part.error("\(missing) is missing", allowed: "\(example), or encryption: off")
        }
        var mistakes = ConfigurationMistakes()
        let key = mistakes.attempt { () throws(ConfigurationError) in
            let path = try keyPart.path()
            do throws(KeyError) { return try KeyPair(contentsOf: path) } catch {
                throw keyPart.error("\(error)", allowed: nil)
            }
        }
        let policy = mistakes.attempt { () throws(ConfigurationError) in try PolicyFile.read(try policyPart.path()) }
        try mistakes.check()
        guard let key, let policy else { throw mistakes.makeError() }
        return .encrypted(
            key: key, policy: policy, settings.encryption == .auto ? .auto : .required,
            trust: settings.trust == .registry ? .registry : .pinned, port: settings.port ?? 0)
    }

    /// The path of the policy; nil without one.
    var policyPath: String? { securityPart?["policy"].flatMap { try? $0.path() } }

    private var securityPart: Configuration? {
        container["security"].flatMap { $0.isNull ? nil : $0 }
    }
}

extension Configuration {
    fileprivate func path() throws(ConfigurationError) -> String { try decode() }
}
