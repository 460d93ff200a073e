import Lymph

/// Calls the greeter at intervals, for as long as the service runs.
actor VisitorService: Interface {
    /// The interface's section of the configuration.
    private struct Settings: Decodable {
        let interval: Duration?
        let names: [String]?
    }

    let context: InterfaceContext
    private let interval: Duration
    private let names: [String]
    private var greeted = 0
    private var visits: Task<Void, Never>?

    init(context: InterfaceContext) throws {
        self.context = context
        let settings: Settings = try context.configuration.decode()
        interval = settings.interval ?? .seconds(1)
        names = settings.names ?? ["Ada", "Grace"]
    }

    func start() {
        visits = Task { await visit() }
    }

    func stop() async {
        visits?.cancel()
        await visits?.value
    }

    private func visit() async {
        while !Task.isCancelled {
            for name in names {
                do {
                    try await Task.sleep(for: interval)
                    let text: String = try await proxy("greeter").greet(name: name)
                    greeted += 1
                    logger.info("\(text)")
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("nobody greets", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    static let routes = Routes<VisitorService> {
        RPC("greeted", help: "How many visitors were greeted.") { visitor in visitor.greeted }
    }
}
