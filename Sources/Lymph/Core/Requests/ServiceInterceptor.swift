/// Something that every request to a service passes on its way to the method: for access logs, authorisation, limits.
///
/// ```swift
/// struct AccessLog: ServiceInterceptor {
///     func intercept(_ request: IncomingRequest, next: ServiceChain) async -> Answer {
///         let answer = await next()
///         print(request.principal, request.subject, answer)
///         return answer
///     }
/// }
/// ```
///
/// It is installed by ``ContainerConfiguration/serviceInterceptors``. All methods pass it: raw ones, and those of `lymph`, which peers
/// use to learn whether the service is alive, and which wait for it. Requests that are refused before a method is found for them, or
/// because there are too many, don't.
public protocol ServiceInterceptor: Sendable {
    /// Handles a request.
    ///
    /// It runs in the task of the request, which is cancelled with it.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - next: Hands the request on, to the next interceptor and at last to the method. Without that the method does not run;
    ///     it must not be called twice.
    /// - Returns: What the request is answered with. A raw method has answered for itself already if it was called; then another
    ///   answer than ``Answer/channel(first:)`` is sent after its own.
    func intercept(_ request: IncomingRequest, next: ServiceChain) async -> Answer
}

/// A request on its way to a method.
public struct IncomingRequest: Sendable {
    /// The whole request: its headers, and the arguments as its body.
    public let message: Message

    /// Who sent it.
    public let principal: Principal

    /// The id that belongs to everything that was done for the same reason, as text.
    public let traceID: String

    /// The method, as `interface.method`.
    public var subject: String { message.subject }

    /// Whether the method is one of the interface `lymph` that every service has.
    public var isBuiltin: Bool { BuiltinInterface.isSubject(subject) }

    init(_ request: any ServerRequest) {
        message = request.message
        principal = request.principal
        traceID = request.trace.text
    }
}

/// What a request still has to pass: the interceptors that follow, and at last the method.
public struct ServiceChain: Sendable {
    private let request: IncomingRequest
    private let rest: ArraySlice<any ServiceInterceptor>
    private let handle: @Sendable () async -> Answer

    fileprivate init(
        _ request: IncomingRequest, _ rest: ArraySlice<any ServiceInterceptor>,
        _ handle: @escaping @Sendable () async -> Answer
    ) {
        self.request = request
        self.rest = rest
        self.handle = handle
    }

    /// Hands the request on.
    public func callAsFunction() async -> Answer {
        guard let first = rest.first else { return await handle() }
        return await first.intercept(request, next: ServiceChain(request, rest.dropFirst(), handle))
    }
}

/// The interceptors of a service, the first one being the outermost.
struct ServiceInterceptors: Sendable {
    private let all: [any ServiceInterceptor]

    init(_ all: [any ServiceInterceptor]) { self.all = all }

    var isEmpty: Bool { all.isEmpty }

    /// Answers a request.
    ///
    /// - Parameter handle: The method.
    func run(
        _ request: any ServerRequest, _ handle: @escaping @Sendable (any ServerRequest) async -> Answer
    ) async -> Answer {
        let observed = ObservedRequest(request)
        let chain = ServiceChain(IncomingRequest(request), all[...]) {
            let answer = await handle(observed)
            if case .channel = answer { return .channel(first: observed.first) }
            return answer
        }
        return await chain()
    }
}
