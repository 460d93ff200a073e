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
public struct Routes<I: Interface>: RoutesPart {
    let all: [InterfaceRoute<I>]
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
        all = routes
    }

    /// The list itself.
    public var routes: Routes<I> { self }
}

/// What a list of routes is made of: ``RPC``, ``RawRPC`` and other ``Routes``.
public protocol RoutesPart<I>: Sendable {
    /// The interface whose methods they are.
    associatedtype I: Interface

    /// The methods as a list.
    var routes: Routes<I> { get }
}

/// Builds ``Routes``.
@resultBuilder
public enum RoutesBuilder<I: Interface> {
    // The only one of its name, on purpose: if the compiler can choose, it reports a mistake in a method's closure at
    // the whole method, as "no exact matches".

    /// Takes a method or a list of routes.
    public static func buildExpression(_ part: some RoutesPart<I>) -> Routes<I> { part.routes }

    /// Joins routes.
    public static func buildBlock(_ parts: Routes<I>...) -> Routes<I> { buildArray(parts) }

    /// Takes the routes of an `if` without `else`.
    public static func buildOptional(_ routes: Routes<I>?) -> Routes<I> { routes ?? Routes([]) }

    /// Takes the routes of an `if`'s first branch.
    public static func buildEither(first routes: Routes<I>) -> Routes<I> { routes }

    /// Takes the routes of an `if`'s other branch.
    public static func buildEither(second routes: Routes<I>) -> Routes<I> { routes }

    /// Joins the routes of a `for`.
    public static func buildArray(_ parts: [Routes<I>]) -> Routes<I> { Routes(parts.flatMap(\.all)) }

    /// Takes routes that need a newer system.
    public static func buildLimitedAvailability(_ routes: Routes<I>) -> Routes<I> { routes }
}
