import Foundation
import RegistryBehaviour
import Testing
import ZeroMQ

@testable import Lymph

/// Changes in other processes, and to the directory itself, while a service is watched.
@Suite(.timeLimit(.minutes(1))) struct DirectoryRegistryWatchTests {
    private let parent: TemporaryDirectory
    private let path: String

    init() throws {
        parent = try TemporaryDirectory()
        path = parent.path + "/registry"
    }

    @Test(.enabled(if: Holder.isAvailable, "python3 is missing"), arguments: [SIGKILL, SIGTERM])
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
            #expect(clock.now - killed < .seconds(10))
            await holder.end()
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: path)
        #expect(files.count == 2)
    }

    @Test(.enabled(if: Holder.isAvailable, "python3 is missing"))
    func aStoppedProcessIsAlive() async throws {
        let holder = try await Holder(path: path, ports: 2...2)
        holder.kill(SIGSTOP)
        let registry = DirectoryRegistry(path: path)
        #expect(try await registry.services() == ["echo"])
        holder.kill(SIGKILL)
        await holder.end()
        #expect(try await registry.services() == [])
    }

    @Test(.enabled(if: Holder.isAvailable, "python3 is missing"))
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

    /// The kernel reports that a file was closed shortly before it releases the lock; this test prolongs that moment.
    @Test func looksAgainWhileTheLockIsStillThere() async throws {
        let (watching, other) = (DirectoryRegistry(path: path), DirectoryRegistry(path: path))
        try await other.register(.sample(port: 1))
        let file = path + "/" + RegistryFileName.instance(of: "echo", token: UniqueID.random())
        var writer: LockedFile? = try LockedFile(file, try ServiceInstance.sample(port: 2).json(), isLocked: false)
        let lock = open(file, O_RDONLY | O_CLOEXEC)
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        var lists = try await watching.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 2)
        writer = nil
        // When this is seen, the end of the writer has been seen, too.
        try await other.register(.sample(port: 3))
        #expect(await lists.next(ids: ["echo-1", "echo-2", "echo-3"]) != nil)
        close(lock)
        #expect(await lists.next(ids: ["echo-1", "echo-3"]) != nil)
        _ = writer
    }

    @Test func survivesTheRemovalOfTheDirectory() async throws {
        let (watching, other) = (DirectoryRegistry(path: path), DirectoryRegistry(path: path))
        try await watching.register(.sample(port: 1))
        try await other.register(.sample(port: 2))
        var lists = try await watching.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 2)
        try FileManager.default.removeItem(atPath: path)
        // Both put their instance back, perhaps before the loss is seen.
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

    /// The lists stay unchanged while the directory can't be used, and are correct again when it can.
    @Test func survivesALockedDirectory() async throws {
        let (watching, other) = (DirectoryRegistry(path: path), DirectoryRegistry(path: path))
        try await watching.register(.sample(port: 1))
        try await other.register(.sample(port: 2))
        var lists = try await watching.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 2)
        chmod(path, 0o755)
        await other.unregister(try .sample(port: 2))
        await #expect(throws: RegistryError.self) { try await watching.services() }
        while !(await watching.hasGivenUpForNow), !Task.isCancelled { await Task.yield() }
        chmod(path, 0o700)
        #expect(await lists.next(ids: ["echo-1"]) != nil)
    }

    @Test(arguments: [false, true])
    func republishesFilesThatSomebodyRemoved(byNextRegistration: Bool) async throws {
        let (owner, watching) = (DirectoryRegistry(path: path), DirectoryRegistry(path: path))
        try await owner.register(.sample(port: 1))
        try await owner.register(.sample(port: 2))
        var lists = try await watching.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 2)
        let own = byNextRegistration ? nil : try await owner.instances(of: "echo")
        for name in try FileManager.default.contentsOfDirectory(atPath: path) { unlink(path + "/" + name) }
        #expect(await lists.next(ids: []) != nil)
        if byNextRegistration { try await owner.register(.sample(port: 2)) }
        #expect(await lists.next(ids: ["echo-1", "echo-2"]) != nil)
        withExtendedLifetime(own) {}
    }

    /// Nothing is put back while a whole tree is being removed.
    @Test func getsOutOfTheWayOfARemoval() async throws {
        let registry = DirectoryRegistry(path: path)
        for port in UInt16(1)...20 { try await registry.register(.sample(port: port)) }
        let stream = try await registry.instances(of: "echo")
        for name in try FileManager.default.contentsOfDirectory(atPath: path) { unlink(path + "/" + name) }
        #expect(rmdir(path) == 0)
        #expect(rmdir(parent.path) == 0)
        mkdir(parent.path, 0o700)
        let other = DirectoryRegistry(path: path)
        while try await other.services() != ["echo"], !Task.isCancelled { await Task.yield() }
        withExtendedLifetime(stream) {}
    }

    @Test func explainsTheLimitsOfTheSystem() throws {
        let missing = parent.path + "/missing"
        let directory = try RegistryDirectory(path: path).open()
        let error = try #require(throws: SystemError.self) {
            try DirectoryWatch(path: missing, directory: directory.identity, thread: EventThread(name: "test")) { _ in }
        }
        #expect(error.code == ENOENT)
        #expect(WatchNews.explanation(of: EMFILE, path: path).contains("fs.inotify.max_user_instances"))
        #expect(WatchNews.explanation(of: ENOSPC, path: path).contains("fs.inotify.max_user_watches"))
    }
}

extension DirectoryRegistry {
    /// Whether it could not watch and will try again.
    fileprivate var hasGivenUpForNow: Bool { watch == nil && agenda.isStartScheduled }
}
