import Logging
import Lymph
import LymphFleet
import LymphService
import Subprocess
import SystemPackage
import Testing

@testable import LymphCLI

@Suite(
    "The logs of Python lymph", .serialized, .timeLimit(.minutes(2)),
    .enabled(
        if: PythonService.interpreter != nil,
        "NOT TESTED AGAINST PYTHON LYMPH: LYMPH_PYTHON is not set, see Tests/Interop/setup"))
struct PythonLogTests {
    /// Python lymph's own handler and format; it keeps logging until standard input ends.
    private let publishing = """
        import logging, select, sys
        from lymph.core.trace import TraceFormatter, set_id
        from lymph.utils.logging import PubLogHandler
        handler = PubLogHandler('127.0.0.1')
        handler.setFormatter(TraceFormatter(
            '%(asctime)s [%(levelname)s] %(name)s: %(message)s - trace_id="%(trace_id)s"'))
        logger = logging.getLogger('lymph.test')
        logger.addHandler(handler)
        logger.setLevel('DEBUG')
        print(handler.endpoint, flush=True)
        set_id('abc')
        while not select.select([sys.stdin], [], [], 0.02)[0]:
            logger.debug('not this')
            logger.warning('how %s', 'nice')
        """

    /// What `lymph tail` reads with. Under Python 3 it looks up its instances by bytes, and finds them only if they are
    /// stored so.
    private let reading = """
        import sys
        from lymph.cli.tail import RemoteTail
        from lymph.core.services import ServiceInstance
        tail = RemoteTail()
        instance = ServiceInstance(endpoint='tcp://127.0.0.1:1', log_endpoint=sys.argv[1])
        tail._connect(instance)
        tail._instances[sys.argv[1].encode()] = instance
        entry = next(tail)
        print(entry.topic.decode(), entry.instance.endpoint, entry.msg.decode())
        """

    private func python(_ script: String, _ arguments: String...) throws -> (Executable, Arguments, Environment) {
        let interpreter = try #require(PythonService.interpreter)
        return (
            .path(FilePath(interpreter)), Arguments(["-c", script] + arguments),
            .custom(["PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"])
        )
    }

    @Test("tail shows what a Python service logs")
    func tail() async throws {
        let (executable, arguments, environment) = try python(publishing)
        let registry = StaticRegistry()
        let (lines, written) = AsyncStream.makeStream(of: TailedRecord.self)
        let tail = Tail([try FleetAddress("echo")], in: registry) {
            written.yield($0)
        } note: { _ in
        }
        let result = try await run(
            executable, arguments: arguments, environment: environment, input: .inputWriter, output: .sequence,
            error: .discarded
        ) { execution in
            var output = execution.standardOutput.strings().makeAsyncIterator()
            var instance = ServiceInstance(service: "echo", endpoint: try Endpoint(host: "127.0.0.1", port: 1))
            instance.logEndpoint = try await output.next()
            try await registry.register(instance)
            let line = await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await tail.run(levels: PythonLevel.info.andAbove) }
                defer { group.cancelAll() }
                var iterator = lines.makeAsyncIterator()
                return await iterator.next()
            }
            try await execution.standardInputWriter.finish()
            return line
        }
        let line = try #require(result.closureResult)
        #expect(line.publisher?.services == ["echo"])
        #expect(line.record.level == .warning)
        let parts = line.record.parts
        #expect(parts.message == "how nice" && parts.logger == "lymph.test" && parts.traceID == "abc")
        #expect(parts.time != nil)
    }

    @Test("Python's lymph tail reads what we publish")
    func read() async throws {
        let publisher = LogPublisher()
        let endpoint = try await publisher.open(ip: "127.0.0.1")
        let (executable, arguments, environment) = try python(reading, endpoint)
        async let said: Void = {
            while !publisher.isWanted(.error) { try await Task.sleep(for: .milliseconds(1)) }
            publisher.publish(.error) { "schön" }
        }()
        let result = try await run(
            executable, arguments: arguments, environment: environment, input: .none, output: .string(limit: 4096),
            error: .string(limit: 4096))
        try await said
        #expect(result.standardOutput == "ERROR tcp://127.0.0.1:1 schön\n", "\(result.standardError)")
        await publisher.close()
    }

    @Test("change-loglevel changes the level of a Python service")
    func changes() async throws {
        try await PythonService.with { address in
            let outcome = try await Tool()(
                "change-loglevel", address, "--level", "debug", "--period", "5", "--timeout", "10")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output == "\(address): every logger logs at DEBUG and above for 5.0 s\n")
        }
    }
}
