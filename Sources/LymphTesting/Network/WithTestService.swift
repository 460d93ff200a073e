public import Logging
public import Lymph

/// Tests a service in a network of its own; see ``withTestNetwork(configuration:clock:isStrict:logger:_:)``.
///
/// ```swift
/// try await withTestService(EchoService.self) { echo in
///     let text: String = try await echo.upper(text: "foo")
///     #expect(text == "FOO")
/// }
/// ```
///
/// - Parameters:
///   - type: The interface.
///   - name: The name that callers use; by default that of the type, as in ``/Lymph/InterfaceDefinition``.
///   - version: The version.
///   - settings: The configuration in the interface's context.
///   - configuration: The settings of the service and of the client.
///   - errors: Maps errors that the service declares to errors of the test's own.
///   - clock: The time.
///   - isStrict: Whether a call of something that is neither served nor mocked fails the test.
///   - logger: Where everything logs.
///   - body: The test. Gets a proxy of the service.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, what the interface's initialiser or `start()` throws, or ``TestFailure``.
public func withTestService<I: Interface, R: Sendable>(
    _ type: I.Type, as name: String? = nil, version: Version? = nil, settings: Configuration = [:],
    configuration: PeerConfiguration = .init(), errors: ErrorMap = [:], clock: TestClock = .manual,
    isStrict: Bool = true, logger: Logger = .current, _ body: (Proxy) async throws -> R
) async throws -> R {
    try await withTestService(
        .init(type, as: name, version: version, configuration: settings), configuration: configuration,
        errors: errors, clock: clock, isStrict: isStrict, logger: logger
    ) { proxy, _ in try await body(proxy) }
}

/// Tests a service in a network of its own, which the test gets, too: for mocks, calls and the clock.
///
/// - Parameters:
///   - type: The interface.
///   - name: The name that callers use; by default that of the type, as in ``/Lymph/InterfaceDefinition``.
///   - version: The version.
///   - settings: The configuration in the interface's context.
///   - configuration: The settings of the service and of the client.
///   - errors: Maps errors that the service declares to errors of the test's own.
///   - clock: The time.
///   - isStrict: Whether a call of something that is neither served nor mocked fails the test.
///   - logger: Where everything logs.
///   - body: The test. Gets a proxy of the service, and the network.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, what the interface's initialiser or `start()` throws, or ``TestFailure``.
public func withTestService<I: Interface, R: Sendable>(
    _ type: I.Type, as name: String? = nil, version: Version? = nil, settings: Configuration = [:],
    configuration: PeerConfiguration = .init(), errors: ErrorMap = [:], clock: TestClock = .manual,
    isStrict: Bool = true, logger: Logger = .current, _ body: (Proxy, TestNetwork) async throws -> R
) async throws -> R {
    try await withTestService(
        .init(type, as: name, version: version, configuration: settings), configuration: configuration,
        errors: errors, clock: clock, isStrict: isStrict, logger: logger, body)
}

/// Tests a service that a closure makes, so that it can be given what it needs.
///
/// ```swift
/// let definition = InterfaceDefinition(as: "orders") { context in
///     try OrdersService(context: context, database: database)
/// }
/// try await withTestService(definition) { orders in … }
/// ```
///
/// - Parameters:
///   - interface: The interface.
///   - configuration: The settings of the service and of the client.
///   - errors: Maps errors that the service declares to errors of the test's own.
///   - clock: The time.
///   - isStrict: Whether a call of something that is neither served nor mocked fails the test.
///   - logger: Where everything logs.
///   - body: The test. Gets a proxy of the service.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, what the interface's initialiser or `start()` throws, or ``TestFailure``.
public func withTestService<R: Sendable>(
    _ interface: InterfaceDefinition, configuration: PeerConfiguration = .init(), errors: ErrorMap = [:],
    clock: TestClock = .manual, isStrict: Bool = true, logger: Logger = .current,
    _ body: (Proxy) async throws -> R
) async throws -> R {
    try await withTestService(
        interface, configuration: configuration, errors: errors, clock: clock, isStrict: isStrict, logger: logger
    ) { proxy, _ in try await body(proxy) }
}

/// Tests a service that a closure makes, in a network that the test gets, too.
///
/// - Parameters:
///   - interface: The interface.
///   - configuration: The settings of the service and of the client.
///   - errors: Maps errors that the service declares to errors of the test's own.
///   - clock: The time.
///   - isStrict: Whether a call of something that is neither served nor mocked fails the test.
///   - logger: Where everything logs.
///   - body: The test. Gets a proxy of the service, and the network.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, what the interface's initialiser or `start()` throws, or ``TestFailure``.
public func withTestService<R: Sendable>(
    _ interface: InterfaceDefinition, configuration: PeerConfiguration = .init(), errors: ErrorMap = [:],
    clock: TestClock = .manual, isStrict: Bool = true, logger: Logger = .current,
    _ body: (Proxy, TestNetwork) async throws -> R
) async throws -> R {
    try await withTestNetwork(configuration: configuration, clock: clock, isStrict: isStrict, logger: logger) {
        network in
        try await network.serve(interface)
        return try await body(network.proxy(interface.name, errors: errors), network)
    }
}
