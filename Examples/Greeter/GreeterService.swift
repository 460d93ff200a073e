import Lymph

/// Greets people with the words in its configuration.
actor GreeterService: Interface {
    /// The interface's section of the configuration; any other key is an error.
    struct Settings: ConfigurationSection {
        var greeting = "Hello"
        var isLoud = false

        enum CodingKeys: String, CodingKey {
            case greeting
            case isLoud = "loud"
        }
    }

    let context: InterfaceContext
    private let settings: Settings

    init(context: InterfaceContext) throws {
        self.context = context
        settings = try context.configuration.decode()
    }

    func greet(_ name: String) async throws -> String {
        let text = "\(settings.greeting), \(name)!"
        logger.info("greeting", metadata: ["name": "\(name)"])
        return settings.isLoud ? try await proxy("echo").upper(text: text) : text
    }

    static var routes: Routes<GreeterService> {
        RPC("greet", "name", help: "Greets `name`.") { (greeter, name: String) in try await greeter.greet(name) }
    }
}
