import Glibc
import Lymph

/// A program with a service and a client that reports how they fail. Tests run it with few descriptors.
@main
struct FewDescriptors {
    static func main() async {
        do {
            let registry = StaticRegistry()
            let container = try ServiceContainer(interfaces: [.init(Upper.self, as: "upper")], registry: registry)
            try await withServiceContainer(container) { _ in
                try await withClient(Client(registry: registry, configuration: .init(timeout: .seconds(1)))) { client in
                    let text: String = try await client.proxy("upper").upper(text: "foo")
                    print(text)
                }
            }
        } catch let error as LymphError {
            print("LymphError \(error)")
        } catch {
            print("another error: \(error)")
            exit(1)
        }
    }
}

actor Upper: Interface {
    static let routes = Routes<Upper> {
        RPC("upper", "text") { (_, text: String) in text.uppercased() }
    }
}
