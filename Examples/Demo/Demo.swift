import Lymph
import LymphService

/// A service that calls another service.
@main
struct Demo: ServiceCommand {
    static let interfaces: [any Interface.Type] = [DemoService.self]
    static let abstract = "Calls the echo service in every possible way, repeatedly, and logs what happens."
    static let version = "1.0.0"
}
