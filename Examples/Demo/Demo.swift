import Lymph
import LymphService

/// A service that depends on another one.
@main
struct Demo: ServiceCommand {
    static let interfaces: [any Interface.Type] = [DemoService.self]
    static let abstract = "Calls the echo service in every way there is, again and again, and logs what happens."
    static let version = "1.0.0"
}
