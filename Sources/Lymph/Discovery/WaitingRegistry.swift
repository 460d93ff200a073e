/// A registry that may have to wait for another system, and can say what it is waiting for.
package protocol WaitingRegistry: ServiceRegistry {
    /// Why there is no answer yet, with what was tried and with what result; nil if nothing is known to be wrong.
    var obstacle: String? { get async }
}
