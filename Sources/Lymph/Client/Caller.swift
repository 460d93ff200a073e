public import MessagePack

/// Calls a method with arguments under any labels; see ``Proxy``.
@dynamicCallable
public struct Caller: Sendable {
    let proxy: Proxy
    /// nil: the method's name is the first, unlabelled argument.
    let method: String?

    /// Begins the call and returns its task at once: `proxy.upper.defer(text: "foo")`.
    public var `defer`: Deferrer { Deferrer(proxy: proxy, method: method) }

    /// Makes the call and decodes the result as the type that receives it.
    public func dynamicallyCall<R: Decodable & Sendable>(
        withKeywordArguments arguments: KeyValuePairs<String, any Encodable & Sendable>
    ) async throws -> R {
        let request = try CallArguments(arguments, method: method, prefix: proxy.destination.prefix)
        return try await proxy.result(of: request.method, request.body, as: R.self)
    }

    /// Makes the call; the result is the dynamic ``/MessagePack/Value`` that the method returned.
    @_disfavoredOverload
    @discardableResult
    public func dynamicallyCall(
        withKeywordArguments arguments: KeyValuePairs<String, any Encodable & Sendable>
    ) async throws -> Value {
        let request = try CallArguments(arguments, method: method, prefix: proxy.destination.prefix)
        return try await proxy.result(of: request.method, request.body, as: Value.self)
    }
}

extension Caller {
    /// Makes the call and drops its result, for calls that want none: `let _: Void = try await proxy.release(id: 1)`.
    ///
    /// - Returns: `Void`, as an empty pack: the one empty tuple that the compiler tells apart from the other results.
    @_disfavoredOverload
    public func dynamicallyCall<each Nothing: NoResult>(
        withKeywordArguments arguments: KeyValuePairs<String, any Encodable & Sendable>
    ) async throws -> (repeat each Nothing) {
        let request = try CallArguments(arguments, method: method, prefix: proxy.destination.prefix)
        try await proxy.perform(request.method, request.body)
        return (repeat (each Nothing).none())
    }
}

/// Has no conforming types, so a pack of them is always empty and a tuple of it is `Void`.
public protocol NoResult: Sendable {
    /// Never called.
    static func none() -> Self
}

/// Begins calls and returns their tasks at once; see ``Proxy/defer``.
///
/// The request is queued before the task is returned: requests leave in the order of their `defer`s. The task may be
/// ignored, awaited any number of times, or cancelled, which ends the call. It is the only unstructured task that the
/// library starts; when the client stops, it fails like any call.
@dynamicCallable
public struct Deferrer: Sendable {
    let proxy: Proxy
    let method: String?

    /// Begins the call; the task's value is decoded as the type that receives it.
    public func dynamicallyCall<R: Decodable & Sendable>(
        withKeywordArguments arguments: KeyValuePairs<String, any Encodable & Sendable>
    ) -> Task<R, any Error> {
        let caller = Caller(proxy: proxy, method: method)
        return proxy.loop.startTaskAtOnce {
            try await caller.dynamicallyCall(withKeywordArguments: arguments)
        }
    }

    /// Begins the call; the task's value is whatever the method returns.
    @_disfavoredOverload
    @discardableResult
    public func dynamicallyCall(
        withKeywordArguments arguments: KeyValuePairs<String, any Encodable & Sendable>
    ) -> Task<Value, any Error> {
        let caller = Caller(proxy: proxy, method: method)
        return proxy.loop.startTaskAtOnce {
            try await caller.dynamicallyCall(withKeywordArguments: arguments)
        }
    }
}

extension Deferrer {
    /// Begins the call; the task's value is `Void`, whatever the method returns.
    @_disfavoredOverload
    public func dynamicallyCall<each Nothing: NoResult>(
        withKeywordArguments arguments: KeyValuePairs<String, any Encodable & Sendable>
    ) -> Task<(repeat each Nothing), any Error> {
        let caller = Caller(proxy: proxy, method: method)
        return proxy.loop.startTaskAtOnce {
            try await caller.dynamicallyCall(withKeywordArguments: arguments)
        }
    }
}

/// The arguments of a call as they are sent.
struct CallArguments {
    /// `interface.method`
    let method: String
    /// A map from names to values.
    let body: [UInt8]

    /// - Throws: ``LymphError`` with code `invalidRequest`.
    init(
        _ arguments: KeyValuePairs<String, any Encodable & Sendable>, method: String?, prefix: String
    ) throws(LymphError) {
        let name: String
        let named: Int
        if let method {
            name = method
            named = 0
        } else if let first = arguments.first, first.key.isEmpty, let method = first.value as? String {
            name = method
            named = 1
        } else {
            throw LymphError(.invalidRequest, "the first argument of a call is the method's name, without a label")
        }
        self.method = prefix + name
        var writer = Writer(capacity: 64)
        writer.writeMapHeader(arguments.count - named)
        for (index, (label, value)) in arguments.enumerated().dropFirst(named) {
            guard !label.isEmpty else {
                throw LymphError(
                    .invalidRequest, "\(self.method): arguments are named; one of type \(type(of: value)) has no label")
            }
            guard !arguments[named..<index].contains(where: { $0.key == label }) else {
                throw LymphError(.invalidRequest, "\(self.method): two arguments are named \(label)")
            }
            do {
                try Headers.validate(label)
                writer.write(label)
                try writer.encode(value)
            } catch {
                throw LymphError(.invalidRequest, "\(self.method): argument \(label): \(error)", cause: error)
            }
        }
        body = writer.bytes
    }
}
