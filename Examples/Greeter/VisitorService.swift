import Lymph

/// Calls the greeter at intervals, for as long as the service runs.
actor VisitorService: Interface {
    /// The interface's section of the configuration.
    private struct Settings: ConfigurationSection {
        var interval = Duration.seconds(1)
        var names = ["Ada", "Grace"]
    }

    let context: InterfaceContext
    private let settings: Settings
    private var greeted = 0
    private var visits: Task<Void, Never>?

    init(context: InterfaceContext) throws {
        self.context = context
        settings = try context.configuration.decode()
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
            for name in settings.names {
                do {
                    try await Task.sleep(for: settings.interval)
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

    static var routes: Routes<VisitorService> {
        RPC("greeted", help: "How many visitors were greeted.") { visitor in visitor.greeted }
    }
}
