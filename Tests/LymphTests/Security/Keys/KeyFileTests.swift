import Foundation
import Testing

@testable import Lymph

@Suite("Files of keys")
struct KeyFileTests {
    private let directory: TemporaryDirectory
    // From the manual of zmq_curve.
    private let publicText = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
    private let secretText = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"

    init() throws { directory = try TemporaryDirectory() }

    private func write(_ text: String, mode: Int = 0o600, name: String = "x.key_secret") throws -> String {
        let path = "\(directory.path)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    private func refusal(_ path: String) -> String {
        do throws(KeyError) {
            return "\(try KeyPair(contentsOf: path))"
        } catch {
            return error.description.replacing(path, with: "FILE")
        }
    }

    @Test("what was written is read; only the owner can read the secret key")
    func roundTrip() throws {
        let pair = try KeyPair.generate()
        let paths = try pair.write(name: "echo.web-1_2", to: directory.path)
        #expect(paths.publicKey == "\(directory.path)/echo.web-1_2.key")
        #expect(paths.secretKey == "\(directory.path)/echo.web-1_2.key_secret")
        #expect(try PublicKey(contentsOf: paths.publicKey) == pair.publicKey)
        let read = try KeyPair(contentsOf: paths.secretKey)
        #expect((read.publicKey, read.secret) == (pair.publicKey, pair.secret))
        #expect(try mode(paths.secretKey) == 0o600)
        #expect(try mode(paths.publicKey) & 0o600 == 0o600)
        #expect(try !String(contentsOfFile: paths.publicKey, encoding: .utf8).contains(pair.secret))
    }

    @Test("nothing is overwritten, and nothing is left by a failure", arguments: ["key", "key_secret"])
    func overwriting(type: String) throws {
        let path = try write("mine", name: "a.\(type)")
        let error = #expect(throws: KeyError.self) { try KeyPair.generate().write(name: "a", to: directory.path + "/") }
        #expect(error?.description == "\(path): the file exists already, and keys are not overwritten")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["a.\(type)"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    }

    @Test("a name stays within its directory", arguments: ["", ".", "../x", "a/b", "-x", ".x", "a b", "ü", "a\n"])
    func names(name: String) throws {
        let error = #expect(throws: KeyError.self) { try KeyPair.generate().write(name: name, to: directory.path) }
        #expect(error?.message.contains("can't be the name") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
    }

    @Test("a directory that is not there is an error")
    func noDirectory() throws {
        let error = #expect(throws: KeyError.self) {
            try KeyPair.generate().write(name: "a", to: directory.path + "/no")
        }
        #expect(
            error?.description
                == "\(directory.path)/no/a.key_secret: the file can't be written: No such file or directory")
    }

    @Test("a file that others can access is refused", arguments: [0o640, 0o604, 0o660, 0o610, 0o777])
    func access(mode: Int) throws {
        let path = try write("curve\n    secret-key = \"\(secretText)\"", mode: mode)
        #expect(refusal(path) == "FILE: others can access the file with the secret key; run \"chmod 600 FILE\"")
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
        #expect(refusal(path) == "KeyPair(\(publicText))")
    }

    @Test("the public key may be missing, but not be another's")
    func publicKey() throws {
        let wrong = String(publicText.dropLast(5)) + "00000"
        let secretLine = "    secret-key = '\(secretText)'\n"
        #expect(refusal(try write("curve\n" + secretLine)) == "KeyPair(\(publicText))")
        #expect(
            refusal(try write("curve\n    public-key = '\(wrong)'\n" + secretLine))
                == "FILE:3: the public key is not that of the secret key")
    }

    @Test("mistakes in the content have their line")
    func content() throws {
        let path = try write("curve\n    public-key = \"\(publicText)\"\n", mode: 0o644)
        #expect(try PublicKey(contentsOf: path).description == publicText)
        let noSecret = try write("curve\n    public-key = \"\(publicText)\"\n")
        #expect(
            refusal(noSecret)
                == "FILE: the file has no secret key; allowed: the file NAME.key_secret, which is next to NAME.key")
        #expect(refusal(try write("curve\n    secret-key = \"\(secretText)1\"")).hasPrefix("FILE:2: the key has 41"))
        #expect(refusal(try write("curve\n    secret-key = \"")).hasPrefix("FILE:2: the value doesn't end"))
        let twice = "    secret-key = \"\(secretText)\"\n"
        #expect(
            refusal(try write("curve\n" + twice + twice)).hasPrefix("FILE:3: curve.secret-key is already on line 2"))
        let error = #expect(throws: KeyError.self) { try PublicKey(contentsOf: try write("")) }
        #expect(error?.message == "the file has no public key")
    }

    @Test("what is not a file of keys is refused without being read to its end", .timeLimit(.minutes(1)))
    func notAFile() throws {
        #expect(refusal(directory.path) == "FILE: it is a directory; allowed: a file of keys")
        #expect(refusal(directory.path + "/none") == "FILE: the file can't be read: No such file or directory")
        #expect(refusal("/dev/zero") == "FILE: it is not a file; allowed: a file of keys")
        let pipe = directory.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(refusal(pipe) == "FILE: it is not a file; allowed: a file of keys")
        let large = try write(String(repeating: "#", count: 64 * 1024 + 1))
        #expect(refusal(large) == "FILE: the file is too large; allowed: 64 KiB")
        #expect(refusal(try write(String(repeating: "#", count: 64 * 1024))).contains("no secret key"))
    }
}
