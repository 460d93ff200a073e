/// A registry that may have to wait for somebody else, and knows for whom.
package protocol WaitingRegistry: ServiceRegistry {
    /// Why there is no answer yet, with what was tried and what came of it; nil if nothing is known to be wrong.
    var obstacle: String? { get async }
}
