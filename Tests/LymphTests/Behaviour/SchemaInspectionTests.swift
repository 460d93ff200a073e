import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

extension Behaviour {
    @Suite("The types in lymph.inspect", .timeLimit(.minutes(1)))
    struct SchemaInspectionTests {
        private actor Shop: Interface {
            static let routes = Routes<Shop> {
                RPC("place", "lines", "note", raises: SoldOut.self, idempotent: true) {
                    (_, lines: [Line], note: String?) in
                    lines.count
                }
                RawRPC("raw", raises: SoldOut.self) { _, channel, _ in await channel.ack() }
            }
        }

        private actor Observer: Interface {
            // Computed, so that each container has routes of its own, which know nothing yet.
            static var routes: Routes<Observer> {
                Routes { RPC("observe", "a") { (_, a: Observed) in } }
            }
        }

        /// Tells whether it was decoded on the poll thread.
        private struct Observed: Codable {
            static let poller = Lock<Poller?>(nil)
            static let places = Lock<[Bool]>([])

            init(from decoder: any Decoder) throws {
                guard let loop = Self.poller.withLock({ $0?.loop }) else { return }
                let isOnLoop = loop.enter()
                if isOnLoop { loop.leave() }
                Self.places.withLock { $0.append(isOnLoop) }
            }
        }

        @Test("methods know their types", arguments: Medium.allCases)
        func types(_ medium: Medium) async throws {
            try await withEcho(medium, interfaces: [.init(Shop.self, as: "shop")]) { client, container in
                let lymph = client.proxy(try await container.endpoint.description, interface: "lymph")
                for _ in 0..<2 {
                    let methods = try await lymph.inspect()["methods"]?.arrayValue ?? []
                    func signature(_ name: String) -> String? {
                        guard let method = methods.first(where: { $0["name"]?.stringValue == name }) else { return nil }
                        let names = method["params"]?.arrayValue?.compactMap(\.stringValue) ?? []
                        let schema = MethodSchema(method, parameters: names)
                        return schema.map { ([$0.signature(name)] + $0.notes.map(\.title)).joined(separator: " / ") }
                    }
                    #expect(
                        signature("shop.place")
                            == "shop.place(lines: [Line], note: String?) -> Int / Line / raises / idempotent")
                    #expect(signature("shop.raw") == "shop.raw() / raises")
                    #expect(
                        signature("lymph.change_loglevel")
                            == "lymph.change_loglevel(qualname: String, loglevel: Value, period: Double = 60.0)")
                }
            }
        }

        @Test("types are not found out on the poll thread, and only once", arguments: Medium.allCases)
        func elsewhere(_ medium: Medium) async throws {
            Observed.places.withLock { $0 = [] }
            try await withEcho(
                medium, interfaces: [.init(Observer.self, as: "shop")], server: { $0.handlerExecutor = .poller }
            ) { client, container in
                Observed.poller.withLock { $0 = container.client.poller }
                defer { Observed.poller.withLock { $0 = nil } }
                let lymph = client.proxy(try await container.endpoint.description, interface: "lymph")
                for _ in 0..<3 { try await lymph.inspect() }
            }
            #expect(Observed.places.withLock { $0 } == [false])
        }
    }
}
