public import MessagePack

/// The methods of a remote interface.
///
/// ```swift
/// let echo = client.proxy("echo", timeout: .seconds(2))
/// let text: String = try await echo.call("upper", text: "foo")   // typed by what receives it
/// let same: String = try await echo.upper(text: "foo")           // the same call
/// let any = try await echo.call("upper", text: "foo")            // a Value when nothing asks for a type
/// let later = echo.defer("upper", text: "foo")                   // a task, at once
/// ```
///
/// A proxy is a value without a connection of its own: making one costs nothing, and it can be kept and shared.
///
/// A call throws ``RemoteError`` (or what the `errors:` map makes of it) for an error that the method declares,
/// ``LymphError`` for everything else, and `CancellationError` as soon as its task is cancelled.
@dynamicMemberLookup
public struct Proxy: Sendable {
    let client: Client
    let destination: Destination
    let errors: ErrorMap
    /// What the proxy was made with.
    let defaults: CallOptions
    /// What ``with(timeout:headers:waitForReady:idempotent:)`` said.
    var overrides = CallOptions()

    /// Calls a method by its name: `proxy.call("upper", text: "foo")`. All labels are arguments of the method.
    public var call: Caller { Caller(proxy: self, method: nil) }

    /// Begins a call and returns its task at once: `proxy.defer("upper", text: "foo")`.
    public var `defer`: Deferrer { Deferrer(proxy: self, method: nil) }

    /// A method as a member: `proxy.upper(text: "foo")`, `proxy.upper.defer(text: "foo")`.
    ///
    /// Methods that are named like a member of this type need ``call``.
    public subscript(dynamicMember method: String) -> Caller { Caller(proxy: self, method: method) }

    /// The same proxy with other options; they win over those of
    /// ``withCallOptions(timeout:headers:waitForReady:idempotent:_:)``.
    public func with(
        timeout: Duration? = nil, headers: [String: Value] = [:], waitForReady: Bool? = nil, idempotent: Bool? = nil
    ) -> Proxy {
        var proxy = self
        let options = CallOptions(
            timeout: timeout, headers: headers, waitForReady: waitForReady, idempotent: idempotent)
        proxy.overrides = options.over(overrides)
        return proxy
    }

    /// Makes a call and decodes its result.
    func result<R: Decodable>(of method: String, _ body: [UInt8], as type: R.Type) async throws -> R {
        let options = overrides.over(CallOptions.current).over(defaults)
        let reply: Message
        do {
            reply = try await client.call(destination, method, body: body, options: options)
        } catch let error as RemoteError {
            throw errors.map(error)
        }
        do {
            return try reply.decode(type)
        } catch {
            throw LymphError(
                .invalidReply, "\(method): the result can't be read as \(type): \(error)", execution: .executed,
                cause: error)
        }
    }
}
