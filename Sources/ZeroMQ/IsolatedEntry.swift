/// A synchronous function of an actor, for code that already runs on the actor's executor and is on the hot path.
///
/// `Actor.assumeIsolated` does the same for any closure, but allocates twice for one that captures something. An entry
/// is made once, of a closure that captures nothing, and gets what it needs as its argument.
package struct IsolatedEntry<Isolation: Actor, Argument, Result>: Sendable {
    @usableFromInline package let function: @Sendable (Isolation, Argument) -> Result

    /// - Parameter function: Called with the actor and an argument.
    @inlinable package init(_ function: @escaping @Sendable (isolated Isolation, Argument) -> Result) {
        // Sound: `isolated` only says on which executor a synchronous function runs. The parameter is passed the same
        // way with and without it, and `assumeIsolated` relies on that, too.
        self.function = unsafe unsafeBitCast(function, to: (@Sendable (Isolation, Argument) -> Result).self)
    }

    /// Calls the function. The caller has to be on the actor's executor, which debug builds check.
    @inlinable package func callAsFunction(_ actor: Isolation, _ argument: Argument) -> Result {
        actor.assertIsolated()
        return function(actor, argument)
    }
}
