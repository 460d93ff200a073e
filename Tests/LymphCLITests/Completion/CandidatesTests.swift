import Lymph
import LymphFleet
import MessagePack
import Testing

@testable import LymphCLI

struct CandidatesTests {
    @Test(arguments: [
        ("", ["a", "a.b", "echo"]), ("e", ["echo"]), ("echo.", ["echo"]), ("echo.up", ["echo"]),
        ("a.b.c", ["a", "a.b"]), ("x", []),
    ])
    func services(word: String, names: [String]) {
        #expect(Candidates.services(of: ["echo", "a.b", "a", "a b", "$(reboot)", "`x`"], for: word) == names)
    }

    private static let inspection: Inspection? = try? Inspection(
        [
            "methods": [
                ["name": "echo.upper", "params": ["text"]], ["name": "echo.count", "params": []],
                ["name": "echo.$(reboot)", "params": ["a", "b; c"]], ["name": "lymph.ping", "params": []],
                [
                    "name": "echo.place", "params": ["state", "isUrgent", "note", "level"],
                    "types": [
                        "state": ["ref", "State"], "isUrgent": ["optional", "bool"], "note": "string",
                        "level": ["ref", "Level"],
                    ],
                    "defs": [["State", "enum", ["open", "closed", "$(x)"]], ["Level", "enum", [1, 2]]],
                ],
            ]
        ],
        address: "echo", endpoint: nil)

    @Test(arguments: [
        ("", ["echo.count", "echo.place", "echo.upper"]), ("echo.u", ["echo.upper"]), ("ly", []),
        ("lymph.", ["lymph.ping"]),
    ])
    func subjects(word: String, names: [String]) throws {
        #expect(Candidates.subjects(in: try #require(Self.inspection), for: word) == names)
    }

    @Test("names that are there already are left out, and a few values are known")
    func arguments() throws {
        let inspection = try #require(Self.inspection)
        let find = { (word: String, given: [String], isValueOnly: Bool) throws in
            Candidates.arguments(
                of: try #require(inspection.method("echo.place", .any)), given: given, for: word,
                isValueOnly: isValueOnly)
        }
        #expect(try find("", ["note=a"], false) == ["state=", "isUrgent=", "level="])
        #expect(try find("state=", [], false) == ["state=open", "state=closed"])
        #expect(try find("state=o", [], true) == ["open", "closed"])
        #expect(try find("isUrgent=", [], true) == ["true", "false"])
        #expect(try find("level=", [], true) == ["1", "2"])
        #expect(try find("note=", [], true) == [])
        #expect(try find("strange=", [], true) == [])
        let hostile = try #require(inspection.method("echo.$(reboot)", .any))
        #expect(Candidates.arguments(of: hostile, given: [], for: "", isValueOnly: false) == ["a="])
    }
}
