import LymphTesting
import Testing

@testable import Lymph

/// A service and its callers with keys, over real sockets.
struct SecureFleet: Sendable {
    let fixture = Fixture(.zeroMQ)
    let service: KeyPair
    let web: KeyPair
    let ops: KeyPair
    let stranger: KeyPair

    init() throws {
        (service, web, ops, stranger) = (try .generate(), try .generate(), try .generate(), try .generate())
    }

    /// The members that are to be known; each may call what it is said here.
    func policy(
        web: [PublicKey]? = nil, may: [String] = ["echo.*", "lymph.*"], plain: [String] = []
    ) throws -> AccessPolicy {
        try AccessPolicy(
            members: [
                .init(name: "echo", keys: [service.publicKey]),
                .init(
                    name: "ops", keys: [ops.publicKey],
                    may: [.init(validating: "*"), .init(validating: "lymph.*")]),
                .init(
                    name: "web", keys: web ?? [self.web.publicKey], may: may.map { try .init(validating: $0) },
                    plain: plain.map { try .init(validating: $0) }),
            ].filter { !$0.keys.isEmpty || !$0.plain.isEmpty })
    }

    func container(
        _ encryption: Security.Encryption = .required, _ policy: AccessPolicy? = nil,
        interfaces: [InterfaceDefinition] = [.init(EchoService.self, as: "echo")]
    ) throws -> ServiceContainer {
        let security = Security.encrypted(key: service, policy: try policy ?? self.policy(), encryption)
        return try fixture.container(interfaces) { $0.security = security }
    }

    func client(
        _ key: KeyPair, _ encryption: Security.Encryption = .required, _ policy: AccessPolicy? = nil,
        trust: Security.Trust = .pinned
    ) throws -> Client {
        let security = Security.encrypted(
            key: key, policy: try policy ?? self.policy(), encryption, trust: trust)
        return fixture.client { $0.security = security }
    }
}
