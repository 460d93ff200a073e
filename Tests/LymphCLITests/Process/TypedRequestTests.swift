import Foundation
import Lymph
import LymphService
import MessagePack
import Testing

@testable import LymphCLI

/// The tool with a service that tells the types of its methods.
@Suite(.timeLimit(.minutes(3)))
struct TypedRequestTests {
    private func withShop(_ body: (EchoFleet) async throws -> Void) async throws {
        try await EchoFleet.with([.init(ShopInterface.self, as: "shop")], body)
    }

    @Test("plain strings become what the method takes, and results are plain JSON")
    func plain() async throws {
        try await withShop { fleet in
            let document = #"{"price": "1.50", "id": "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", "day": "2026-11-30"}"#
            let json = try await fleet.tool("request", "shop.describe", document, "--json")
            #expect(json.errors == "")
            #expect(
                json.output
                    == #"{"day": "2026-11-30", "id": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "price": "1.5"}"# + "\n")
            let words = try await fleet.tool(
                "request", "shop.describe", "price=1.50", "id=f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "day=2026-11-30")
            #expect(
                words.output
                    == """
                    {
                      "price": Decimal(1.5),
                      "id": UUID(f81d4fae-7dec-11d0-a765-00a0c91e6bf6),
                      "day": date(2026-11-30)
                    }

                    """
            )
            let tagged = try await fleet.tool("request", "shop.describe", document, "--json", "--tagged")
            #expect(tagged.output.contains(#""price": {"_": "1.5", "__type__": "Decimal"}"#))
            // What one request prints, the next one takes.
            let again = try await fleet.tool("request", "shop.describe", "-", "--json", input: json.output)
            #expect(again.output == json.output)
        }
    }

    @Test("what doesn't fit is not sent")
    func mistakes() async throws {
        try await withShop { fleet in
            let outcome = try await fleet.tool("request", "shop.place", #"{"lines": [{"sku": 1}], "nte": "x"}"#)
            #expect(outcome.status == LymphService.ExitStatus.invalidJSON.rawValue)
            #expect(
                outcome.errorLines == [
                    "lymph: shop.place: 3 mistakes in the arguments", "  lines[0].sku takes a string, not 1",
                    "  lines[0].quantity: Int is missing", "  there is no parameter nte; did you mean note?",
                    "  place(lines: [Line], note: String?) -> Int", "    Line: sku: String, quantity: Int",
                ])
            let ignored = try await fleet.tool(
                "request", "shop.place", #"lines=[{"sku": "a", "quantity": 2, "sku2": 1}]"#)
            #expect(ignored.output == "2\n")
            #expect(ignored.errorLines == ["lymph: lines[0].sku2 is unknown and ignored; did you mean sku?"])
            #expect(try await fleet.tool("request", "shop.count", "{}").output == "1\n")
            // The service itself refuses it, and says why.
            let unchecked = try await fleet.tool("request", "shop.place", #"{"lines": 1}"#, "--no-check")
            #expect(unchecked.status == LymphService.ExitStatus.refused.rawValue)
            #expect(unchecked.errors.contains("lines"), "\(unchecked.errors)")
            let many = try await fleet.tool("request", "shop.place", "lines=[]", "-N", "5", "--json")
            #expect(many.status == 0)
        }
    }

    @Test("a request has headers, and a service's own words need no explanation")
    func headers() async throws {
        try await withShop { fleet in
            let refused = try await fleet.tool("request", "shop.close", "{}", "--header", "role=guest")
            #expect(refused.status == LymphService.ExitStatus.refused.rawValue)
            #expect(
                refused.errorLines.first
                    == "lymph: shop.close was refused by \(fleet.endpoint): unauthorized: for guest; nothing was executed"
            )
            let done = try await fleet.tool(
                "request", "shop.close", "{}", "-H", "role=a=b", "-H", "role=operator", "-D")
            #expect(done.output.contains("closed-by: \"operator\""), "\(done)")
            let wrong = try await fleet.tool("request", "shop.close", "{}", "-H", "role")
            #expect(wrong.errors.contains("'role' is invalid for '-H <name=value>'"), "\(wrong.errors)")
        }
    }

    @Test("an error shows what it carries")
    func errors() async throws {
        try await withShop { fleet in
            let outcome = try await fleet.tool("request", "shop.fail", "{}")
            #expect(outcome.status == LymphService.ExitStatus.remoteError.rawValue)
            #expect(outcome.errorLines.count == 2)
            #expect(outcome.errorLines.last == #"  {"sku": "a", "left": 3}"#)
        }
    }

    private static let completions = [
        ("request sh", ["shop.close", "shop.count", "shop.describe", "shop.fail", "shop.move", "shop.place"]),
        ("request shop.de", ["shop.describe"]), ("request versioned.up", ["versioned.upper"]),
        (
            "request e",
            [
                "echo.acknowledge", "echo.crash", "echo.echo", "echo.fail", "echo.long", "echo.sleep", "echo.traced",
                "echo.upper",
            ]
        ),
        ("request shop.place li", ["lines="]), ("request --json shop.place note=a ", ["lines="]),
        ("request shop.move way = b", ["bike"]), ("inspect ve", ["versioned"]), ("status x", []),
        ("request nobody.x a", []),
    ]

    @Test("bash completes services, methods, parameters and values")
    func completion() async throws {
        try await withShop { fleet in
            let script = try await fleet.tool("--generate-completion-script", "bash")
            let folder = try #require(fleet.tool.folder)
            try script.output.write(toFile: folder + "/lymph.bash", atomically: true, encoding: .utf8)
            // As readline does when the key is pressed.
            let press = """
                source "${0%/*}/lymph.bash"
                compopt() { echo "$@"; }
                read -ra COMP_WORDS <<< "lymph $1"
                if [[ "$1" == *" " ]]; then COMP_WORDS+=(""); fi
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                COMP_LINE="${COMP_WORDS[*]}"
                COMP_POINT=${#COMP_LINE}
                _lymph_unfinished lymph "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                printf "%s\\n" "${COMPREPLY[@]}"
                """
            try press.write(toFile: folder + "/press.bash", atomically: true, encoding: .utf8)
            try await inPairs(Self.completions) { words, expected in
                let outcome = try await fleet.tool.shell(
                    #"PATH="$(dirname "$LYMPH"):$PATH" exec bash '\#(folder)/press.bash' '\#(words)'"#)
                let lines = outcome.output.split(separator: "\n").map(String.init)
                let hint = expected.first?.hasSuffix("=") == true ? ["-o nospace +o filenames"] : []
                #expect(lines.starts(with: hint), "\(words): \(outcome)")
                #expect(lines.dropFirst(hint.count).sorted() == expected, "\(words): \(outcome)")
            }
        }
    }
}

actor ShopInterface: Interface {
    struct Line: Codable, Sendable {
        let sku: String
        let quantity: Int
    }

    struct OutOfStock: Error, Codable {
        let sku: String
        let left: Int
    }

    enum Way: String, Codable, Sendable, CaseIterable { case bike, van }

    private var placed = 0

    static var routes: Routes<ShopInterface> {
        RPC("place", "lines", "note") { (me, lines: [Line], _: String?) in
            me.placed += 1
            return lines.map(\.quantity).reduce(0, +)
        }
        RPC("count") { me in me.placed }
        RPC("describe", "price", "id", "day") { (_, price: Decimal, id: UUID, day: CalendarDate) -> Value in
            ["price": Value(price), "id": Value(id), "day": .date(day)]
        }
        RPC("fail", raises: OutOfStock.self) { (_) -> Int in throw OutOfStock(sku: "a", left: 3) }
        RPC("close") { _ in
            let role = Request.current?.headers["role"]?.stringValue ?? "nobody"
            guard role == "operator" else { throw Refusal(.unauthorized, "for \(role)") }
            try Request.current?.setReplyHeader("closed-by", .string(role))
        }
        RPC("move", "way") { (_, way: Way) in way.rawValue }
    }
}
