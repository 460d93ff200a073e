/// A kind of interceptor that can be selected in a configuration, under `container.interceptors`.
///
/// ```yaml
/// container:
///     interceptors:
///         - access_log
///         - class: tenant
///           name: acme
/// ```
///
/// The first one in the list is the outermost.
public struct InterceptorClass: Sendable {
    /// The values of `class` that select this kind.
    public let names: [String]

    /// Creates the interceptor for calls from its entry in the list.
    package let makeClient: (@Sendable (Configuration) throws -> any ClientInterceptor)?

    /// Creates the interceptor for requests from its entry in the list.
    package let makeService: (@Sendable (Configuration) throws -> any ServiceInterceptor)?

    /// Defines a kind of interceptor: for calls, for requests, or for both.
    ///
    /// - Parameters:
    ///   - names: The values of `class`.
    ///   - client: Creates the interceptor for outgoing calls, if there is one, from the map that contains `class`. An
    ///     error that is not a ``ConfigurationError`` is reported with the place of the map.
    ///   - service: Creates the interceptor for incoming requests, likewise.
    public init(
        _ names: String...,
        client: (@Sendable (Configuration) throws -> any ClientInterceptor)? = nil,
        service: (@Sendable (Configuration) throws -> any ServiceInterceptor)? = nil
    ) {
        precondition(client != nil || service != nil, "an interceptor class is for calls, requests or both")
        self.names = names
        makeClient = client
        makeService = service
    }
}
