import Glibc
import Testing

@testable import ZeroMQ

/// An actor that runs on its own thread.
private actor Listener {
    nonisolated let thread: EventThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
    private(set) var count = 0
    private let onEnd: @Sendable () -> Void

    init(_ thread: EventThread, onEnd: @escaping @Sendable () -> Void = {}) {
        self.thread = thread
        self.onEnd = onEnd
    }

    deinit {
        thread.stop()
        onEnd()
    }

    func add() {
        #expect(thread.isCurrent)
        count += 1
    }

    nonisolated func addLater() { thread.execute { self.assumeIsolated { $0.add() } } }
}

/// A pipe whose reading end belongs to its watcher.
private final class Pipe: Sendable {
    let reading: Int32
    private let writing: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        try #require(socketpair(AF_UNIX, Int32(kind), 0, &ends) == 0)
        (reading, writing) = (ends[0], ends[1])
    }

    deinit { close(writing) }

    func send(_ byte: UInt8 = 1) {
        var byte = byte
        write(writing, &byte, 1)
    }

    /// Reads everything available.
    func receive() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = read(reading, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }

    /// Whether the reading end is closed.
    var isBroken: Bool {
        var state = pollfd(fd: writing, events: Int16(POLLOUT), revents: 0)
        poll(&state, 1, 0)
        return state.revents & Int16(POLLHUP) != 0
    }
}

/// How many threads of this process have a given name.
func threadCount(named name: String) -> Int {
    guard let directory = opendir("/proc/self/task") else { return 0 }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
        let task = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        var text = [UInt8](repeating: 0, count: 64)
        let file = open("/proc/self/task/\(task)/comm", O_RDONLY | O_CLOEXEC)
        let length = max(0, read(file, &text, text.count))
        close(file)
        if String(decoding: text.prefix(length), as: UTF8.self) == name + "\n" { count += 1 }
    }
    return count
}

@Suite("Event thread", .timeLimit(.minutes(1)))
struct EventThreadTests {
    private func run<R: Sendable>(on thread: EventThread, _ body: @escaping @Sendable () -> R) async -> R {
        await withCheckedContinuation { continuation in thread.execute { continuation.resume(returning: body()) } }
    }

    @Test("an actor's methods run on the thread, in order with other jobs")
    func actor() async {
        let listener = Listener(EventThread(name: "event actor"))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<500 {
                        await listener.add()
                        listener.addLater()
                    }
                }
            }
        }
        await listener.add()
        #expect(await listener.count == 4001)
    }

    @Test("jobs run in order, and can tell that they run on the thread")
    func order() async {
        let (thread, other) = (EventThread(name: "event order"), EventThread(name: "event other"))
        defer {
            thread.stop()
            other.stop()
        }
        let seen = Lock<[Int]>([])
        for number in 0..<1000 { thread.execute { seen.withLock { $0.append(number) } } }
        #expect(await run(on: thread) { thread.isCurrent && thread.isIsolatingCurrentContext() == true })
        #expect(await run(on: other) { !thread.isCurrent && thread.isIsolatingCurrentContext() == false })
        #expect(!thread.isCurrent)
        #expect(seen.withLock(\.self) == Array(0..<1000))
    }

    @Test("no thread exists before the first use, nor if it is stopped before")
    func unused() async {
        let (unused, stopped) = (EventThread(name: "event unused"), EventThread(name: "event unused"))
        stopped.stop()
        let used = EventThread(name: "event used")
        await run(on: used) {}
        // A thread that was started earlier would have its name by now.
        #expect(threadCount(named: "event used") == 1)
        #expect(threadCount(named: "event unused") == 0)
        used.stop()
        while threadCount(named: "event used") > 0, !Task.isCancelled { await Task.yield() }
        withExtendedLifetime((unused, stopped)) {}
    }

    @Test("the thread ends with its actor, even while it waits, and if the actor ends on it")
    func end() async {
        for isOnThread in [false, true] {
            let thread = EventThread(name: "event end")
            await run(on: thread) {}
            #expect(threadCount(named: "event end") == 1)
            await withCheckedContinuation { continuation in
                let listener = Listener(thread) { continuation.resume() }
                if isOnThread { listener.addLater() }
            }
            while threadCount(named: "event end") > 0, !Task.isCancelled { await Task.yield() }
        }
    }

    @Test("a finished job keeps nothing alive while the thread waits")
    func letsGo() async {
        let thread = EventThread(name: "event letting go")
        defer { thread.stop() }
        await withCheckedContinuation { continuation in
            final class Witness: Sendable {
                let onEnd: @Sendable () -> Void
                init(_ onEnd: @escaping @Sendable () -> Void) { self.onEnd = onEnd }
                deinit { onEnd() }
            }
            let witness = Witness { continuation.resume() }
            thread.execute { withExtendedLifetime(witness) {} }
        }
    }

    @Test("timers fire in order and on time, even one that is set while the thread waits for a later one")
    func timers() async {
        let thread = EventThread(name: "event timers")
        defer { thread.stop() }
        thread.after(.seconds(3600)) { Issue.record("an hour has not passed") }
        let seen = Lock<[Int]>([])
        let start = thread.now
        await withCheckedContinuation { continuation in
            for milliseconds in [20, 0, 5, -1] {
                thread.after(.milliseconds(milliseconds)) {
                    #expect(thread.isCurrent)
                    #expect(thread.now >= start + .milliseconds(milliseconds))
                    seen.withLock { $0.append(milliseconds) }
                    if milliseconds == 20 { continuation.resume() }
                }
            }
        }
        #expect(seen.withLock { $0.suffix(2) } == [5, 20])
        #expect(seen.withLock { Set($0) } == [-1, 0, 5, 20])
    }

    @Test("a timer that is pending when the thread ends never fires, and keeps nothing alive")
    func timerOfTheDead() async {
        let thread = EventThread(name: "event dead timer")
        await withCheckedContinuation { continuation in
            let listener = Listener(EventThread(name: "event keeper")) { continuation.resume() }
            thread.after(.seconds(3600)) { listener.addLater() }
            thread.execute { thread.stop() }
        }
    }

    @Test("a watcher of a descriptor is called for as long as there is something to read")
    func watch() async throws {
        let thread = EventThread(name: "event watch")
        defer { thread.stop() }
        let pipe = try Pipe()
        let (bytes, received) = AsyncStream<UInt8>.makeStream()
        let (calls, called) = AsyncStream<Void>.makeStream()
        let isReading = Lock(false)
        let watch = try thread.watch(pipe.reading) {
            #expect(thread.isCurrent)
            called.yield()
            if isReading.withLock(\.self) { for byte in pipe.receive() { received.yield(byte) } }
        }
        #expect(watch.descriptor == pipe.reading)
        pipe.send(7)
        // It is level-triggered: unread input is reported again.
        var number = 0
        for await _ in calls {
            number += 1
            if number == 3 { break }
        }
        isReading.withLock { $0 = true }
        var iterator = bytes.makeAsyncIterator()
        #expect(await iterator.next() == 7)
        pipe.send(8)
        #expect(await iterator.next() == 8)
        withExtendedLifetime(watch) {}
    }

    @Test("an ended watch is not called, and its descriptor is closed")
    func ended() async throws {
        let thread = EventThread(name: "event ended")
        defer { thread.stop() }
        let (pipes, calls) = (try (0..<2).map { _ in try Pipe() }, Lock(0))
        let watches = Lock<[EventThread.Watch]>([])
        for pipe in pipes {
            let watch = try thread.watch(pipe.reading) {
                // The first one called ends both, although the other is ready, too.
                calls.withLock { $0 += 1 }
                let ended = watches.withLock { watches in
                    defer { watches = [] }
                    return watches
                }
                withExtendedLifetime(ended) {}
            }
            watches.withLock { $0.append(watch) }
        }
        await run(on: thread) { for pipe in pipes { pipe.send() } }
        while !pipes.allSatisfy(\.isBroken), !Task.isCancelled { await Task.yield() }
        #expect(calls.withLock(\.self) == 1)
    }

    @Test("a watch that outlives the thread keeps its descriptor")
    func outlived() async throws {
        let pipe = try Pipe()
        var watch: EventThread.Watch?
        do {
            let thread = EventThread(name: "event outlived")
            watch = try thread.watch(pipe.reading) {}
            await run(on: thread) { thread.stop() }
        }
        while threadCount(named: "event outlived") > 0, !Task.isCancelled { await Task.yield() }
        #expect(!pipe.isBroken)
        withExtendedLifetime(watch) {}
        watch = nil
        while !pipe.isBroken, !Task.isCancelled { await Task.yield() }
    }

    @Test("jobs are not delayed by descriptors that are always ready, nor by timers")
    func fairness() async throws {
        let thread = EventThread(name: "event fairness")
        defer { thread.stop() }
        let pipe = try Pipe()
        let (calls, ticks) = (Lock(0), Lock(0))
        let watch = try thread.watch(pipe.reading) { calls.withLock { $0 += 1 } }
        pipe.send()
        @Sendable func tick() {
            ticks.withLock { $0 += 1 }
            thread.after(.zero, tick)
        }
        tick()
        for number in 0..<1000 { #expect(await run(on: thread) { number } == number) }
        #expect(calls.withLock(\.self) > 10 && ticks.withLock(\.self) > 10)
        withExtendedLifetime(watch) {}
    }

    @Test("without a descriptor for wake-ups the thread still works, but watches nothing")
    func noDescriptors() async {
        await #expect(processExitsWith: .exitCode(7)) {
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            limit.rlim_cur = 3
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let thread = EventThread(name: "event poor")
            do throws(ZMQError) {
                _ = try thread.watch(0) {}
                exit(1)
            } catch {
                guard error.isOutOfDescriptors else { exit(2) }
            }
            let number = await withCheckedContinuation { continuation in
                thread.execute { thread.after(.milliseconds(1)) { continuation.resume(returning: Int32(7)) } }
            }
            exit(number)
        }
    }
}
