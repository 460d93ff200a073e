public import Lymph

/// An executable that serves interfaces.
public protocol ServiceCommand {
    /// The actors that a configuration may name.
    static var interfaces: [any Interface.Type] { get }
}
