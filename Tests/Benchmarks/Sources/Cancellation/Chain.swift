import Load
import Lymph

/// A caller and services in a row, all over sockets of their own.
struct Chain: Sendable {
    struct Node: Sendable {
        let container: ServiceContainer
        let endpoint: Endpoint
    }

    /// The caller's, which serves nobody, then the services in the order in which they are called.
    let nodes: [Node]

    var services: ArraySlice<Node> { nodes.dropFirst() }

    /// The first service, as its caller sees it.
    var first: Proxy { Self.proxy(of: nodes[1], for: nodes[0].container.client) }

    static func proxy(of node: Node, for client: Client) -> Proxy {
        client.proxy("\(node.endpoint)", interface: "hop", timeout: .seconds(60))
    }
}

/// Runs a caller and some services in a row, and `body` when all of them serve.
func withChain<R: Sendable>(
    of services: Int, _ arguments: Arguments, lanes: [Lane] = [], _ body: @Sendable (Chain) async throws -> R
) async throws -> R {
    var configuration = PeerConfiguration()
    configuration.handlerExecutor = arguments["handlers", default: "pool"] == "poller" ? .poller : .pool
    return try await withNodes(services + 1, before: [], configuration, lanes) { try await body(Chain(nodes: $0)) }
}

/// Runs nodes, the last one first, because each has to know the next.
private func withNodes<R: Sendable>(
    _ missing: Int, before following: [Chain.Node], _ configuration: PeerConfiguration, _ lanes: [Lane],
    _ body: @Sendable ([Chain.Node]) async throws -> R
) async throws -> R {
    guard missing > 0 else { return try await body(following) }
    let hop = InterfaceDefinition(as: "hop") { context in
        Hop(next: following.first.map { Chain.proxy(of: $0, for: context.client) }, lanes: lanes)
    }
    let container = try ServiceContainer(
        interfaces: [hop], registry: StaticRegistry(), configuration: configuration)
    return try await withServiceContainer(container) { endpoint in
        let nodes = [Chain.Node(container: container, endpoint: endpoint)] + following
        return try await withNodes(missing - 1, before: nodes, configuration, lanes, body)
    }
}
