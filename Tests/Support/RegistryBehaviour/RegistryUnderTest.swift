package import Lymph

/// A kind of registry for the behaviour suite.
package struct RegistryUnderTest: Sendable, CustomStringConvertible {
    /// Two views of one registry, as two processes would have, or one view twice if it can't be shared.
    package struct Views: Sendable {
        package var here: any ServiceRegistry
        package var there: any ServiceRegistry
        /// An object that must live as long as the registry.
        package var keepAlive: (any Sendable)?

        package init(here: any ServiceRegistry, there: any ServiceRegistry, keepAlive: (any Sendable)? = nil) {
            self.here = here
            self.there = there
            self.keepAlive = keepAlive
        }
    }

    package let description: String
    package let open: @Sendable () async throws -> Views

    package init(_ name: String, open: @escaping @Sendable () async throws -> Views) {
        description = name
        self.open = open
    }
}

extension ServiceInstance {
    /// An instance for tests, distinguished by its port.
    package static func sample(
        _ service: String = "echo", port: UInt16 = 4100, id: String? = nil
    ) throws -> ServiceInstance {
        ServiceInstance(
            service: service, endpoint: try Endpoint(host: "127.0.0.1", port: port), version: "1.5.0",
            id: id ?? "\(service)-\(port)", features: ["cancel"])
    }
}

extension AsyncStream<[ServiceInstance]>.Iterator {
    /// Reads until the list has these ids; nil if the stream ends before.
    package mutating func next(ids: [String]) async -> [ServiceInstance]? {
        while let list = await next(isolation: #isolation) {
            if list.map(\.id) == ids { return list }
        }
        return nil
    }
}
