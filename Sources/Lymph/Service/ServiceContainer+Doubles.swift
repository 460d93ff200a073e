/// What test doubles need of a container.
extension ServiceContainer {
    /// The methods that the container serves now, as `interface.method`, without the built-in ones.
    package var subjects: [String] {
        get async { await client.poller.subjects }
    }

    /// Serves other methods under the names that are registered: a double learns them one after the other.
    ///
    /// The interfaces are not started or stopped.
    package func replace(_ interfaces: [InterfaceDefinition]) async throws {
        var installed: [InstalledInterface] = []
        for definition in interfaces {
            try definition.validate()
            installed.append(try await definition.install(client, client.poller.logger))
        }
        await client.poller.replace(Router(installed))
    }
}

extension Poller {
    fileprivate var subjects: [String] { requests.router.all.map { "\($0.name).\($0.handler.name)" } }

    fileprivate func replace(_ router: Router) { serve(router, identity: identity) }
}
