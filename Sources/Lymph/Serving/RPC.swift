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
/// The closure runs on the interface's actor. What it returns is the reply's body. An error that is an instance of a type
/// named by `raises` reaches the caller as a ``RemoteError`` with the name of its type and its description as message; any other
/// is logged and answered with NACK.
public struct RPC<I: Interface>: Sendable {
    let route: InterfaceRoute<I>

    /// A method with parameters and a result.
    ///
    /// - Parameters:
    ///   - name: The method's name, without the interface's.
    ///   - parameter: The parameters, in the order of the closure's.
    ///   - raises: The types of the errors that callers shall see.
    ///   - help: What the method does, for `lymph inspect`.
    ///   - body: The method.
    public init<each A: Decodable & Sendable, R: Encodable & Sendable>(
        _ name: String, _ parameter: repeat Parameter<each A>, raises: any Error.Type..., help: String = "",
        _ body: @escaping @Sendable (isolated I, repeat each A) async throws -> R
    ) {
        let (names, absent) = Self.erased(repeat each parameter)
        let raises = raises
        route = .init(name: name, parameters: names, help: help) { interface in
            { request in
                do {
                    var arguments = try Arguments(request.message.payload, names: names)
                    return .reply(
                        try await encoded(
                            body(interface, repeat arguments.decode((each A).self, orElse: absent))))
                } catch {
                    return Answer(error, raises: raises)
                }
            }
        }
    }

    /// A method with parameters, and without a result: the reply's body is nil.
    public init<each A: Decodable & Sendable>(
        _ name: String, _ parameter: repeat Parameter<each A>, raises: any Error.Type..., help: String = "",
        _ body: @escaping @Sendable (isolated I, repeat each A) async throws -> Void
    ) {
        let (names, absent) = Self.erased(repeat each parameter)
        let raises = raises
        route = .init(name: name, parameters: names, help: help) { interface in
            { request in
                do {
                    var arguments = try Arguments(request.message.payload, names: names)
                    try await body(interface, repeat arguments.decode((each A).self, orElse: absent))
                    return .reply(encodedNil)
                } catch {
                    return Answer(error, raises: raises)
                }
            }
        }
    }

    // With an empty pack the closure's isolation is not inferred, hence the next two.

    /// A method without parameters, with a result.
    public init<R: Encodable & Sendable>(
        _ name: String, raises: any Error.Type..., help: String = "",
        _ body: @escaping @Sendable (isolated I) async throws -> R
    ) {
        let raises = raises
        route = .init(name: name, parameters: [], help: help) { interface in
            { request in
                do {
                    _ = try Arguments(request.message.payload, names: [])
                    return .reply(try await encoded(body(interface)))
                } catch {
                    return Answer(error, raises: raises)
                }
            }
        }
    }

    /// A method without parameters and without a result: the reply's body is nil.
    public init(
        _ name: String, raises: any Error.Type..., help: String = "",
        _ body: @escaping @Sendable (isolated I) async throws -> Void
    ) {
        let raises = raises
        route = .init(name: name, parameters: [], help: help) { interface in
            { request in
                do {
                    _ = try Arguments(request.message.payload, names: [])
                    try await body(interface)
                    return .reply(encodedNil)
                } catch {
                    return Answer(error, raises: raises)
                }
            }
        }
    }

    /// What is known of the parameters, without their types: to look up types such as `Parameter<A>` for every request would
    /// take as long as all else that is done with its arguments.
    private static func erased<each A>(
        _ parameter: repeat Parameter<each A>
    ) -> (names: [String], absent: [(any Sendable)?]) {
        var (names, absent): ([String], [(any Sendable)?]) = ([], [])
        for parameter in repeat each parameter {
            names.append(parameter.name)
            absent.append(parameter.absent)
        }
        return (names, absent)
    }
}

/// MessagePack's nil.
private let encodedNil: [UInt8] = [0xc0]

/// A result that can't be encoded.
private struct ResultError: Error, CustomStringConvertible {
    let description: String
}

private func encoded(_ result: some Encodable) throws -> [UInt8] {
    do {
        return try MessagePackEncoder.encode(result)
    } catch {
        throw ResultError(description: "the result can't be encoded: \(error)")
    }
}

extension Answer {
    /// What the error of a method means for its caller.
    init(_ error: any Error, raises: [any Error.Type]) {
        switch error {
        case let error as ArgumentError: self = .nack(.rejected, error.description)
        case let error as ResultError: self = .nack(.failed, error.description)
        default:
            if raises.contains(where: { $0.matches(error) }) {
                self = .error(RemoteError(describing: error))
            } else {
                self = .nack(.failed, "\(type(of: error)): \(error)")
            }
        }
    }
}

extension Error {
    fileprivate static func matches(_ error: any Error) -> Bool { error is Self }
}

extension RemoteError {
    /// The error as its caller sees it: the name of its type, what it says.
    init(describing error: any Error) {
        if let error = error as? RemoteError {
            self = error
        } else {
            self.init(type: "\(Swift.type(of: error))", message: "\(error)")
        }
    }
}
