import Foundation
@testable import Lymph
import Testing

/// What happens in other processes, and to the directory itself, while somebody watches.
@Suite(.timeLimit(.minutes(1))) struct DirectoryRegistryWatchTests {
    private let parent: TemporaryDirectory
    private let path: String

    init() throws {
        parent = try TemporaryDirectory()
        path = parent.path + "/registry"
    }

    @Test(.enabled(if: Holder.isAvailable, "there is no python3"), arguments: [SIGKILL, SIGTERM])
    func aDeadProcessIsGoneAtOnce(signal: Int32) async throws {
        let registry = DirectoryRegistry(path: path)
        try await registry.register(.sample(port: 1))
        var lists = try await registry.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 1)
        for _ in 0..<5 {
            let holder = try await Holder(path: path, ports: 2...3)
            #expect(await lists.next(ids: ["echo-1", "echo-2", "echo-3"]) != nil)
            let clock = ContinuousClock()
            let killed = clock.now
            holder.kill(signal)
            #expect(await lists.next(ids: ["echo-1"]) != nil)
            #expect(clock.now - killed < .seconds(1))
            await holder.end()
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: path)
        #expect(files.count == 2)
    }

    @Test(.enabled(if: Holder.isAvailable, "there is no python3"))
    func aStoppedProcessIsAlive() async throws {
        let holder = try await Holder(path: path, ports: 2...2)
        holder.kill(SIGSTOP)
        let registry = DirectoryRegistry(path: path)
        #expect(try await registry.services() == ["echo"])
        holder.kill(SIGKILL)
        await holder.end()
        #expect(try await registry.services() == [])
    }

    @Test(.enabled(if: Holder.isAvailable, "there is no python3"))
    func aRestartedProcessReplacesTheOldOne() async throws {
        let registry = DirectoryRegistry(path: path)
        let old = try await Holder(path: path, ports: 2...2)
        var lists = try await registry.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 1)
        let new = try await Holder(path: path, ports: 2...3)
        #expect(await lists.next(ids: ["echo-2", "echo-3"]) != nil)
        old.kill(SIGKILL)
        await old.end()
        try await registry.register(.sample(port: 4))
        #expect(await lists.next(ids: ["echo-2", "echo-3", "echo-4"]) != nil)
        new.kill(SIGKILL)
        #expect(await lists.next(ids: ["echo-4"]) != nil)
        await new.end()
    }

    @Test func survivesTheRemovalOfTheDirectory() async throws {
        let (watching, other) = (DirectoryRegistry(path: path), DirectoryRegistry(path: path))
        try await watching.register(.sample(port: 1))
        try await other.register(.sample(port: 2))
        var lists = try await watching.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 2)
        try FileManager.default.removeItem(atPath: path)
        // The watcher creates it again with its own instance; the other one returns with its next registration.
        #expect(await lists.next(ids: ["echo-1"]) != nil)
        try await other.register(.sample(port: 3))
        #expect(await lists.next(ids: ["echo-1", "echo-2", "echo-3"]) != nil)
        await other.unregister(try .sample(port: 2))
        await other.unregister(try .sample(port: 3))
        #expect(await lists.next(ids: ["echo-1"]) != nil)
    }

    @Test func survivesTheReplacementOfTheDirectory() async throws {
        let (watching, other) = (DirectoryRegistry(path: path), DirectoryRegistry(path: path))
        try await watching.register(.sample(port: 1))
        var lists = try await watching.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 1)
        rename(path, path + "-old")
        try await other.register(.sample(port: 2))
        #expect(await lists.next(ids: ["echo-1", "echo-2"]) != nil)
        await other.unregister(try .sample(port: 2))
        #expect(await lists.next(ids: ["echo-1"]) != nil)
    }

    /// The lists stay as they were while the directory cannot be used, and are right again when it can.
    @Test func survivesALockedDirectory() async throws {
        let (watching, other) = (DirectoryRegistry(path: path), DirectoryRegistry(path: path))
        try await watching.register(.sample(port: 1))
        try await other.register(.sample(port: 2))
        var lists = try await watching.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 2)
        chmod(path, 0o755)
        await other.unregister(try .sample(port: 2))
        await #expect(throws: RegistryError.self) { try await watching.services() }
        while await watching.isWatching { await Task.yield() }
        chmod(path, 0o700)
        #expect(await lists.next(ids: ["echo-1"]) != nil)
    }

    @Test func republishesAFileThatSomebodyRemoved() async throws {
        let registry = DirectoryRegistry(path: path)
        try await registry.register(.sample(port: 1))
        try await registry.register(.sample(port: 2))
        var lists = try await registry.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 2)
        for name in try FileManager.default.contentsOfDirectory(atPath: path) { unlink(path + "/" + name) }
        try await registry.register(.sample(port: 3))
        #expect(await lists.next(ids: ["echo-1", "echo-2", "echo-3"]) != nil)
        var others = try await DirectoryRegistry(path: path).instances(of: "echo").makeAsyncIterator()
        #expect(await others.next()?.count == 3)
    }

    @Test func explainsTheLimitsOfTheSystem() throws {
        let missing = parent.path + "/missing"
        let directory = try RegistryDirectory(path: path).open()
        let error = try #require(throws: RegistryError.self) {
            try DirectoryWatch(path: missing, directory: directory.identity, queue: .main) { _ in }
        }
        #expect(error.code == .unavailable)
        #expect(DirectoryWatch.explanation(of: EMFILE, path: path).contains("fs.inotify.max_user_instances"))
        #expect(DirectoryWatch.explanation(of: ENOSPC, path: path).contains("fs.inotify.max_user_watches"))
    }
}

extension DirectoryRegistry {
    fileprivate var isWatching: Bool { watch != nil }
}
