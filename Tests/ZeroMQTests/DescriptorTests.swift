import Glibc
import Testing

@testable import ZeroMQ

@Suite("Descriptors")
struct DescriptorTests {
    @Test("available descriptors are found, and left as they were")
    func enough() throws {
        for _ in 0..<100 { try Descriptors.require(64, for: "test") }
    }

    @Test("more descriptors than allowed are refused, and the error names the limit")
    func tooMany() {
        let error = #expect(throws: ZMQError.self) { try Descriptors.require(Descriptors.limit, for: "test") }
        #expect(error?.isOutOfDescriptors == true)
        let limit = Descriptors.limit
        #expect(
            error?.description
                == "Too many open files (\(limit) more are needed; \(limit) descriptors are allowed, see ulimit -n)")
        #expect(
            ZMQError(code: EMFILE, function: "zmq_socket").description
                == "Too many open files (zmq_socket; \(limit) descriptors are allowed, see ulimit -n, or 16384 sockets)"
        )
        #expect(ZMQError(code: EINVAL, function: "zmq_bind").isOutOfDescriptors == false)
    }

    @Test("the limit is raised, but never lowered")
    func raise() async {
        // In another process, because the limit is shared by all threads.
        await #expect(processExitsWith: .exitCode(7)) {
            Descriptors.raiseLimit()
            let most = Descriptors.limit
            for limit in [64, most] {
                var value = rlimit()
                getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &value)
                value.rlim_cur = rlim_t(limit)
                setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &value)
                guard Descriptors.limit == limit else { exit(1) }
                Descriptors.raiseLimit()
                guard Descriptors.limit == most else { exit(2) }
            }
            exit(7)
        }
    }
}
