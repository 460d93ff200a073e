import RegistryBehaviour
import Testing

@testable import Lymph

/// The parts of the directory registry that do no input or output.
@Suite struct DirectoryPartsTests {
    @Test(
        arguments: [
            (["LYMPH_REGISTRY_DIR": "/a", "XDG_RUNTIME_DIR": "/run/user/7"], true, "/a"),
            (["LYMPH_REGISTRY_DIR": "", "XDG_RUNTIME_DIR": "/run/user/7"], true, "/run/user/7/lymph"),
            (["XDG_RUNTIME_DIR": "/run/user/7/"], true, "/run/user/7/lymph"),
            (["XDG_RUNTIME_DIR": "/run/user/7"], false, "/tmp/lymph-7"),
            (["XDG_RUNTIME_DIR": "run"], true, "/tmp/lymph-7"), (["XDG_RUNTIME_DIR": ""], true, "/tmp/lymph-7"),
            (["TMPDIR": "/elsewhere"], true, "/tmp/lymph-7"), ([:], true, "/tmp/lymph-7"),
        ] as [([String: String], Bool, String)])
    func choosesADirectory(environment: [String: String], isUsable: Bool, expected: String) {
        #expect(RegistryLocation.path(environment: { environment[$0] }, user: 7) { _ in isUsable } == expected)
    }

    @Test(arguments: [("/a", "/a"), ("/a/", "/a"), ("/a///", "/a"), ("/", "/"), ("//", "/"), ("", "")])
    func dropsSlashesAtTheEnd(path: String, expected: String) {
        #expect(RegistryLocation.normalized(path) == expected)
    }

    private func record(mask: UInt32, name: String, padding: Int = 0) -> [UInt8] {
        let field = Array(name.utf8) + Array(repeating: 0, count: padding)
        return [UInt32(bitPattern: 1), mask, 0, UInt32(field.count)].flatMap { value in
            withUnsafeBytes(of: value) { Array($0) }
        } + field
    }

    @Test func readsEvents() {
        let bytes =
            record(mask: 0x80, name: "moved", padding: 11) + record(mask: 0x8, name: "closed", padding: 2)
            + record(mask: 0x200, name: "deleted") + record(mask: 0x4000, name: "") + record(mask: 0x40, name: "away")
            + record(mask: 0x400, name: "") + record(mask: 0x8000, name: "") + record(mask: 0x80, name: "")
        let events = bytes.withUnsafeBytes { DirectoryEvent.parse($0) }
        #expect(
            events == [
                .changed("moved"), .closed("closed"), .changed("deleted"), .overflow, .changed("away"), .directoryGone,
                .directoryGone,
            ])
        for end in bytes.indices {
            #expect(bytes[..<end].withUnsafeBytes { DirectoryEvent.parse($0) }.count < events.count + 1)
        }
    }

    @Test func readsRandomEvents() {
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...100)).map { _ in UInt8.random(in: 0...255) & UInt8.random(in: 0...255) }
            #expect(bytes.withUnsafeBytes { DirectoryEvent.parse($0) }.count <= bytes.count / 16)
        }
    }

    @Test func theFileWrittenLastCounts() throws {
        var contents = DirectoryContents()
        let (old, new) = (try ServiceInstance.sample(port: 1, id: "x"), try ServiceInstance.sample(port: 2, id: "x"))
        contents.update("b", of: "echo", to: .alive(new, written: 2))
        contents.update("a", of: "echo", to: .alive(old, written: 1))
        #expect(contents.instances(of: "echo") == [new])
        contents.update("b", of: "echo", to: .gone)
        #expect(contents.instances(of: "echo") == [old])
        contents.update("a", of: "echo", to: .foreign)
        #expect(contents.instances(of: "echo") == [])
        #expect(contents.files(of: "echo") == [])
        contents.replace(
            "echo",
            with: [
                SurveyedFile(name: "a", service: "echo", state: .alive(old, written: 1)),
                SurveyedFile(name: "b", service: "echo", state: .gone),
            ])
        #expect(contents.files(of: "echo") == ["a"])
        contents.keep([])
        #expect(contents.instances(of: "echo") == [])
    }
}
