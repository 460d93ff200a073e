import Foundation
import RegistryBehaviour
import Testing

@testable import Lymph

/// What others do to the registrations of a process that watches no service.
@Suite(.timeLimit(.minutes(1))) struct DirectoryRegistryKeepingTests {
    enum Harm: CaseIterable, Sendable {
        case removed, movedAway, movedElsewhere, replaced, changed, emptied, unreadable
        case lockTaken, directoryRemoved, directoryMoved
    }

    private let parent: TemporaryDirectory
    private let path: String
    private let records = LogRecords()

    init() throws {
        parent = try TemporaryDirectory()
        path = parent.path + "/registry"
    }

    private func file() throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        return try path + "/" + #require(names.first { $0.hasSuffix(".json") })
    }

    /// Releases the lock of a file that this process has open, and holds it for as long as the returned value lives.
    private func takeLock(of file: String) throws -> FileDescriptor {
        let numbers = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
        let owner = try #require(
            numbers.first {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == file
            })
        try #require(flock(owner, LOCK_UN) == 0)
        let thief = open(file, O_RDONLY | O_CLOEXEC)
        try #require(flock(thief, LOCK_EX | LOCK_NB) == 0)
        return FileDescriptor(owning: thief)
    }

    /// - Returns: The holder of the lock.
    private func harm(_ harm: Harm) throws -> FileDescriptor? {
        let file = try file()
        switch harm {
        case .removed: unlink(file)
        case .movedAway: rename(file, parent.path + "/elsewhere")
        case .movedElsewhere: rename(file, path + "/elsewhere")
        case .replaced:
            try Data("{}".utf8).write(to: URL(filePath: path + "/other"))
            rename(path + "/other", file)
        case .changed:
            let handle = try #require(FileHandle(forWritingAtPath: file))
            try handle.write(contentsOf: Data(#"{"endpoint": "tcp://127.0.0.1:9"}"#.utf8))
            try handle.close()
        case .emptied: truncate(file, 0)
        case .unreadable: chmod(file, 0)
        case .lockTaken: return try takeLock(of: file)
        case .directoryRemoved: try FileManager.default.removeItem(atPath: path)
        case .directoryMoved: rename(path, path + "-old")
        }
        return nil
    }

    /// Returns when the registration has been restored, and the log reports it.
    private func comesBack(_ registry: DirectoryRegistry) async throws {
        let other = DirectoryRegistry(path: path)
        while true {
            let isThere = try? await other.services() == ["echo"]
            if isThere == true, records.all.last == "info: the registration of echo is back" { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        var lists = try await other.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next() == [try .sample()])
    }

    @Test(arguments: Harm.allCases)
    func isUndone(_ harm: Harm) async throws {
        let registry = DirectoryRegistry(path: path, logger: records.logger)
        try await registry.register(.sample())
        let held = try self.harm(harm)
        defer { withExtendedLifetime(held) {} }
        // The kernel doesn't report truncated files or locks; they are found by periodic checks.
        if [.emptied, .lockTaken].contains(harm) { await registry.inspect() }
        try await comesBack(registry)
        #expect(records.all.first?.hasPrefix("warning: the registration of echo is gone (") == true)
        #expect(records.all.count == 2)
        await registry.unregister(try .sample())
        #expect(try await DirectoryRegistry(path: path).services() == [])
    }

    /// A user's runtime directory is removed with the last session, and created with the next.
    @Test func waitsForTheDirectoryAbove() async throws {
        let registry = DirectoryRegistry(path: path, logger: records.logger)
        try await registry.register(.sample())
        try FileManager.default.removeItem(atPath: parent.path)
        while records.all.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        #expect(records.all.first?.contains("its parent does not exist") == true)
        mkdir(parent.path, 0o700)
        try await comesBack(registry)
        #expect(records.all.count == 2)
    }

    @Test func waitsUntilTheDirectoryIsPrivateAgain() async throws {
        let registry = DirectoryRegistry(path: path, logger: records.logger)
        try await registry.register(.sample())
        chmod(path, 0o755)
        while records.all.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        #expect(records.all.first?.contains("open to others") == true)
        chmod(path, 0o700)
        try await comesBack(registry)
        #expect(records.all.count == 2)
    }

    /// The kernel doesn't report what happens to directories further up.
    @Test func isLookedAtWithoutAnyEvent() async throws {
        let registry = DirectoryRegistry(path: path, logger: records.logger)
        try await registry.register(.sample())
        rename(parent.path, parent.path + "-old")
        mkdir(parent.path, 0o700)
        await registry.inspect()
        try await comesBack(registry)
        try FileManager.default.removeItem(atPath: parent.path + "-old")
    }

    @Test func needsNoLookWhenNothingIsWrong() async throws {
        let registry = DirectoryRegistry(path: path, logger: records.logger)
        try await registry.register(.sample())
        let before = try file()
        await registry.inspect()
        chmod(try file(), 0o640)
        await registry.inspect()
        #expect(try file() == before)
        #expect(records.all == [])
        await registry.unregister(try .sample())
        // Nothing is watched any more.
        while OpenFiles.count(in: path) != .init(), !Task.isCancelled { await Task.yield() }
    }
}
