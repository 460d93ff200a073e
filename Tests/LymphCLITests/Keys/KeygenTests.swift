import Foundation
import Lymph
import LymphService
import Testing

@testable import LymphCLI

@Suite("lymph keygen", .timeLimit(.minutes(1)))
struct KeygenTests {
    @Test("it writes both files, and shows where the public key belongs")
    func files() async throws {
        let folder = try TemporaryFolder()
        let lymph = Tool(folder: folder.path)
        let outcome = try await lymph("keygen", "echo")
        let pair = try KeyPair(contentsOf: folder.path + "/echo.key_secret")
        let key = try PublicKey(contentsOf: folder.path + "/echo.key")
        #expect(outcome.status == 0 && outcome.errors == "")
        #expect(
            outcome.output == """
                Public key: \(key)
                Written:    echo.key, echo.key_secret
                Policy:     echo: {keys: ["\(key)"], may: []}
                Setting:    container.security.key: echo.key_secret

                """)
        #expect(pair.publicKey == key)
        #expect(!outcome.output.contains(pair.secret))
        let again = try await lymph("keygen", "echo")
        #expect(again.status == 1 && again.output == "")
        #expect(
            again.errors == "lymph: echo.key_secret: the file exists already, and keys are not overwritten\n")
        #expect(try PublicKey(contentsOf: folder.path + "/echo.key") == key)
    }

    @Test("another directory, and JSON")
    func json() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Tool()("keygen", "web", "--directory", folder.path, "--json")
        let document = try JSONParser.parse(Array(outcome.output.utf8))
        #expect(document["name"] == "web")
        #expect(document["public_file"] == .string(folder.path + "/web.key"))
        #expect(document["secret_file"] == .string(folder.path + "/web.key_secret"))
        #expect(
            document["public_key"]
                == .string(try KeyPair(contentsOf: folder.path + "/web.key_secret").publicKey.description))
    }

    @Test("the line for the policy can be pasted into one")
    func policy() async throws {
        let folder = try TemporaryFolder()
        let pair = try KeyPair.generate()
        for name in ["echo", "1.5", "yes", "a.b-c_d"] {
            let keys = NewKeys(name: name, publicKey: pair.publicKey, publicPath: "", secretPath: "")
            try folder.write("peers:\n    \(keys.policy)\n", to: "policy.yml")
            let policy = try PolicyFile.read(folder.path + "/policy.yml")
            #expect(policy.members == [.init(name: name, keys: [pair.publicKey])])
        }
    }

    @Test("mistakes are told")
    func mistakes() async throws {
        let folder = try TemporaryFolder()
        let name = try await Tool(folder: folder.path)("keygen", "../echo")
        #expect(name.status == 1 && name.errors.hasPrefix(#"lymph: "../echo" can't be the name of a key; allowed: "#))
        let directory = try await Tool(folder: folder.path)("keygen", "echo", "--directory", "none")
        #expect(
            directory.errors == "lymph: none/echo.key_secret: the file can't be written: No such file or directory\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
}
