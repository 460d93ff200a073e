/// The methods of an interface.
///
/// ```swift
/// static var routes: Routes<EchoService> {
///     RPC("upper", "text") { echo, text in echo.upper(text) }
///     RawRPC("do_ack") { _, channel, _ in await channel.ack() }
/// }
/// ```
///
/// Lists of routes can be nested, chosen with `if` and generated with `for`.
public struct Routes<I: Interface>: Sendable {
    let routes: [InterfaceRoute<I>]
    /// Whether the interface has declared the list, which may be empty.
    var isDeclared = true

    /// What an interface has that declares no routes.
    static var undeclared: Routes<I> {
        var routes = Routes([])
        routes.isDeclared = false
        return routes
    }

    /// Builds a list of routes.
    public init(@RoutesBuilder<I> _ routes: () -> Routes<I>) {
        self = routes()
    }

    init(_ routes: [InterfaceRoute<I>]) {
        self.routes = routes
    }
}

/// Builds ``Routes``.
@resultBuilder
public enum RoutesBuilder<I: Interface> {
    /// Takes a method.
    public static func buildExpression(_ rpc: RPC<I>) -> Routes<I> { Routes([rpc.route]) }

    /// Takes a method with a reply channel.
    public static func buildExpression(_ rpc: RawRPC<I>) -> Routes<I> { Routes([rpc.route]) }

    /// Takes a list of routes.
    public static func buildExpression(_ routes: Routes<I>) -> Routes<I> { routes }

    /// Joins routes.
    public static func buildBlock(_ parts: Routes<I>...) -> Routes<I> { buildArray(parts) }

    /// Takes the routes of an `if` without `else`.
    public static func buildOptional(_ routes: Routes<I>?) -> Routes<I> { routes ?? Routes([]) }

    /// Takes the routes of an `if`'s first branch.
    public static func buildEither(first routes: Routes<I>) -> Routes<I> { routes }

    /// Takes the routes of an `if`'s other branch.
    public static func buildEither(second routes: Routes<I>) -> Routes<I> { routes }

    /// Joins the routes of a `for`.
    public static func buildArray(_ parts: [Routes<I>]) -> Routes<I> { Routes(parts.flatMap(\.routes)) }

    /// Takes routes that need a newer system.
    public static func buildLimitedAvailability(_ routes: Routes<I>) -> Routes<I> { routes }
}
