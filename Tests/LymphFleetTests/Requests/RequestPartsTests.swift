import Lymph
import MessagePack
import Testing

@testable import LymphFleet

struct RequestPartsTests {
    @Test func readsSubjects() throws {
        let subject = try RequestSubject("a.echo.upper@1.2")
        #expect(subject.method == "a.echo.upper")
        #expect(subject.interface == "a.echo")
        #expect(subject.version == "1.2")
        #expect(try RequestSubject("echo.upper").version == nil)
    }

    @Test(arguments: ["echo", ".upper", "echo.", "echo@1.2", "", "echo.upper@", "echo.upper@x"])
    func refusesOtherSubjects(text: String) {
        let failure = #expect(throws: FleetFailure.self) { try RequestSubject(text) }
        #expect(failure?.kind == .usage)
    }

    private static let inspection: Inspection? = try? Inspection(
        [
            "methods": [
                ["name": "echo.upper", "version": "1.5.0", "params": ["text"], "help": "x"],
                ["name": "echo.add", "params": ["a", "b"]],
            ]
        ],
        address: "echo", endpoint: nil)

    @Test(
        arguments: [
            ("echo.uper", ["text"], "echo has no method uper; did you mean upper?"),
            ("echo.zzz", [], "echo has no method zzz"),
            ("echo.upper", ["txt"], "there is no parameter txt: upper takes (text); did you mean text?"),
            ("echo.add", ["a"], "add takes (a, b)"), ("echo.upper", ["text"], nil),
            ("ecko.upper", [], "there is no interface ecko, but echo, echo@1.5.0"),
        ] as [(String, [String], String?)])
    func explainsRefusals(method: String, arguments: [String], text: String?) throws {
        let inspection = try #require(Self.inspection)
        #expect(RefusalExplanation(method, arguments: arguments, in: inspection)?.description == text)
        let exact = RefusalExplanation(method, .exactly(Version(1, 5)), arguments: arguments, in: inspection)
        #expect(
            exact?.description
                == (method == "echo.add" ? "with an address, exactly 1.5.0 is called, but there is echo" : text))
    }

    @Test(
        "a refusal is explained by the version that was called",
        arguments: [
            (.any, "there is no parameter item: place takes (sku)"),
            (.compatible(Version(1, 2)), "there is no parameter sku: place takes (item)"),
            (.exactly(Version(1, 4)), "there is no parameter sku: place takes (item)"),
            (.exactly(Version(2)), "there is no parameter item: place takes (sku)"),
            (.compatible(Version(3)), "no version is compatible with 3.0.0; there is orders@1.4.0, orders@2.0.0"),
        ] as [(Inspection.Asked, String)])
    func explainsByVersion(asked: Inspection.Asked, text: String) throws {
        let inspection = try Inspection(
            [
                "methods": [
                    ["name": "orders.place", "version": "1.4.0", "params": ["item"]],
                    ["name": "orders.place", "version": "2.0.0", "params": ["sku"]],
                ]
            ],
            address: "orders", endpoint: nil)
        let name = text.contains("parameter sku") ? "sku" : "item"
        let explanation = RefusalExplanation("orders.place", asked, arguments: [name], in: inspection)
        #expect(explanation?.description == text)
    }

    @Test("nothing is guessed about a version that was not found")
    func advises() throws {
        let inspection = try Inspection(
            ["methods": [["name": "orders.place", "version": "1.4.0", "params": ["item"]]]], address: "orders",
            endpoint: nil)
        let argument = try #require(RefusalExplanation("orders.place", arguments: ["itm"], in: inspection))
        #expect(argument.advice(isReasonKnown: true, isVersionKnown: true) == "did you mean item?")
        #expect(argument.advice(isReasonKnown: true, isVersionKnown: false) == nil)
        #expect(argument.advice(isReasonKnown: false, isVersionKnown: false) == argument.description)
        let method = try #require(RefusalExplanation("orders.plce", arguments: ["item"], in: inspection))
        #expect(method.advice(isReasonKnown: true, isVersionKnown: false) == "did you mean place?")
        #expect(method.isAboutMethod && !argument.isAboutMethod)
    }
}
