import MessagePack
import Testing

@testable import Lymph

@Suite("Router")
struct RouterTests {
    /// The methods of an interface; they do nothing.
    private static func entry(_ version: Version?, _ methods: String...) -> Router.Entry {
        let client = Fixture(.inMemory).client()
        let context = InterfaceContext(
            name: "any", version: version, configuration: [:], client: client, logger: .quiet)
        let stub = StubInterface(calls: 0)
        let handlers = methods.map { name in
            Handler(
                InterfaceRoute<StubInterface>(
                    name: name, parameters: ["a"], traits: .init([], false, "Helps."), schema: .init(MethodTraits())
                ) { _ in { _ in .channel() } },
                of: stub,
                in: context)
        }
        return Router.Entry(
            version: version, handlers: Dictionary(uniqueKeysWithValues: handlers.map { ($0.name, $0) }))
    }

    private static let router: Router = {
        var router = Router()
        router.add(entry("1.5.0", "upper", "old"), as: "echo")
        router.add(entry("2.0.0", "upper"), as: "echo")
        router.add(entry("1.10.0", "upper"), as: "echo")
        router.add(entry("1.0.0", "one"), as: "mixed")
        router.add(entry(nil, "none"), as: "mixed")
        router.add(entry("3.0.0", "three"), as: "mixed")
        router.add(entry(nil, "upper"), as: "a.b")
        router.add(entry("1.0.0-rc.1", "upper"), as: "pre")
        router.add(entry("1.0.0+b", "upper"), as: "build")
        return router
    }()

    private func describe(_ match: Router.Match) -> String {
        switch match {
        case .handler(let handler, let version, _): "\(handler.name) \(version?.description ?? "without")"
        case .none(let text): "none: \(text)"
        }
    }

    @Test(
        "a method is found by its name and version",
        arguments: [
            ("echo.upper", .none, "upper 2.0.0"), ("echo.upper", .exact("1.5.0"), "upper 1.5.0"),
            ("echo.upper", .exact("1.10.0"), "upper 1.10.0"), ("echo.upper", .exact("2.0.0"), "upper 2.0.0"),
            ("echo.old", .exact("1.5.0"), "old 1.5.0"),
            // Without a version: the interface without one, or else the highest.
            ("mixed.none", .none, "none without"), ("mixed.three", .exact("3.0.0"), "three 3.0.0"),
            ("mixed.one", .exact("1.0.0"), "one 1.0.0"), ("a.b.upper", .none, "upper without"),
            ("pre.upper", .exact("1.0.0-rc.1"), "upper 1.0.0-rc.1"), ("pre.upper", .none, "upper 1.0.0-rc.1"),
            ("build.upper", .exact("1.0.0+b"), "upper 1.0.0+b"),
        ] as [(String, VersionHeader, String)])
    func found(subject: String, version: VersionHeader, expected: String) {
        #expect(describe(Self.router.find(subject, version: version)) == expected)
    }

    @Test(
        "the error says what is missing",
        arguments: [
            ("echo", .none, #"none: the subject "echo" is not of the form interface.method"#),
            ("", .none, #"none: the subject "" is not of the form interface.method"#),
            (".", .none, #"none: no interface "" here"#), (".upper", .none, #"none: no interface "" here"#),
            ("ecko.upper", .none, #"none: no interface "ecko" here"#),
            ("Echo.upper", .exact("1.5.0"), #"none: no interface "Echo" here"#),
            ("a.upper", .none, #"none: no interface "a" here"#), ("b.upper", .none, #"none: no interface "b" here"#),
            ("a.b.c.upper", .none, #"none: no interface "a.b.c" here"#),
            ("echo.echo.upper", .none, #"none: no interface "echo.echo" here"#),
            ("echo.", .none, #"none: echo has no method """#),
            ("echo.lower", .none, #"none: echo has no method "lower""#),
            ("echo.Upper", .none, #"none: echo has no method "Upper""#),
            // The chosen version lacks the method, although another has it.
            ("echo.old", .none, #"none: echo has no method "old""#),
            ("mixed.three", .none, #"none: mixed has no method "three""#),
            (
                "echo.upper", .exact("1.5.1"),
                "none: echo has 2.0.0, 1.10.0, 1.5.0 but not 1.5.1"
            ),
            (
                "echo.upper", .exact("1.5.0+b"),
                "none: echo has 2.0.0, 1.10.0, 1.5.0 but not 1.5.0+b"
            ),
            (
                "mixed.none", .exact("2.0.0"),
                "none: mixed has one without a version, 3.0.0, 1.0.0 but not 2.0.0"
            ),
            ("pre.upper", .exact("1.0.0"), "none: pre has 1.0.0-rc.1 but not 1.0.0"),
            ("echo.upper", .invalid(#""1.5""#), #"none: "1.5" is not a version"#),
            ("ecko.upper", .invalid("1"), #"none: no interface "ecko" here"#),
        ] as [(String, VersionHeader, String)])
    func missing(subject: String, version: VersionHeader, expected: String) {
        #expect(describe(Self.router.find(subject, version: version)) == expected)
    }

    @Test("the order of registration does not matter")
    func order() {
        let versions: [Version?] = ["1.5.0", nil, "2.0.0", "1.10.0", "2.0.0-rc.1"]
        var random = SplitMix64(seed: 11)
        for _ in 0..<20 {
            var router = Router()
            for version in versions.shuffled(using: &random) { router.add(Self.entry(version, "f"), as: "echo") }
            let all = router.all.map { $0.version?.description ?? "without" }
            #expect(all == ["without", "2.0.0", "2.0.0-rc.1", "1.10.0", "1.5.0"])
        }
    }

    @Test("all methods are listed in order")
    func all() {
        let all = Self.router.all.map { "\($0.name).\($0.handler.name) \($0.version?.description ?? "without")" }
        #expect(
            all == [
                "a.b.upper without", "build.upper 1.0.0+b", "echo.upper 2.0.0", "echo.upper 1.10.0", "echo.old 1.5.0",
                "echo.upper 1.5.0", "mixed.none without", "mixed.three 3.0.0", "mixed.one 1.0.0",
                "pre.upper 1.0.0-rc.1",
            ])
        #expect(Router().all.isEmpty)
        #expect(Self.router.all.allSatisfy { $0.handler.parameters == ["a"] && $0.handler.traits.help == "Helps." })
    }
}
