import Testing

@testable import LymphZooKeeper

/// A host that doesn't exist, one that refuses, and one that is silent.
@Suite(.timeLimit(.minutes(1))) struct HostProbeTests {
    @Test func saysWhatBecomesOfIt() throws {
        let server = try SilentServer()
        // Nobody listens there.
        let closed = 1
        func explain(_ servers: String...) -> String { HostProbe(servers).explanation(within: .seconds(30)) }
        #expect(explain("127.0.0.1:\(server.port)") == "it accepts connections but does not answer")
        #expect(explain("127.0.0.1:\(closed)") == "Connection refused")
        #expect(explain("no.such.host.invalid:1").hasPrefix("the host cannot be found ("))
        #expect(
            explain("[::ffff:127.0.0.1]:\(closed)", "localhost:\(server.port)").hasSuffix(
                ", localhost:\(server.port): it accepts connections but does not answer"))
        #expect(explain() == "there are no hosts")
    }
}
