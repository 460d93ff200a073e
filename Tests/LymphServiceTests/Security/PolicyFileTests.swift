import Lymph
import Testing

@testable import LymphService

@Suite("Files of policies")
struct PolicyFileTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private let web = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
    private let ops = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"

    private func mistakes(_ yaml: String) throws -> [String] {
        let path = try folder.write(yaml, to: "policy.yml")
        do throws(ConfigurationError) {
            _ = try PolicyFile.read(path)
            return []
        } catch {
            return error.problems.map { $0.description.replacing(path, with: "FILE") }
        }
    }

    @Test("what is written is read")
    func reading() throws {
        let path = try folder.write(
            """
            # who may what
            peers:
                web:    {keys: ["\(web)"], may: ["echo.*"], from: [10.0.0.0/8]}
                ops:
                    keys:
                        - "\(ops)"
                    may: ["*", "lymph.*"]
                python: {plain: [127.0.0.0/8, "::1"], may: echo.upper, from: }
            """, to: "policy.yml")
        let expected = try AccessPolicy(members: [
            .init(
                name: "web", keys: [PublicKey(validating: web)], may: [MethodPattern(validating: "echo.*")],
                from: [AddressRange(validating: "10.0.0.0/8")]),
            .init(
                name: "ops", keys: [PublicKey(validating: ops)],
                may: [MethodPattern(validating: "*"), MethodPattern(validating: "lymph.*")]),
            .init(
                name: "python", may: [MethodPattern(validating: "echo.upper")],
                plain: [AddressRange(validating: "127.0.0.0/8"), AddressRange(validating: "::1")]),
        ])
        #expect(try PolicyFile.read(path) == expected)
        #expect(try PolicyFile.read(folder.write("peers: {}", to: "empty.yml")) == AccessPolicy(members: []))
    }

    @Test("all mistakes are reported at once, with their lines")
    func mistakes() throws {
        let found =
            try mistakes(
                """
                peers:
                    a: {keys: ["\(web)", "short"], mai: ["*"]}
                    b:
                        keys: ["\(web)"]
                        may: [echo, 5]
                        from: 10.0.0.1/8
                    c: {may: ["*"]}
                    d:
                    e: {plain: {}, keys: [x]}
                    f: {plain: [10.0.0.0/8]}
                    g: {plain: [10.0.0.0/8]}
                    "h i": {plain: ["::1"]}
                per: 1
                """)
        let expected = [
            "FILE:2: peers.a.mai: unknown key; did you mean may? allowed: from, keys, may, plain",
            "FILE:2: peers.a.keys[1]: the key has 5 characters; allowed: 40 characters of Z85: letters, digits and .-:+=^!/*?&<>()[]{}@%$#",
            "FILE:4: peers.b.keys[0]: the key is that of a",
            #"FILE:5: peers.b.may[0]: "echo" has no dot; allowed: echo.method, echo.* or *"#,
            "FILE:5: peers.b.may[1]: found the number 5; allowed: a string: put it in quotes",
            #"FILE:6: peers.b.from: "10.0.0.1/8" has bits after the first 8; allowed: 10.0.0.0/8, or 10.0.0.1 alone"#,
            "FILE:7: peers.c: it has neither keys nor plain addresses, so nobody can be it",
            "FILE:8: peers.d: found nothing; allowed: a map with from, keys, may, plain",
            "FILE:9: peers.e.keys[0]: the key has 1 character; allowed: 40 characters of Z85: letters, digits and .-:+=^!/*?&<>()[]{}@%$#",
            "FILE:9: peers.e.plain: found a map; allowed: a list of strings",
            "FILE:11: peers.g.plain[0]: 10.0.0.0/8 is plain for f",
            #"FILE:12: peers.h i: "h i" can't be the name of a member; allowed: 1 to 100 letters, digits and . _ - /"#,
            "FILE:13: per: unknown key; did you mean peers? allowed: peers",
        ]
        for (found, expected) in zip(found, expected) { #expect(found == expected) }
        #expect(found.count == expected.count)
    }

    @Test(
        "what is no policy at all",
        arguments: [
            ("", "FILE:1: peers: is missing; allowed: a map from names to peers"),
            ("peers:", "FILE:1: peers: found nothing; allowed: a map from names to peers"),
            ("peers: [a]", "FILE:1: peers: found a list; allowed: a map from names to peers"),
            ("- a", "FILE:1: found a list; allowed: a map, such as peers: …"),
        ])
    func noPolicy(yaml: String, message: String) throws {
        #expect(try mistakes(yaml) == [message])
    }

    @Test("mistakes in YAML and files that can't be read")
    func unreadable() throws {
        let bad = try #require(try mistakes("peers: {").first)
        #expect(bad.contains(/^FILE:[0-9]+:[0-9]+: bad YAML/), "\(bad)")
        #expect(
            try mistakes("peers:\n  a: {plain: ['::1']}\n  a: {plain: ['::2']}").first?.contains("more than once")
                == true)
        let error = #expect(throws: ConfigurationError.self) { try PolicyFile.read(folder.path) }
        #expect(error?.description == "\(folder.path): can't be read: it is a directory")
    }
}
