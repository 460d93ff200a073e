public import Lymph

/// An executable that serves interfaces.
///
/// ```swift
/// @main struct Echo: ServiceCommand {
///     static let interfaces: [any Interface.Type] = [EchoService.self]
/// }
/// ```
public protocol ServiceCommand {
    /// The actors that a configuration may name, by the name of their type.
    static var interfaces: [any Interface.Type] { get }

    /// The kinds of registry that a configuration may name, besides `directory` and `static`.
    static var registries: [RegistryClass] { get }
}

extension ServiceCommand {
    /// None but `directory` and `static`.
    public static var registries: [RegistryClass] { [.directory, .static] }
}
