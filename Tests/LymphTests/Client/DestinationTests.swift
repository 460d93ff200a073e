import Testing

@testable import Lymph

@Suite("What a proxy calls")
struct DestinationTests {
    /// The destination as text: the target, a space, and the interface.
    private func describe(_ destination: Destination) -> String {
        let kind = if case .endpoint = destination.target { "peer" } else { "service" }
        #expect(destination.prefix.last == ".")
        return "\(kind) \(destination.target) \(destination.prefix.dropLast())"
    }

    @Test(
        "an address becomes a target and an interface",
        arguments: [
            ("echo", nil, nil, "service echo echo"),
            ("echo@1.2", nil, nil, "service echo@1.2.0 echo"),
            ("echo@1", nil, nil, "service echo@1.0.0 echo"),
            ("echo@1.2.3-rc.1+b", nil, nil, "service echo@1.2.3-rc.1+b echo"),
            ("echo", "other", nil, "service echo other"),
            ("echo@1.2", "other", nil, "service echo@1.2.0 other"),
            ("echo", nil, "2", "service echo@2.0.0 echo"),
            ("echo", nil, "2.1.0", "service echo@2.1.0 echo"),
            // A version that is given separately wins.
            ("echo@1.2", nil, "2.1", "service echo@2.1.0 echo"),
            ("my.echo", nil, nil, "service my.echo my.echo"),
            ("échö", nil, nil, "service échö échö"),
            ("127.0.0.1:4100", nil, nil, "service 127.0.0.1:4100 127.0.0.1:4100"),
            ("tcp://127.0.0.1:4100", "echo", nil, "peer tcp://127.0.0.1:4100 echo"),
            ("tcp://localhost:4100", "echo", nil, "peer tcp://127.0.0.1:4100 echo"),
            ("tcp://[0:0::1]:4100", "echo", nil, "peer tcp://[::1]:4100 echo"),
            ("tcp://127.0.0.1:4100", "", nil, "peer tcp://127.0.0.1:4100 "),
            ("tcp://127.0.0.1:4100", "echo", "1.2", "peer tcp://127.0.0.1:4100 (1.2.0) echo"),
            ("echo", "", nil, "service echo "),
        ] as [(String, String?, String?, String)])
    func addresses(address: String, interface: String?, version: String?, expected: String) throws {
        #expect(describe(try Destination(address, interface: interface, version: version)) == expected)
    }

    @Test(
        "invalid addresses are refused",
        arguments: [
            ("", nil, nil, #""" is not a name, name@version or tcp://host:port"#),
            ("@1.2", nil, nil, #""@1.2" is not a name, name@version or tcp://host:port"#),
            ("echo@", nil, nil, #""echo@" is not a name, name@version or tcp://host:port"#),
            ("echo@new", nil, nil, #""echo@new" is not a name, name@version or tcp://host:port"#),
            ("echo@new", "other", nil, #""echo@new" is not a name, name@version or tcp://host:port"#),
            ("echo", nil, "new", #""new" is not a version such as 1.2"#),
            ("echo", nil, "", #""" is not a version such as 1.2"#),
            ("tcp://127.0.0.1:4100", "echo", "new", #""new" is not a version such as 1.2"#),
            (
                "tcp://127.0.0.1:4100", nil, nil,
                #"a proxy for tcp://127.0.0.1:4100 needs to know the interface: "#
                    + #"proxy("tcp://127.0.0.1:4100", interface: …)"#
            ),
            // The mistake in the address is reported first.
            (
                "tcp://nowhere:4100", nil, nil,
                #""tcp://nowhere:4100" is not an endpoint: the host is an IP address, such as 127.0.0.1 or [::1], "#
                    + "or localhost; other names are not allowed"
            ),
            (
                "http://127.0.0.1:80", "echo", nil,
                #""http://127.0.0.1:80" is not an endpoint: an endpoint begins with tcp://, or with curve:// if it is encrypted"#
            ),
            (
                "tcp://127.0.0.1:0", "echo", nil,
                #""tcp://127.0.0.1:0" is not an endpoint: the port is a number from 1 to 65535, without leading zeros"#
            ),
        ] as [(String, String?, String?, String)])
    func mistakes(address: String, interface: String?, version: String?, expected: String) throws {
        let error = #expect(throws: LymphError.self) {
            try Destination(address, interface: interface, version: version)
        }
        #expect(error?.message == expected)
        #expect(error?.code == .invalidRequest)
        #expect(error?.execution == LymphError.Execution.none)
    }

    @Test("a target has a description")
    func targets() throws {
        #expect(Target.service("echo", nil).description == "echo")
        #expect(Target.service("echo", "1.5.0").description == "echo@1.5.0")
        #expect(Target.endpoint(try Endpoint(validating: "tcp://[::1]:9")).description == "tcp://[::1]:9")
    }
}
