import CZeroMQ
import Glibc
import Testing

@testable import ZeroMQ

@Suite("Errors of the library")
struct ZMQErrorTests {
    @Test("the description of an error has the function, the subject and the reason")
    func description() {
        #expect(ZMQError(code: EINVAL, function: "zmq_poll").description == "zmq_poll: Invalid argument")
        #expect(
            ZMQError(code: EADDRINUSE, function: "zmq_bind", subject: "tcp://127.0.0.1:9").description
                == "zmq_bind tcp://127.0.0.1:9: Address already in use")
        // The library's own codes have messages, too.
        #expect(ZMQError(code: ETERM, function: "f").description == "f: Context was terminated")
        #expect(
            ZMQError(code: EFSM, function: "f").description
                == "f: Operation cannot be accomplished in current state")
        #expect(ZMQError(code: 99_999, function: "f").description == "f: Unknown error 99999")
    }

    @Test("errors are equal in code, function and subject")
    func equality() {
        let error = ZMQError(code: EINVAL, function: "f", subject: "s")
        #expect(error == ZMQError(code: EINVAL, function: "f", subject: "s"))
        #expect(error.hashValue == ZMQError(code: EINVAL, function: "f", subject: "s").hashValue)
        #expect(error != ZMQError(code: EAGAIN, function: "f", subject: "s"))
        #expect(error != ZMQError(code: EINVAL, function: "g", subject: "s"))
        #expect(error != ZMQError(code: EINVAL, function: "f"))
        #expect(!error.isAddressInUse)
        #expect(ZMQError(code: EADDRINUSE, function: "f").isAddressInUse)
    }

    /// A C function that fails a given number of times with an error number, then returns.
    private final class Function {
        private var codes: [Int32]
        private let result: Int32
        private(set) var calls = 0

        init(failing codes: Int32..., then result: Int32) {
            self.codes = codes
            self.result = result
        }

        func call() -> Int32 {
            calls += 1
            guard !codes.isEmpty else { return result }
            errno = codes.removeFirst()
            return -1
        }
    }

    @Test("a call that a signal interrupts is repeated")
    func interrupted() throws {
        let checked = Function(failing: EINTR, EINTR, EINTR, then: 5)
        #expect(try check("f") { checked.call() } == 5)
        #expect(checked.calls == 4)
        let attempted = Function(failing: EINTR, EINTR, then: 0)
        #expect(try attempt("f") { attempted.call() } == .done)
        #expect(attempted.calls == 3)
    }

    @Test("a call that would block is not a failure where that is expected")
    func wouldBlock() throws {
        let attempted = Function(failing: EINTR, EAGAIN, then: 0)
        #expect(try attempt("f") { attempted.call() } == .wouldBlock)
        #expect(attempted.calls == 2)
        let checked = Function(failing: EAGAIN, then: 0)
        #expect(throws: ZMQError(code: EAGAIN, function: "f", subject: "s")) { try check("f", "s") { checked.call() } }
        #expect(checked.calls == 1)
    }

    @Test("any other failure is an error after one call")
    func failing() {
        let checked = Function(failing: EINVAL, then: 0)
        #expect(throws: ZMQError(code: EINVAL, function: "f", subject: "s")) { try check("f", "s") { checked.call() } }
        #expect(checked.calls == 1)
        let attempted = Function(failing: EHOSTUNREACH, then: 0)
        #expect(throws: ZMQError(code: EHOSTUNREACH, function: "g")) { try attempt("g") { attempted.call() } }
        #expect(attempted.calls == 1)
    }
}
