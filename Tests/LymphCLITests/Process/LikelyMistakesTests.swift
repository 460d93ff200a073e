import Lymph
import LymphService
import Testing

/// What a newcomer is likely to type, and what the tool says about it.
@Suite(.timeLimit(.minutes(2)))
struct LikelyMistakesTests {
    private static func seeArticle(_ section: String) -> String {
        "\n  see \"\(section)\" in the article \"When something goes wrong\""
    }

    private static let mistakes: [(arguments: [String], message: String)] = [
        (
            ["requst", "shop.place"],
            "there is no command requst; did you mean request? `lymph list` shows the commands"
        ),
        (
            ["request", "shop"],
            #""shop" is not a subject; a subject is interface.method or interface.method@version, such as "#
                + "echo.upper@1.2; `lymph inspect shop` shows the methods"
        ),
        (
            ["request", "shop.place note=a"],
            #""shop.place note=a" is not a subject; a subject is interface.method or interface.method@version, such as "#
                + "echo.upper@1.2"
        ),
        // Without quotes.
        (
            ["request", "shop.place", "{note:", "a}"],
            #"too many arguments: a}; put the JSON in single quotes: lymph request echo.upper '{"text": "foo"}'"#
        ),
        (
            ["request", "shop.move", "bike"],
            #""bike" is neither a JSON object nor name=value; arguments have names: {"text": "foo"} or text=foo"#
        ),
        (
            ["request", "shpo.move", "way=bike"],
            #"no service was ever registered as "shpo" in REGISTRY; did you mean "shop"? `lymph discover` shows the names"#
                + seeArticle("Nobody is registered")
        ),
        (
            ["request", "shop.mov", "way=bike"],
            #"shop.mov was refused by ENDPOINT: rejected: shop has no method "mov"; did you mean move?"#
                + seeArticle("The service rejects the request")
        ),
        (
            ["request", "shop.move", "wy=bike"],
            "shop.move: there is no parameter wy; did you mean way?\n  move(way: Way) -> String\n"
                + #"    Way: "bike" | "van""#
        ),
        (
            ["request", "shop.move", "way=bik"],
            "shop.move: way takes \"bike\" | \"van\", not \"bik\"; did you mean bike?\n  move(way: Way) -> String\n"
                + #"    Way: "bike" | "van""#
        ),
        (
            ["request", "shop.move@2", "way=bike"],
            "shop.move: no instance of shop is compatible with 2.0.0; there are instances without a version; "
                + "`lymph doctor` finds out why" + seeArticle("There is no connection")
        ),
        (
            ["inspect", "127.0.0.1:4100"],
            #"no service was ever registered as "127.0.0.1:4100" in REGISTRY; did you mean "tcp://127.0.0.1:4100"? "#
                + "`lymph discover` shows the names" + seeArticle("Nobody is registered")
        ),
        (
            ["inspect", "shop.move"],
            #"no service was ever registered as "shop.move" in REGISTRY; did you mean "shop"? "#
                + "`lymph discover` shows the names" + seeArticle("Nobody is registered")
        ),
        (
            ["request", "shop.move", "way=bike", "--adress", "tcp://127.0.0.1:9"],
            "Unknown option '--adress'. Did you mean '--address'? `lymph request --help` shows what is allowed"
        ),
        (
            ["request", "shop.move", "way=bike", "--timeout", "2s"],
            "The value '2s' is invalid for '--timeout <seconds>'; `lymph request --help` shows what is allowed"
        ),
        (
            ["discover", "--registry", "zookeper:localhost"],
            #""zookeper:localhost" is not a registry; use directory, directory:PATH or zookeeper:HOSTS"#
        ),
    ]

    @Test("each mistake has a message of its own")
    func messages() async throws {
        try await EchoFleet.with([.init(ShopInterface.self, as: "shop")]) { fleet in
            try await inPairs(Self.mistakes) { arguments, message in
                let outcome = try await fleet.tool(arguments)
                let expected = message.replacing("REGISTRY", with: fleet.registry.path)
                    .replacing("ENDPOINT", with: fleet.endpoint.description)
                #expect(outcome.errors == "lymph: \(expected)\n")
                #expect(outcome.output == "")
                #expect(outcome.status > 0)
            }
        }
    }
}
