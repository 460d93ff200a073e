import Testing

@testable import Lymph

@Suite("Calls while the services of a fleet start")
struct CallsStartupTests {
    private static let unknown = RegistryError(.lookupFailure, "not there")

    @Test("a call waits for a service that nobody has registered, without another look-up")
    func wait() {
        let bench = CallBench(isStarting: true)
        let call = bench.begin()
        let other = bench.begin(.service("other", nil))
        #expect(bench.lookupFailed(mayCome: true) == true)
        #expect(bench.lookupFailed(mayCome: true) == true)
        let next = bench.begin()
        #expect(bench.end(of: call) == nil && bench.end(of: next) == nil)
        #expect(bench.lookups == ["echo", "other"])
        bench.connect(1)
        bench.list(1)
        for call in [call, next] { #expect(bench.peers(of: call) == [.number(1)]) }
        #expect(bench.peers(of: other) == [])
    }

    @Test("at the end of the time it fails as it would have at first; one that waits for ready goes on waiting")
    func end() {
        let bench = CallBench(isStarting: true)
        let (call, patient) = (bench.begin(), bench.begin(waits: true))
        #expect(bench.lookupFailed(mayCome: true) == true)
        bench.endStartup()
        #expect(bench.error(of: call) == LymphError(.lookupFailure, "not there"))
        #expect(bench.end(of: patient) == nil)
        // A later one gets the result of the look-up in progress.
        let late = bench.begin()
        #expect(bench.lookupFailed(mayCome: true) == true)
        #expect(bench.end(of: late) == "lookupFailure")
        bench.connect(1)
        bench.list(1)
        #expect(bench.peers(of: patient) == [.number(1)])
    }

    @Test("a call whose registry has not answered at the end of the time gets its answer")
    func lateAnswer() {
        let bench = CallBench(isStarting: true)
        let (call, other) = (bench.begin(), bench.begin(.service("other", nil)))
        bench.endStartup()
        #expect(bench.end(of: call) == nil)
        #expect(bench.lookupFailed(mayCome: true) == false)
        #expect(bench.end(of: call) == "lookupFailure")
        bench.connect(1)
        bench.list([.number(1, of: "other")], of: "other")
        #expect(bench.peers(of: other) == [.number(1)])
    }

    @Test("its own timeout ends it earlier, and the error says what it was waiting for")
    func timeout() {
        let bench = CallBench(isStarting: true)
        let call = bench.begin(timeout: 2)
        #expect(bench.lookupFailed(mayCome: true, cause: Self.unknown) == true)
        bench.advance(to: 2)
        #expect(
            bench.error(of: call)
                == LymphError(
                    .lookupFailure, "echo.upper: nobody has registered echo within 2.0 seconds: not there",
                    cause: Self.unknown))
        // Nobody is left for whom the registry would have to be asked again.
        #expect(bench.lookupFailed(mayCome: true) == false)
        #expect(bench.isClean())
    }

    @Test("a registry that fails ends the call at once")
    func failingRegistry() {
        let bench = CallBench(isStarting: true)
        let (call, later) = (bench.begin(), bench.begin(.service("later", nil)))
        #expect(bench.lookupFailed(mayCome: false) == false)
        #expect(bench.end(of: call) == "lookupFailure")
        // And also one that has waited before.
        #expect(bench.lookupFailed("later", mayCome: true) == true)
        #expect(bench.lookupFailed("later", mayCome: false) == false)
        #expect(bench.end(of: later) == "lookupFailure")
    }

    @Test("a service that the registry knows, but that has no instance yet, is waited for in the same way")
    func empty() {
        let bench = CallBench(isStarting: true)
        bench.list([])
        let (call, brief) = (bench.begin(), bench.begin(timeout: 2))
        bench.list([])
        bench.advance(to: 2)
        #expect(
            bench.error(of: brief)
                == LymphError(.lookupFailure, "echo.upper: nobody has registered echo within 2.0 seconds"))
        bench.connect(1)
        bench.list(1)
        #expect(bench.end(of: brief) == "lookupFailure")
        #expect(bench.peers(of: call) == [.number(1)])
        #expect(bench.lookups == [])
    }

    @Test("a service without instances at the end of the time is an error as it would have been at first")
    func emptyEnd() {
        let bench = CallBench(isStarting: true)
        bench.list([])
        let (call, patient) = (bench.begin(), bench.begin(waits: true))
        bench.endStartup()
        let error = LymphError(.notConnected, "echo.upper: no instance of echo is running")
        #expect(bench.error(of: call) == error)
        #expect(bench.error(of: bench.begin()) == error)
        #expect(bench.end(of: patient) == nil)
    }

    @Test("a service that was registered and has left is not waited for")
    func left() {
        let bench = CallBench(isStarting: true)
        bench.list(1)
        bench.list([])
        #expect(bench.error(of: bench.begin())?.message == "echo.upper: no instance of echo is running")
    }

    @Test("calls made before the start wait, too", arguments: [true, false])
    func before(isStarting: Bool) {
        let bench = CallBench(isOpen: false, isStarting: isStarting)
        let call = bench.begin()
        bench.openCalls()
        #expect(bench.lookupFailed(mayCome: true) == isStarting)
        #expect(bench.end(of: call) == (isStarting ? nil : "lookupFailure"))
    }

    @Test("a waiting call can be cancelled, and is ended by a shutdown", arguments: [true, false])
    func endings(isCancelled: Bool) {
        let bench = CallBench(isStarting: true)
        let call = bench.begin()
        #expect(bench.lookupFailed(mayCome: true) == true)
        if isCancelled { bench.cancel(call) } else { bench.stop(LymphError(.stopped, "over")) }
        #expect(bench.end(of: call) == (isCancelled ? "cancelled" : "stopped"))
        bench.endStartup()
        #expect(bench.isClean())
    }
}
