internal import MessagePack

/// A method of an interface: its name, its parameters and what it does.
///
/// ```swift
/// RPC("divide", "a", "b", raises: DivisionByZero.self, help: "Divides.") { (_, a: Int, b: Int) in
///     guard b != 0 else { throw DivisionByZero() }
///     return a / b
/// }
/// ```
///
/// The closure runs on the interface's actor. What it returns is the reply's body. Errors are handled by type:
/// - An error of a type in `raises` reaches the caller as a ``RemoteError`` with the name of its type and its
///   description.
/// - A ``RemoteError`` of another service is passed on unchanged if its type name is that of a type in `raises`.
/// - A ``LymphError`` with the code `nack` refuses the request for its `reason`, before anything was done. Its
///   message reaches the caller if the reason is other than `failed`.
/// - Any other error is logged and answered with a NACK of reason `failed`.
public struct RPC<I: Interface>: Sendable {
    let route: InterfaceRoute<I>

    // Initialisers for up to eight parameters are in RPC+Results.swift and RPC+Void.swift.

    /// A method with more than eight parameters and a result. Its closure must name the actor that it is isolated to:
    /// `{ (me: isolated Orders, a: Int, …) in … }`. Closures with fewer parameters need not.
    ///
    /// - Parameters:
    ///   - name: The method's name, without the interface's.
    ///   - parameter: The parameters, in the order of the closure's.
    ///   - raises: The types of the errors that reach callers.
    ///   - help: What the method does, for `lymph inspect`.
    ///   - body: The method.
    @_disfavoredOverload
    public init<each A, R: Encodable & Sendable>(
        _ name: String, _ parameter: repeat Parameter<each A>, raises: any Error.Type..., help: String = "",
        _ body: @escaping @Sendable (isolated I, repeat each A) async throws -> R
    ) {
        route = .init(name, erased(repeat each parameter), raises, help) { me, parameters in
            { request in
                var rest = try Arguments(request.message.payload, parameters)
                return try .result(await body(me, repeat rest.next() as each A))
            }
        }
    }

    /// A method with more than eight parameters and without a result: the reply's body is nil.
    @_disfavoredOverload
    public init<each A>(
        _ name: String, _ parameter: repeat Parameter<each A>, raises: any Error.Type..., help: String = "",
        _ body: @escaping @Sendable (isolated I, repeat each A) async throws -> Void
    ) {
        route = .init(name, erased(repeat each parameter), raises, help) { me, parameters in
            { request in
                var rest = try Arguments(request.message.payload, parameters)
                try await body(me, repeat rest.next() as each A)
                return .nothing
            }
        }
    }
}

private func erased<each A>(_ parameter: repeat Parameter<each A>) -> [ErasedParameter] {
    var result: [ErasedParameter] = []
    for parameter in repeat each parameter { result.append(parameter.erased) }
    return result
}

extension InterfaceRoute {
    /// A method with parameters.
    ///
    /// - Parameter bind: Like ``bind``, but also gets the parameters.
    init(
        _ name: String, _ parameters: [ErasedParameter], _ raises: [any Error.Type], _ help: String,
        _ bind: @escaping @Sendable (I, [ErasedParameter]) -> @Sendable (any ServerRequest) async throws -> Answer
    ) {
        self.init(name: name, parameters: parameters.map(\.name), raises: raises, help: help) { bind($0, parameters) }
    }
}

/// The error for a result that can't be encoded.
private struct ResultError: Error, CustomStringConvertible {
    let description: String
}

extension Answer {
    /// The result of a method.
    static func result(_ result: some Encodable) throws -> Answer {
        do {
            return .reply(try MessagePackEncoder.encode(result))
        } catch {
            throw ResultError(description: "the result can't be encoded: \(error)")
        }
    }

    /// The answer of a method without a result: MessagePack nil.
    static let nothing = Answer.reply([0xc0])

    /// What the error of a method means for its caller.
    init(_ error: any Error, raises: [any Error.Type]) {
        switch error {
        case let error as ArgumentError: self = .nack(error.refusal)
        case let error as ResultError: self = .nack(Refusal(.failed, error.description))
        case _ where raises.contains { $0.matches(error) }: self = .error(RemoteError(describing: error))
        // An error that another service raised, and that is declared here, too.
        case let error as RemoteError where raises.contains { "\($0)" == error.type }: self = .error(error)
        default:
            self = .nack(
                (error as? LymphError).flatMap(Refusal.init(thrownBy:))
                    ?? Refusal(.failed, "\(type(of: error)): \(error)"))
        }
    }
}

extension Error {
    fileprivate static func matches(_ error: any Error) -> Bool { error is Self }
}

extension RemoteError {
    /// The error as its caller sees it: the name of its type and its description.
    init(describing error: any Error) {
        if let error = error as? RemoteError {
            self = error
        } else {
            self.init(type: "\(Swift.type(of: error))", message: "\(error)")
        }
    }
}
