import Lymph
import LymphService

/// A service with two interfaces: one answers with the help of the echo service, the other calls it repeatedly.
@main
struct Greeter: ServiceCommand {
    static let interfaces: [any Interface.Type] = [GreeterService.self, VisitorService.self]
    static let interceptors = [InterceptorClass("access_log", service: { _ in AccessLog() })]
    static let abstract = "Greets people, and sends visitors to be greeted."
    static let version = "1.0.0"
}
