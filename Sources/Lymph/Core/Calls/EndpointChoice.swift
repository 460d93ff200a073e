/// Which of an instance's endpoints calls go to: the encrypted or the plain one, or none, as this process's security
/// demands.
package struct EndpointChoice: Sendable {
    /// Where calls to an instance go.
    package enum Choice: Sendable, Equatable {
        case endpoint(Endpoint)
        /// Nowhere; the text says why.
        case none(String)
    }

    private var security: Security

    package init(_ security: Security) { self.security = security }

    /// Another policy applies from now on.
    package mutating func use(_ policy: AccessPolicy) { security.encrypted?.policy = policy }

    /// The endpoint of an instance that calls go to.
    package func endpoint(of instance: ServiceInstance) -> Choice {
        let encrypted = instance.encryptedEndpoints
        // A process without a plain door registers the address of the encrypted one in its place.
        let isPlain = !encrypted.contains { $0.address == instance.endpoint.address }
        guard let own = security.encrypted, instance.endpoint.key == nil else {
            if !isPlain { return .none("it takes encrypted calls only, and this process has no key") }
            return allow(instance.endpoint)
        }
        if let trusted = encrypted.first(where: trusts) { return .endpoint(trusted) }
        if let stranger = encrypted.first?.key {
            return .none("the key \(stranger) that it has registered is not in the policy")
        }
        return own.encryption == .auto ? .endpoint(instance.endpoint) : .none(Self.plain)
    }

    /// Whether calls may go to an endpoint that somebody has written down, for this process or into its code. A key in it
    /// is trusted.
    package func allow(_ endpoint: Endpoint) -> Choice {
        switch (endpoint.key, security.encrypted?.encryption) {
        case (nil, .required?): .none(Self.plain)
        case (.some, nil): .none("it takes encrypted calls, and this process has no key")
        default: .endpoint(endpoint)
        }
    }

    /// Whether an endpoint that a registry has told is one that calls may go to.
    package func trusts(_ endpoint: Endpoint) -> Bool {
        guard let own = security.encrypted, let key = endpoint.key else { return false }
        return own.trust == .registry || own.policy.trusts(key)
    }

    private static let plain = "it takes no encrypted calls, and this process makes no others"
}
