import Logging
import Lymph
import MessagePack
import Testing

/// What the tests of a suite share: a process of Python lymph, a client, and a Swift service that Python calls.
struct Python: Sendable {
    let peer: PythonPeer
    let client: Client
    private let container: ServiceContainer
    /// Where the container with the ``SwiftService`` is.
    let service: Endpoint
    private let registry: StaticRegistry

    @TaskLocal static var current: Python?

    /// The one that belongs to the running suite.
    ///
    /// - Throws: If the suite lacks the trait `.python`.
    static func shared() throws -> Python { try #require(current, "the suite needs the trait .python") }

    /// Most of these tests are about requests that fail, which containers log.
    static let quiet = Logger(label: "interop") { _ in SwiftLogNoOpLogHandler() }

    /// Sets everything up, runs `body`, and takes everything down.
    static func with(_ body: (Python) async throws -> Void) async throws {
        let registry = StaticRegistry()
        let container = try ServiceContainer(
            interfaces: [
                .init(SwiftService.self, as: "swift"),
                .init(VersionedService.self, as: "versioned", version: "1.5.0"),
                .init(VersionedService.self, as: "versioned", version: "2.0.0"),
            ], registry: registry, configuration: .init(drainDelay: .zero), logger: quiet)
        try await withServiceContainer(container) { service in
            try await withClient(Client(registry: registry, logger: quiet)) { client in
                let peer = try await PythonPeer.start(askedBy: client)
                let python = Python(
                    peer: peer, client: client, container: container, service: service, registry: registry)
                try await PythonPeer.ending(peer) {
                    try await registry.register(.init(service: "echo", endpoint: peer.endpoint))
                    try await body(python)
                }
            }
        }
    }

    /// The service that is written in Python.
    var echo: Proxy { proxy("echo") }

    /// The Python service that calls others.
    var caller: Proxy { proxy("caller") }

    func proxy(_ interface: String) -> Proxy {
        client.proxy(peer.endpoint.description, interface: interface, timeout: .seconds(10))
    }

    /// Makes Python known to the client by the names of its services with versions.
    func registerVersions() async throws {
        for version: Version in ["1.5.0", "2.0.0"] {
            try await registry.register(
                .init(service: "versioned", endpoint: peer.endpoint, version: version, id: version.description))
        }
    }

    /// How many messages the Swift service dropped for a reason.
    func dropped(_ reason: DropReason) async -> Int {
        await container.client.poller.statistics.dropped(reason)
    }

    /// What Python sees when it calls the Swift service, or another one.
    func call(
        to endpoint: Endpoint? = nil, _ subject: String, _ body: Value = [:], version: String? = nil,
        timeout: Double = 5
    ) async throws -> Outcome {
        try await caller.call(
            "call", address: endpoint ?? service, subject: subject, body: body, version: version, timeout: timeout)
    }

    /// Every answer that Python gets to a request made of any bytes.
    func exchange(
        _ subject: String, body: [UInt8] = [0x80], headers: [UInt8] = [0x80], id: String? = nil, times: Int = 1
    ) async throws -> [Answer] {
        try await caller.call(
            "exchange", address: service, subject: subject, body: Value.binary(body), headers: Value.binary(headers),
            message_id: id, times: times)
    }
}

/// What Python sees when a call ends: a result or an exception.
struct Outcome: Decodable, Sendable, Equatable {
    var value: Value?
    /// The name of the result's type in Python.
    var type: String?
    /// The result as Python prints it.
    var repr: String?
    /// The name of the exception's class.
    var exception: String?
    var isRemote: Bool?
    var message: String?
    /// Whether the value that Python sent came back.
    var isSame: Bool?

    enum CodingKeys: String, CodingKey {
        case value, type, repr, exception, message
        case isRemote = "is_remote"
        case isSame = "is_same"
    }

    static let nack = Outcome(exception: "Nack", isRemote: false, message: "")
    static let timeout = Outcome(exception: "Timeout", isRemote: false, message: "")

    static func error(_ type: String, _ message: String) -> Outcome {
        Outcome(exception: type, isRemote: true, message: message)
    }
}

/// An answer as Python received it.
struct Answer: Decodable, Sendable {
    let kind: String
    let body: Value
    let headers: Value
}

/// Starts what the tests of a suite share, and adds Python's log to failures.
struct PythonTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        try await Python.with { python in
            try await Python.$current.withValue(python) { try await function() }
        }
    }
}

extension Trait where Self == PythonTrait {
    /// One process of Python lymph for all tests of the suite.
    static var python: Self { .init() }
}

extension Trait where Self == IssueHandlingTrait {
    /// Adds the end of Python's log to every failure.
    static var pythonLog: Self {
        .compactMapIssues { issue in
            // This is called for the test and again for its suite.
            let title = "Python's log ends with:\n"
            guard let python = Python.current, !issue.comments.contains(where: { $0.rawValue.hasPrefix(title) }) else {
                return issue
            }
            var issue = issue
            issue.comments.append("\(title)\(python.peer.log())")
            return issue
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips tests that need Python if it is not installed.
    static var needsPython: Self {
        .enabled(
            if: PythonPeer.interpreter != nil,
            "NOT TESTED AGAINST PYTHON LYMPH: LYMPH_PYTHON is not set, see Tests/Interop/setup")
    }
}
