internal import Glibc

/// The registry entries of one container: one for each interface and version, and one as `lymph`, by which every
/// process of a fleet can be found.
struct Publication: Sendable {
    /// Distinguishes this process from every other one.
    let identity: String

    private let instances: [ServiceInstance]
    private let registry: any ServiceRegistry

    init(
        of definitions: [InterfaceDefinition], at endpoint: Endpoint, encrypted: Endpoint? = nil,
        logEndpoint: String? = nil,
        in registry: any ServiceRegistry, ids: IDGenerator = IDGenerator()
    ) {
        var ids = ids
        let identity = ids.next().hex
        let hostname = localHostName()
        let offers = definitions.map { ($0.name, $0.version) } + [(BuiltinInterface.name, nil)]
        instances = offers.map { name, version in
            var instance = ServiceInstance(
                service: name, endpoint: endpoint.with(nil), version: version, id: ids.next().hex, identity: identity,
                encryptedEndpoints: [encrypted].compactMap(\.self))
            instance.hostname = hostname
            instance.fqdn = hostname
            instance.ip = endpoint.host
            instance.logEndpoint = logEndpoint
            return instance
        }
        self.identity = identity
        self.registry = registry
    }

    /// - Throws: ``LymphError`` with code `registrationFailure`.
    func publish() async throws(LymphError) {
        for instance in instances {
            do {
                try await registry.register(instance)
            } catch {
                let text = (error as? RegistryError)?.explanation ?? "\(error)"
                throw LymphError(.registrationFailure, "can't register \(instance.service): \(text)", cause: error)
            }
        }
    }

    /// Withdraws the entries. If the registry does not answer within `time`, it will notice by itself that this
    /// process is gone.
    func withdraw(within time: Duration = .seconds(3), on loop: any EventLoop) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await withDiscardingTaskGroup { entries in
                    for instance in instances { entries.addTask { await registry.unregister(instance) } }
                }
            }
            group.addTask { try? await loop.sleep(for: time) }
            await group.next()
            group.cancelAll()
        }
    }
}

private func localHostName() -> String? {
    var buffer = [UInt8](repeating: 0, count: 256)
    let code = buffer.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map { gethostname($0, buffer.count - 1) } ?? -1
    }
    return code == 0 ? String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self) : nil
}
