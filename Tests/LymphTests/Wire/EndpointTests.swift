import Foundation
import Lymph
import Testing

@Suite struct EndpointTests {
    @Test(arguments: [
        ("tcp://127.0.0.1:4100", "127.0.0.1", 4100, "tcp://127.0.0.1:4100"),
        ("tcp://localhost:4100", "127.0.0.1", 4100, "tcp://127.0.0.1:4100"),
        ("tcp://0.0.0.0:1", "0.0.0.0", 1, "tcp://0.0.0.0:1"),
        ("tcp://255.255.255.255:65535", "255.255.255.255", 65535, "tcp://255.255.255.255:65535"),
        ("tcp://[::1]:4100", "::1", 4100, "tcp://[::1]:4100"),
        ("tcp://[::]:80", "::", 80, "tcp://[::]:80"),
        ("tcp://[0:0:0:0:0:0:0:1]:80", "::1", 80, "tcp://[::1]:80"),
        (
            "tcp://[2001:DB8::0008:800:200C:417A]:9", "2001:db8::8:800:200c:417a", 9,
            "tcp://[2001:db8::8:800:200c:417a]:9"
        ),
        ("tcp://[::ffff:127.0.0.1]:9", "::ffff:127.0.0.1", 9, "tcp://[::ffff:127.0.0.1]:9"),
        ("tcp://[::ffff:7f00:1]:9", "::ffff:127.0.0.1", 9, "tcp://[::ffff:127.0.0.1]:9"),
        ("tcp://[1:0:0:2:0:0:0:3]:9", "1:0:0:2::3", 9, "tcp://[1:0:0:2::3]:9"),
        ("tcp://[1:0:0:2:3:0:0:4]:9", "1::2:3:0:0:4", 9, "tcp://[1::2:3:0:0:4]:9"),
        ("tcp://[1:2:3:4:5:6:7::]:9", "1:2:3:4:5:6:7:0", 9, "tcp://[1:2:3:4:5:6:7:0]:9"),
        ("tcp://[1:2:3:4:5:6:1.2.3.4]:9", "1:2:3:4:5:6:102:304", 9, "tcp://[1:2:3:4:5:6:102:304]:9"),
        ("tcp://[fe80::]:9", "fe80::", 9, "tcp://[fe80::]:9"),
    ])
    func readsAndNormalizes(text: String, host: String, port: UInt16, canonical: String) throws {
        let endpoint = try Endpoint(validating: text)
        #expect(endpoint.host == host)
        #expect(endpoint.port == port)
        #expect(endpoint.description == canonical)
        #expect(Endpoint(text) == endpoint)
        #expect(try Endpoint(host: host, port: port) == endpoint)
        #expect(try Endpoint(validating: canonical).hashValue == endpoint.hashValue)
    }

    @Test(
        arguments: [
            ("", .invalidScheme), ("127.0.0.1:80", .invalidScheme), ("ipc:///tmp/x", .invalidScheme),
            ("inproc://x", .invalidScheme), ("TCP://127.0.0.1:80", .invalidScheme),
            ("udp://127.0.0.1:80", .invalidScheme),
            ("tcp://", .invalidForm), ("tcp://127.0.0.1", .invalidForm), ("tcp://:80", .invalidForm),
            ("tcp://::1:80", .invalidForm), ("tcp://[]:80", .invalidForm), ("tcp://[::1:80", .invalidForm),
            ("tcp://example.org:80", .invalidHost), ("tcp://*:80", .invalidHost), ("tcp://eth0:80", .invalidHost),
            ("tcp://127.0.0.1;10.0.0.1:80", .invalidHost), ("tcp://127.0.0.01:80", .invalidHost),
            ("tcp://127.0.0:80", .invalidHost), ("tcp://127.0.0.1.1:80", .invalidHost),
            ("tcp://256.0.0.1:80", .invalidHost),
            ("tcp://127.0.0.1000:80", .invalidHost), ("tcp:// 127.0.0.1:80", .invalidHost),
            ("tcp://٣.0.0.1:80", .invalidHost),
            ("tcp://[127.0.0.1]:80", .invalidHost), ("tcp://[localhost]:80", .invalidHost),
            ("tcp://[fe80::1%eth0]:80", .invalidHost), ("tcp://[1::2::3]:80", .invalidHost),
            ("tcp://[:::]:80", .invalidHost),
            ("tcp://[1:2:3:4:5:6:7:8:9]:80", .invalidHost), ("tcp://[1:2:3:4:5:6:7:8::]:80", .invalidHost),
            ("tcp://[1:2:3]:80", .invalidHost), ("tcp://[12345::]:80", .invalidHost), ("tcp://[g::]:80", .invalidHost),
            ("tcp://[1.2.3.4::]:80", .invalidHost), ("tcp://[:1::]:80", .invalidHost),
            ("tcp://[1::2:]:80", .invalidHost),
            ("tcp://127.0.0.1:", .invalidPort), ("tcp://127.0.0.1:0", .invalidPort),
            ("tcp://127.0.0.1:65536", .invalidPort),
            ("tcp://127.0.0.1:080", .invalidPort), ("tcp://127.0.0.1:+80", .invalidPort),
            ("tcp://127.0.0.1:-1", .invalidPort),
            ("tcp://127.0.0.1:8x", .invalidPort), ("tcp://127.0.0.1:80 ", .invalidPort),
            ("tcp://127.0.0.1:*", .invalidPort),
            ("tcp://127.0.0.1:99999999999999999999", .invalidPort),
        ] as [(String, EndpointError.Code)])
    func refuses(text: String, code: EndpointError.Code) throws {
        let error = try #require(throws: EndpointError.self) { try Endpoint(validating: text) }
        #expect(error.code == code)
        #expect(error.text == text)
        #expect(error.description.contains("\"\(text.prefix(100))\""))
        #expect(Endpoint(text) == nil)
    }

    @Test(
        arguments: [("127.0.0.1", 0, .invalidPort), ("[::1]", 1, .invalidHost), ("", 1, .invalidHost)]
            as [(String, UInt16, EndpointError.Code)])
    func refusesParts(host: String, port: UInt16, code: EndpointError.Code) throws {
        let error = try #require(throws: EndpointError.self) { try Endpoint(host: host, port: port) }
        #expect(error.code == code)
    }

    @Test(arguments: [
        ("tcp://127.0.0.1:4100", true), ("tcp://127.9.9.9:1", true), ("tcp://[::1]:1", true),
        ("tcp://[::ffff:127.0.0.1]:1", true), ("tcp://10.0.0.1:1", false), ("tcp://128.0.0.1:1", false),
        ("tcp://[::2]:1", false), ("tcp://[::ffff:10.0.0.1]:1", false), ("tcp://0.0.0.0:1", false),
    ])
    func knowsLoopback(text: String, isLoopback: Bool) throws {
        #expect(try Endpoint(validating: text).isLoopback == isLoopback)
    }

    @Test func isCodedAsText() throws {
        let endpoint = try Endpoint(validating: "tcp://[::1]:4100")
        let json = try JSONEncoder().encode([endpoint])
        #expect(try JSONDecoder().decode([String].self, from: json) == ["tcp://[::1]:4100"])
        #expect(try JSONDecoder().decode([Endpoint].self, from: json) == [endpoint])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Endpoint].self, from: Data(#"["tcp://x"]"#.utf8))
        }
    }
}

@Suite struct EndpointIdentityTests {
    private func read(_ bytes: some Sequence<UInt8>) -> Endpoint? {
        Array(bytes).withUnsafeBytes { Endpoint(identity: $0) }
    }

    @Test(arguments: ["tcp://127.0.0.1:4100", "tcp://[::1]:1", "tcp://[::ffff:10.0.0.1]:65535", "tcp://8.8.8.8:80"])
    func takesCanonicalText(text: String) {
        #expect(read(text.utf8)?.description == text)
    }

    @Test(arguments: [
        "", "garbage", "tcp://", "tcp://127.0.0.1", "tcp://localhost:80", "tcp://example.org:80", "ipc:///tmp/x",
        "inproc://x", "tcp://127.0.0.1:080", "tcp://127.0.0.01:80", "tcp://127.0.0.1:0", "tcp://127.0.0.1:65536",
        "tcp://127.0.0.1:80\0", " tcp://127.0.0.1:80", "tcp://127.0.0.1:80 ", "tcp://127.0.0.1:80\n", "tcp://::1:80",
        "tcp://[::0001]:80", "tcp://[0::1]:80", "tcp://[::FFFF:1.2.3.4]:80", "tcp://[::ffff:102:304]:80", "tcp://*:80",
        "tcp://[fe80::1%1]:80", "tcp://１.0.0.1:80",
    ])
    func takesNothingElse(text: String) {
        #expect(read(text.utf8) == nil)
    }

    @Test func boundsTheLength() {
        let longest = "tcp://[1111:2222:3333:4444:5555:6666:7777:8888]:65535"
        #expect(read(longest.utf8) != nil)
        #expect(read((longest + String(repeating: "0", count: 65)).utf8) == nil)
        #expect(
            UnsafeRawBufferPointer(start: nil, count: 0).isEmpty
                && Endpoint(identity: .init(start: nil, count: 0)) == nil)
    }

    /// Any input is refused, or read as an endpoint that says the same.
    @Test func isTotal() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("tcp://[]:.0123456789abcdef%\0\u{FF} ".utf8)
        let seeds = ["tcp://127.0.0.1:4100", "tcp://[::1]:4100", "tcp://[2001:db8::1]:65535"].map { Array($0.utf8) }
        for round in 0..<30_000 {
            var bytes: [UInt8]
            switch round % 3 {
            case 0: bytes = (0..<Int.random(in: 0...70)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            case 1: bytes = (0..<Int.random(in: 0...70)).map { _ in alphabet.randomElement() ?? 0 }
            default:
                bytes = seeds.randomElement() ?? []
                for _ in 0..<Int.random(in: 1...3) {
                    bytes[bytes.indices.randomElement() ?? 0] = alphabet.randomElement() ?? 0
                }
            }
            if let endpoint = read(bytes) { #expect(Array(endpoint.description.utf8) == bytes) }
        }
    }
}
