/// The trace that the current task works for.
///
/// Calls made while a request is handled carry the trace id of that request.
public enum TraceContext {
    static var current: TraceID? { Scope.current?.trace }

    /// The id of the current trace; nil outside of any.
    public static var id: String? { current?.text }

    /// Runs `body` so that its calls belong to the trace `id`.
    public static func with<R>(id: String, _ body: () async throws -> R) async rethrows -> R {
        let scope = Scope(Scope.current?.interface, .trace(TraceID(id), within: Scope.current?.request))
        return try await Scope.$current.withValue(scope, operation: body)
    }
}
