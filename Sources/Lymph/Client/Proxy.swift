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
/// A proxy is a value without a connection of its own: creating one costs nothing, and it can be kept and shared.
///
/// A call throws ``RemoteError`` (or what the `errors:` map makes of it) for an error that the method declares,
/// `CancellationError` as soon as its task is cancelled, and ``LymphError`` for everything else.
@dynamicMemberLookup
public struct Proxy: Sendable {
    // One object, because it is copied for every call.
    private final class Storage: Sendable {
        let client: Client
        /// A mistake in the address is reported by the calls.
        let destination: Result<Destination, LymphError>
        let errors: ErrorMap
        let defaults: CallOptions
        let overrides: CallOptions
        /// The options in effect outside of any `withCallOptions` scope.
        let options: CallOptions

        init(
            _ client: Client, _ destination: Result<Destination, LymphError>, _ errors: ErrorMap,
            defaults: CallOptions, overrides: CallOptions
        ) {
            self.client = client
            self.destination = destination
            self.errors = errors
            self.defaults = defaults
            self.overrides = overrides
            options = overrides.over(defaults)
        }
    }

    private let storage: Storage

    /// What is called.
    var destination: Destination {
        get throws(LymphError) { try storage.destination.get() }
    }
    var loop: any EventLoop { storage.client.poller.loop }
    /// The options that the proxy was created with.
    var defaults: CallOptions { storage.defaults }
    /// The options set by ``with(timeout:headers:waitForReady:idempotent:inheritsDeadline:hedge:)``.
    var overrides: CallOptions { storage.overrides }

    init(
        client: Client, destination: Result<Destination, LymphError>, errors: ErrorMap, defaults: CallOptions,
        overrides: CallOptions = CallOptions()
    ) {
        storage = Storage(client, destination, errors, defaults: defaults, overrides: overrides)
    }

    /// Calls a method by its name: `proxy.call("upper", text: "foo")`. All labels are arguments of the method.
    public var call: Caller { Caller(proxy: self, method: nil) }

    /// Begins a call and returns its task at once: `proxy.defer("upper", text: "foo")`.
    public var `defer`: Deferrer { Deferrer(proxy: self, method: nil) }

    /// A method as a member: `proxy.upper(text: "foo")`, `proxy.upper.defer(text: "foo")`.
    ///
    /// Methods whose names collide with a member of this type need ``call``.
    public subscript(dynamicMember method: String) -> Caller { Caller(proxy: self, method: method) }

    /// The same proxy with other options, which take precedence over those of
    /// ``withCallOptions(timeout:headers:waitForReady:idempotent:inheritsDeadline:hedge:_:)``.
    public func with(
        timeout: Duration? = nil, headers: [String: Value] = [:], waitForReady: Bool? = nil, idempotent: Bool? = nil,
        inheritsDeadline: Bool? = nil, hedge: Hedging? = nil
    ) -> Proxy {
        let options = CallOptions(
            timeout: timeout, headers: headers, waitForReady: waitForReady, idempotent: idempotent,
            inheritsDeadline: inheritsDeadline, hedge: hedge)
        return Proxy(
            client: storage.client, destination: storage.destination, errors: storage.errors,
            defaults: storage.defaults, overrides: options.over(storage.overrides))
    }

    /// Makes a call and decodes its result.
    func result<R: Decodable>(of method: String, _ body: [UInt8], as type: R.Type) async throws -> R {
        let reply = try await perform(method, body)
        do {
            return try reply.decode(type)
        } catch {
            let why = reply.kind == .ack ? "the method has only acknowledged the request" : "\(error)"
            throw LymphError(
                .invalidReply, "\(method): the result can't be read as \(type): \(why)", execution: .executed,
                cause: error)
        }
    }

    /// Makes a call.
    @discardableResult
    func perform(_ method: String, _ body: [UInt8]) async throws -> Message {
        let options = CallOptions.current.map { overrides.over($0).over(defaults) } ?? storage.options
        do {
            return try await storage.client.call(try destination.target, method, body: body, options: options)
        } catch let error as RemoteError {
            throw storage.errors.map(error)
        }
    }
}
