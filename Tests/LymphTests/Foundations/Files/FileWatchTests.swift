import Foundation
import Testing

@testable import Lymph

@Suite("Watched files", .timeLimit(.minutes(1)))
struct FileWatchTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path + "/policy.yml" }

    init() throws { directory = try TemporaryDirectory() }

    private func write(_ text: String, to name: String = "policy.yml") throws {
        let file = try #require(fopen("\(directory.path)/\(name)", "w"))
        fputs(text, file)
        #expect(fclose(file) == 0)
    }

    private func link(_ target: String, as name: String) { #expect(symlink(target, "\(directory.path)/\(name)") == 0) }

    private func move(_ name: String, to other: String) {
        #expect(rename("\(directory.path)/\(name)", "\(directory.path)/\(other)") == 0)
    }

    private func makeDirectory(_ name: String) { #expect(mkdir("\(directory.path)/\(name)", 0o700) == 0) }

    private func bytes(_ text: String) -> FileContent { .bytes(Array(text.utf8)) }

    @Test("writing, also with the same size and time")
    func writing() async throws {
        try write("a")
        let times = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
        let contents = FileWatch(path: path, limit: 10).makeAsyncIterator()
        #expect(await contents.next() == bytes("a"))
        try write("b")
        try FileManager.default.setAttributes([.modificationDate: #require(times)], ofItemAtPath: path)
        #expect(await contents.next() == bytes("b"))
    }

    @Test("replacing by a renamed file, and removing")
    func renaming() async throws {
        let contents = FileWatch(path: path, limit: 10).makeAsyncIterator()
        #expect(await contents.next() == .unreadable("No such file or directory"))
        for text in ["a", "b"] {
            try write(text, to: "new")
            move("new", to: "policy.yml")
            #expect(await contents.next() == bytes(text))
        }
        unlink(path)
        #expect(await contents.next() == .unreadable("No such file or directory"))
        makeDirectory("policy.yml")
        #expect(await contents.next() == .unreadable("it is a directory"))
        #expect(rmdir(path) == 0)
        try write("12345678901")
        #expect(await contents.next() == .unreadable("it has more than 10 bytes"))
        unlink(path)
        #expect(mkfifo(path, 0o600) == 0)
        #expect(await contents.next() == .unreadable("it is not a file"))
    }

    @Test("links as in a volume of Kubernetes: the one to the directory is replaced")
    func kubernetes() async throws {
        makeDirectory("..1")
        makeDirectory("..2")
        try write("a", to: "..1/policy.yml")
        try write("b", to: "..2/policy.yml")
        link("..1", as: "..data")
        link("..data/policy.yml", as: "policy.yml")
        let contents = FileWatch(path: path, limit: 10).makeAsyncIterator()
        #expect(await contents.next() == bytes("a"))
        link("..2", as: "..data_tmp")
        move("..data_tmp", to: "..data")
        #expect(await contents.next() == bytes("b"))
    }

    @Test("a link to a file elsewhere: both can change")
    func links() async throws {
        makeDirectory("a")
        makeDirectory("b")
        try write("a", to: "a/x")
        try write("b", to: "b/y")
        link("a/x", as: "policy.yml")
        let contents = FileWatch(path: path, limit: 10).makeAsyncIterator()
        #expect(await contents.next() == bytes("a"))
        try write("c", to: "a/x")
        #expect(await contents.next() == bytes("c"))
        unlink(path)
        link("\(directory.path)/b/y", as: "policy.yml")
        #expect(await contents.next() == bytes("b"))
        try write("d", to: "b/y")
        #expect(await contents.next() == bytes("d"))
    }

    @Test("the directory is replaced")
    func directories() async throws {
        makeDirectory("etc")
        try write("a", to: "etc/x")
        let contents = FileWatch(path: directory.path + "/etc/x", limit: 10).makeAsyncIterator()
        #expect(await contents.next() == bytes("a"))
        move("etc", to: "old")
        #expect(await contents.next() == .unreadable("No such file or directory"))
        makeDirectory("etc")
        try write("b", to: "etc/x")
        #expect(await contents.next() == bytes("b"))
    }

    @Test("an endless chain of links ends")
    func loop() async {
        link("policy.yml", as: "policy.yml")
        let contents = FileWatch(path: path, limit: 10).makeAsyncIterator()
        #expect(await contents.next() == .unreadable("Too many levels of symbolic links"))
        #expect(LinkedPath.directories(of: path) == [directory.path])
        #expect(LinkedPath.directories(of: "x") == [FileManager.default.currentDirectoryPath])
        #expect(LinkedPath.directories(of: "/none/x") == [])
        #expect(LinkedPath.directories(of: "/etc") == ["/"])
    }

    @Test("cancelling ends it")
    func cancellation() async throws {
        try write("a")
        let contents = FileWatch(path: path, limit: 10).makeAsyncIterator()
        #expect(await contents.next() == bytes("a"))
        await withTaskGroup { group in
            group.addTask { await contents.next() }
            group.cancelAll()
            #expect(await group.next() == .some(nil))
        }
        #expect(await contents.next() == nil)
    }
}
