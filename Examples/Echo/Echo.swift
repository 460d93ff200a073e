import Lymph
import LymphService

/// A service with one interface: strings, a division that may fail, an acknowledgement.
@main
struct Echo: ServiceCommand {
    static let interfaces: [any Interface.Type] = [EchoService.self]
}
