import Glibc
import Testing

@testable import ZeroMQ

@Suite("Contexts", .timeLimit(.minutes(1)))
struct ContextTests {
    @Test("a context can be created and ended any number of times")
    func again() throws {
        for _ in 0..<20 {
            let context = try Context()
            let socket = try Socket(.router, in: context)
            try socket.bind("tcp://127.0.0.1:*")
            socket.close()
            context.terminate()
        }
    }

    @Test("invalid limits are refused")
    func refused() {
        #expect(throws: ZMQError(code: EINVAL, function: "zmq_ctx_set")) { try Context(ioThreads: -1) }
        #expect(throws: ZMQError(code: EINVAL, function: "zmq_ctx_set")) { try Context(maxSockets: -1) }
    }

    @Test("the number of sockets is limited, and closing one makes room")
    func limit() throws {
        let context = try Context(maxSockets: 2)
        defer { context.terminate() }
        let (a, b) = (try Socket(.dealer, in: context), try Socket(.dealer, in: context))
        defer { b.close() }
        #expect(throws: ZMQError(code: EMFILE, function: "zmq_socket")) { try Socket(.dealer, in: context) }
        a.close()
        let end = ContinuousClock.now + .seconds(10)
        // A thread of the library closes sockets later.
        while true {
            if let c = try? Socket(.dealer, in: context) {
                c.close()
                break
            }
            guard ContinuousClock.now < end else {
                Issue.record("no room after 10 s")
                break
            }
        }
    }

    @Test("unsent messages don't delay the end")
    func unsent() throws {
        let context = try Context()
        // These messages are never taken: the address is bound, but its owner never accepts.
        let router = try Socket(.router, in: context)
        try router.set(.backlog, 1)
        try router.set(.receiveHighWaterMark, 1)
        try router.bind("tcp://127.0.0.1:*")
        let endpoint = try router.get(.lastEndpoint)
        let nobody = try Socket(.dealer, in: context)
        try nobody.connect("tcp://127.0.0.1:9")
        let reader = try Socket(.dealer, in: context)
        try reader.connect(endpoint)
        var sent = 0
        for socket in [nobody, reader] {
            for _ in 0..<100 {
                var message = try Message(adopting: [UInt8](repeating: 1, count: 100_000))
                if case .done = try socket.send(&message, more: false) { sent += 1 }
            }
        }
        #expect(sent == 200)
        let start = ContinuousClock.now
        for socket in [nobody, reader, router] { socket.close() }
        context.terminate()
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("an unreferenced socket is closed, so that the context can end")
    func forgotten() throws {
        let context = try Context()
        _ = try Socket(.dealer, in: context)
        context.terminate()
    }
}

@Suite("The lock")
struct LockTests {
    @Test("the lock excludes other threads")
    func counting() async {
        let lock = Lock((count: 0, isInside: false))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<10_000 {
                        lock.withLock { state in
                            if state.isInside { Issue.record("two are inside") }
                            state.isInside = true
                            state.count += 1
                            state.isInside = false
                        }
                    }
                }
            }
        }
        #expect(lock.withLock { $0.count } == 40_000)
    }
}
