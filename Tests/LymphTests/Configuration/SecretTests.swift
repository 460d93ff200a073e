import Foundation
import Lymph
import MessagePack
import Testing

private struct Mail: ConfigurationSection, Equatable {
    enum Mode: String, Codable, CaseIterable { case fast, slow }
    struct Login: Codable, Equatable {
        var user: String
        var pin: Int
    }

    var sender = Secret("s3cr3t")
    var mode = Secret(Mode.fast)
    var login = Secret(Login(user: "s3cr3t", pin: 4711))
    var list: Secret<[String]>?
    var apiToken = "s3cr3t"
}

@Suite("Secrets")
struct SecretTests {
    private func mistakes(_ configuration: Configuration) -> String {
        do {
            return "\(try configuration.decode(Mail.self))"
        } catch {
            return error.description
        }
    }

    @Test("nothing shows the value")
    func shown() {
        let secret = Secret("s3cr3t")
        var dumped = ""
        dump(["x": secret], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\([secret])", "\(Optional(secret) as Any)", dumped] {
            #expect(!text.contains("s3cr3t"))
            #expect(text.contains("********"))
        }
        #expect(secret.value == "s3cr3t")
    }

    @Test("it is read like its value, from its default")
    func read() throws {
        #expect(try Configuration([:]).decode() == Mail())
        let mail: Mail = try Configuration([
            "sender": "x", "mode": "slow", "login": ["pin": 1], "list": ["a"],
        ]).decode()
        #expect(mail.sender.value == "x")
        #expect(mail.mode.value == .slow)
        #expect(mail.login.value == .init(user: "s3cr3t", pin: 1))
        #expect(mail.list?.value == ["a"])
    }

    @Test("mistakes show neither what was found nor the default, whatever the key is called")
    func mistakes() {
        let found = mistakes([
            "sender": 4712, "mode": "hidden", "login": ["pin": "hidden", "user": 4712], "list": ["a", 4712],
            "api_token": 4712,
        ])
        #expect(
            found.split(separator: "\n") == [
                "sender: found a value that is not shown; allowed: a string: put it in quotes",
                "mode: found a value that is not shown; allowed: fast, slow",
                "login.user: found a value that is not shown; allowed: a string: put it in quotes",
                "login.pin: found a value that is not shown; allowed: a whole number",
                "list[1]: found a value that is not shown; allowed: a string: put it in quotes",
                "api_token: found a value that is not shown; allowed: a string: put it in quotes",
            ], "\(found)")
    }

    @Test("the error of a type's own code is not shown either")
    func ownErrors() {
        struct Quoting: ConfigurationSection {
            struct Value: Codable {
                struct Wrong: Error { var text: String }
                init() {}
                init(from decoder: any Decoder) throws {
                    throw Wrong(text: try decoder.singleValueContainer().decode(String.self))
                }
                func encode(to encoder: any Encoder) throws {}
            }
            var value = Secret(Value())
        }
        do throws(ConfigurationError) {
            _ = try Configuration(["value": "s3cr3t"]).decode(Quoting.self)
            Issue.record("it was read")
        } catch {
            #expect(error.description == "value: can't be read as Value")
        }
    }

    @Test("other formats read it, but never write it")
    func otherFormats() throws {
        #expect(try JSONDecoder().decode([Secret<Int>].self, from: Data("[5]".utf8)) == [Secret(5)])
        #expect(throws: EncodingError.self) { try JSONEncoder().encode(Mail()) }
    }
}
