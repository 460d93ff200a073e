public import Logging
public import Lymph

/// Runs a test in a network of its own, in memory and in the time of a clock that the test controls.
///
/// ```swift
/// try await withTestNetwork { network in
///     try await network.mock("inventory.take", .returns(true))
///     try await network.serve(.init(OrdersService.self, as: "orders"))
///     let order: Order = try await network.proxy("orders").place(lines: lines)
/// }
/// ```
///
/// `body`, its child tasks, the services and their actors run one piece at a time, in an order that is the same every
/// time. What is bound to another executor, such as the main actor, runs there.
///
/// When `body` has returned, the test fails if a call has not ended, a method has not returned, or a service does not
/// stop.
///
/// - Parameters:
///   - configuration: The settings of all services and of the client, except the transport and the port. Calls don't
///     wait for services that aren't there yet (``/Lymph/PeerConfiguration/startupGrace``).
///   - clock: The time: ``TestClock/manual`` or ``TestClock/automatic``.
///   - isStrict: Whether a call of something that is neither served nor mocked fails the test, even if the caller
///     handles the error.
///   - logger: Where everything logs.
///   - body: The test.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, or ``TestFailure``.
public func withTestNetwork<R: Sendable>(
    configuration: PeerConfiguration = .init(), clock: TestClock = .manual, isStrict: Bool = true,
    logger: Logger = .current, _ body: (TestNetwork) async throws -> R
) async throws -> R {
    let network = TestNetwork(configuration: configuration, clock: clock, isStrict: isStrict, logger: logger)
    return try await run(body, in: network)
}

/// Runs a test in a network.
///
/// - Parameter patience: How long nothing may happen, in real time.
func run<R: Sendable>(
    _ body: (TestNetwork) async throws -> R, in network: TestNetwork, patience: Duration = .seconds(30),
    isolation: isolated (any Actor)? = #isolation
) async throws -> R {
    let clock = network.clock
    try clock.claim()
    // Not a child task, because it has to go on when the test is cancelled: services are stopped then.
    let isReady = ShutdownSignal()
    let driver = Task.detached {
        await isReady.wait()
        await clock.drive()
    }
    defer {
        clock.release()
        driver.cancel()
    }
    network.start()
    let (result, stall) = await withoutActuallyEscaping(body) { body in
        // Keeps the closure on the caller's actor.
        _ = isolation
        let test = Test(body: body)
        return await withTaskGroup(of: Finding<R>.self) { group in
            group.addTask(executorPreference: clock.scheduler.executor) {
                .end(await Result(catching: { try await call(test.body, network, on: isolation) }))
            }
            // Not earlier: what comes first would depend on threads.
            isReady.trigger()
            group.addTask { .stall(await Watchdog(network: network, patience: patience).watch()) }
            var (result, stall) = (Result<R, any Error>.failure(CancellationError()), String?.none)
            for await finding in group {
                switch finding {
                case .end(let end): result = end
                case .stall(let text):
                    stall = text
                    // A test that ignores its cancellation would end without a word.
                    if let text { network.report(text) }
                }
                group.cancelAll()
            }
            return (result, stall)
        }
    }
    // In a task of its own, because it has to wait for the services even if this one is cancelled.
    return try await Task { try await network.end(result, stall, patience: patience) }.value
}

private struct Test<R>: @unchecked Sendable {  // Its child task ends before the caller goes on, and calls it there.
    let body: (TestNetwork) async throws -> R
}

private enum Finding<R: Sendable>: Sendable {
    case end(Result<R, any Error>)
    case stall(String?)
}

/// Calls the test on the actor to which it belongs.
private func call<R>(
    _ body: (TestNetwork) async throws -> R, _ network: TestNetwork, on actor: isolated (any Actor)?
) async throws -> R {
    try await body(network)
}
