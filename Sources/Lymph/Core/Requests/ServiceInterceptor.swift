/// Code that every request to a service passes through on its way to the method: for access logs, authorisation,
/// limits.
///
/// ```swift
/// struct AccessLog: ServiceInterceptor {
///     func intercept(_ request: Request, next: ServiceChain) async -> Answer {
///         let answer = await next()
///         print(request.peer, request.subject, answer)
///         return answer
///     }
/// }
/// ```
///
/// It is installed with ``PeerConfiguration/serviceInterceptors``. It sees the requests for all methods,
/// including raw ones and the built-in ones of `lymph`. Peers use the latter to learn whether the service is alive,
/// and wait for the interceptors then. It does not see requests that are refused because there is no such method, too
/// many requests are running or the service is stopping.
public protocol ServiceInterceptor: Sendable {
    /// Handles a request.
    ///
    /// It runs in the task of the request, and is cancelled with it.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - next: Passes the request on to the next interceptor, and finally to the method. If it is not called, the
    ///     method does not run. It can be called once: a second call is a mistake, runs nothing and returns a NACK that
    ///     says so.
    /// - Returns: The answer to the request. A raw method that was called answers for itself: an answer other than
    ///   ``Answer/channel(first:)`` is then sent in addition to its own.
    func intercept(_ request: Request, next: ServiceChain) async -> Answer
}

/// What a request has yet to pass: the remaining interceptors, then the method.
public struct ServiceChain: Sendable {
    private let request: Request
    private let interceptors: [any ServiceInterceptor]
    /// How many of the interceptors it has passed.
    private let passed: Int
    private let passage: ServicePassage
    private let handle: @Sendable () async -> Answer

    fileprivate init(
        _ request: Request, _ interceptors: [any ServiceInterceptor], passed: Int = 0,
        _ passage: ServicePassage, _ handle: @escaping @Sendable () async -> Answer
    ) {
        self.request = request
        self.interceptors = interceptors
        self.passed = passed
        self.passage = passage
        self.handle = handle
    }

    /// Passes the request on, the first time that it is called.
    public func callAsFunction() async -> Answer {
        guard passage.pass(passed) else {
            return .nack(passage.refuse("\(type(of: interceptors[passed - 1])) called next twice"))
        }
        guard passed < interceptors.count else { return await handle() }
        return await interceptors[passed].intercept(
            request, next: ServiceChain(request, interceptors, passed: passed + 1, passage, handle))
    }
}

/// The interceptors of a service; the first is the outermost.
struct ServiceInterceptors: Sendable {
    private let all: [any ServiceInterceptor]

    init(_ all: [any ServiceInterceptor]) { self.all = all }

    var isEmpty: Bool { all.isEmpty }

    /// Runs a request through the interceptors.
    ///
    /// - Parameter handle: Runs the method.
    func run(
        _ request: any ServerRequest, _ handle: @escaping @Sendable (any ServerRequest) async -> Answer
    ) async -> Answer {
        let observed = ObservedRequest(request)
        let passage = ServicePassage()
        let chain = ServiceChain(Request(request), all, passage) {
            let answer = await handle(observed)
            guard case .channel = answer else { return answer }
            passage.noteOwnAnswers()
            return .channel(first: observed.first)
        }
        let answer = await chain()
        // A raw method has answered, or will, so the refusal of a second call must not become a second answer.
        guard case .nack(let refusal) = answer, passage.isAnswered(inSpiteOf: refusal) else { return answer }
        request.answers.report(refusal)
        return .channel(first: observed.first)
    }
}
