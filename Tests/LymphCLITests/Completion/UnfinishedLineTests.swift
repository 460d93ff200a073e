import Testing

@testable import LymphCLI

struct UnfinishedLineTests {
    @Test("options and their values are no arguments")
    func options() {
        let words = [
            "lymph", "request", "-c", "a.yml", "--json", "--registry=directory:/x", "-N", "3", "echo.upper", "te",
            "more",
        ]
        let line = UnfinishedLine(words, 9, "te", isSplit: false)
        #expect(line.arguments == ["request", "echo.upper"])
        #expect(line.options == ["-c": "a.yml", "--registry": "directory:/x", "-N": "3"])
        #expect(line.word == "te")
    }

    @Test("what bash has split is put together")
    func split() {
        let words = [
            "lymph", "request", "--address", "tcp", ":", "//127.0.0.1", ":", "4100", "a.b", "x", "=", "1", "y", "=",
            "o",
        ]
        let line = UnfinishedLine(words, 14, "o", isSplit: true)
        #expect(line.arguments == ["request", "a.b", "x=1"])
        #expect(line.options == ["--address": "tcp://127.0.0.1:4100"])
        #expect(line.word == "y=o")
        #expect(UnfinishedLine(words, 13, "=", isSplit: true).word == "y=")
        #expect(UnfinishedLine(["lymph"], 1, "", isSplit: true).word == "")
        #expect(UnfinishedLine([], 0, "=", isSplit: true).word == "=")
    }

    @Test("every option without a value is known to have none")
    func flags() async throws {
        let help = try await Tool()("--experimental-dump-help")
        let options = try Options(help.output)
        #expect(options.flags.count > 10)
        for flag in options.flags {
            let line = UnfinishedLine(["lymph", flag, "word", ""], 3, "", isSplit: false)
            #expect(line.arguments == ["word"], "\(flag)")
        }
        for option in options.valued.subtracting(options.flags) {
            let line = UnfinishedLine(["lymph", option, "word", ""], 3, "", isSplit: false)
            #expect(line.arguments == [], "\(option)")
        }
    }
}
