import Foundation
import RegistryBehaviour
import Testing

@testable import Lymph

@Suite(.timeLimit(.minutes(1))) struct DirectoryRegistryTests {
    private let parent: TemporaryDirectory
    private let path: String

    init() throws {
        parent = try TemporaryDirectory()
        path = parent.path + "/registry"
    }

    private func makeDirectory(mode: mode_t = 0o700) {
        mkdir(path, 0o700)
        chmod(path, mode)
    }

    private func put(_ text: String, in name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path + name))
    }

    private func entries() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    private func refusal() async throws -> String {
        let registry = DirectoryRegistry(path: path)
        var messages: Set<String> = []
        let attempts: [@Sendable () async throws -> Void] = [
            { try await registry.register(.sample()) }, { _ = try await registry.services() },
            { _ = try await registry.instances(of: "echo") },
        ]
        for attempt in attempts {
            let error = try await #require(throws: RegistryError.self) { try await attempt() }
            #expect(error.code == .unavailable)
            messages.insert(error.message)
        }
        #expect(messages.count == 1)
        let message = try #require(messages.first)
        #expect(message.contains(path))
        #expect(message.contains("LYMPH_REGISTRY_DIR"))
        return message
    }

    // MARK: The directory

    @Test func createsAPrivateDirectory() async throws {
        let registry = DirectoryRegistry(path: path + "//")
        #expect(!FileManager.default.fileExists(atPath: path))
        try await registry.register(.sample())
        var status = stat()
        #expect(lstat(path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o700)
        let file = try #require(try entries().first { $0.hasSuffix(".json") })
        #expect(lstat(path + "/" + file, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600)
        #expect(try entries().count == 2)
        #expect(registry.path == path)
    }

    @Test(arguments: [0o701, 0o710, 0o755, 0o777, 0o1777] as [mode_t])
    func refusesADirectoryOpenToOthers(mode: mode_t) async throws {
        makeDirectory(mode: mode)
        #expect(try await refusal().contains("chmod 700"))
        #expect(try entries() == [])
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a directory away"))
    func refusesAForeignDirectory() async throws {
        makeDirectory()
        #expect(chown(path, 65534, 65534) == 0)
        #expect(try await refusal().contains("another user"))
    }

    @Test(arguments: ["", "/"])
    func refusesASymbolicLink(slash: String) async throws {
        mkdir(path + "-real", 0o700)
        symlink(path + "-real", path)
        #expect(try await refusal().contains("symbolic link"))
        let registry = DirectoryRegistry(path: path + slash)
        await #expect(throws: RegistryError.self) { try await registry.register(.sample()) }
    }

    @Test func refusesAFile() async throws {
        try put("", in: "")
        #expect(try await refusal().contains("not a directory"))
    }

    @Test func refusesAMissingParent() async throws {
        try FileManager.default.removeItem(atPath: parent.path)
        #expect(try await refusal().contains("parent"))
    }

    // MARK: Strange files

    @Test func ignoresForeignFiles() async throws {
        makeDirectory()
        let names = ["README", "echo", "echo~x.json", ".hidden", "echo~known~", "%zz~known", "core.1234"]
        for name in names { try put("{}", in: "/" + name) }
        mkdir(path + "/" + RegistryFileName.instance(of: "echo", token: UniqueID.random()), 0o700)
        let registry = DirectoryRegistry(path: path)
        try await registry.register(.sample())
        var lists = try await registry.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next() == [try .sample()])
        #expect(try await registry.services() == ["echo"])
        #expect(Set(try entries()).isSuperset(of: names))
    }

    /// Opening a pipe for reading would wait for a writer.
    @Test func doesNotWaitForPipes() async throws {
        makeDirectory()
        let pipe = RegistryFileName.instance(of: "echo", token: UniqueID.random())
        mkfifo(path + "/" + pipe, 0o600)
        mkfifo(path + "/" + RegistryFileName.temporary(token: UniqueID.random()), 0o600)
        let registry = DirectoryRegistry(path: path)
        try await registry.register(.sample())
        #expect(try await registry.services() == ["echo"])
        var lists = try await registry.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 1)
        #expect(try entries().contains(pipe))
    }

    @Test func doesNotFollowLinks() async throws {
        let registry = DirectoryRegistry(path: path)
        try await registry.register(.sample())
        let file = try #require(try entries().first { $0.hasSuffix(".json") })
        let link = RegistryFileName.instance(of: "copy", token: UniqueID.random())
        symlink(path + "/" + file, path + "/" + link)
        #expect(try await registry.services() == ["echo"])
        #expect(try entries().contains(link))
    }

    @Test(arguments: [
        "", "{", #"{"id": "x"}"#, #"{"endpoint": "tcp://127.0.0.1:1"#, "\u{FFFD}",
        #"{"endpoint": "tcp://127.0.0.1:1", "x": ""# + String(repeating: "x", count: 65536) + #""}"#,
    ])
    func ignoresUnreadableDocumentsOfLivingOwners(document: String) async throws {
        makeDirectory()
        let file = try LockedFile(
            path + "/" + RegistryFileName.instance(of: "echo", token: UniqueID.random()), document)
        let registry = DirectoryRegistry(path: path)
        #expect(try await registry.services() == [])
        try await registry.register(.sample())
        var lists = try await registry.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next() == [try .sample()])
        #expect(FileManager.default.fileExists(atPath: file.path))
    }

    @Test func seesWhateverHoldsTheLock() async throws {
        makeDirectory()
        let instance = try ServiceInstance.sample()
        let document = String(decoding: instance.json(), as: UTF8.self)
        let name = RegistryFileName.instance(of: "echo", token: UniqueID.random())
        let file = try LockedFile(path + "/" + name, document)
        let registry = DirectoryRegistry(path: path)
        #expect(try await registry.services() == ["echo"])
        file.unlock()
        #expect(try await registry.services() == [])
        #expect(try entries() == [])
    }

    @Test func removesLeftovers() async throws {
        makeDirectory()
        let dead = [
            RegistryFileName.instance(of: "echo", token: UniqueID.random()),
            RegistryFileName.temporary(token: UniqueID.random()),
        ]
        for name in dead { try put("{", in: "/" + name) }
        let living = try LockedFile(path + "/" + RegistryFileName.temporary(token: UniqueID.random()), "{")
        let registry = DirectoryRegistry(path: path)
        try await registry.register(.sample())
        var lists = try await registry.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next() == [try .sample()])
        #expect(!(try entries().contains { dead.contains($0) }))
        #expect(FileManager.default.fileExists(atPath: living.path))
    }

    @Test func refusesAHugeInstance() async throws {
        let registry = DirectoryRegistry(path: path)
        let instance = ServiceInstance(
            service: "echo", endpoint: try Endpoint(validating: "tcp://127.0.0.1:1"),
            features: [String(repeating: "x", count: 70_000)])
        let error = try await #require(throws: RegistryError.self) { try await registry.register(instance) }
        #expect(error.code == .registrationFailure)
        #expect(try await registry.services() == [])
    }

    // MARK: Lifetimes

    @Test func unregistersItsOwnOnly() async throws {
        let (mine, others) = (DirectoryRegistry(path: path), DirectoryRegistry(path: path))
        try await mine.register(.sample())
        await others.unregister(try .sample())
        #expect(try await others.services() == ["echo"])
        try await others.register(.sample())
        await mine.unregister(try .sample())
        var lists = try await mine.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next() == [try .sample()])
        await others.unregister(try .sample())
        #expect(await lists.next() == [])
        #expect(try entries() == ["echo~known"])
    }

    @Test func registrationsEndWithTheRegistry() async throws {
        var owner: DirectoryRegistry? = DirectoryRegistry(path: path)
        try await owner?.register(.sample())
        let registry = DirectoryRegistry(path: path)
        var lists = try await registry.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 1)
        owner = nil
        #expect(await lists.next() == [])
    }

    @Test func leavesNothingOpen() async throws {
        let registry = DirectoryRegistry(path: path)
        try await registry.register(.sample())
        let held = OpenFiles.count(in: path)
        #expect(held.files == 1)
        // A publication needs a watch.
        #expect(held.watches == 1)
        var streams: [AsyncStream<[ServiceInstance]>] = []
        for _ in 0..<5 { streams.append(try await registry.instances(of: "echo")) }
        #expect(OpenFiles.count(in: path).watches == 1)
        await #expect(throws: RegistryError.self) { try await registry.instances(of: "nobody") }
        let readers = streams.map { stream in Task { for await _ in stream {} } }
        streams = []
        for reader in readers { reader.cancel() }
        for reader in readers { await reader.value }
        while await !registry.watchers.isEmpty, !Task.isCancelled { await Task.yield() }
        #expect(OpenFiles.count(in: path) == held)
        var lists = try await registry.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 1)
        await registry.unregister(try .sample())
        #expect(await lists.next() == [])
        #expect(OpenFiles.count(in: path).files == 0)
        _ = consume lists
        // The last stream ends before the thread closes the descriptor.
        while OpenFiles.count(in: path) != .init(), !Task.isCancelled { await Task.yield() }
    }

    @Test func aFailedLookUpReleasesTheWatch() async throws {
        let registry = DirectoryRegistry(path: path)
        await #expect(throws: RegistryError.self) { try await registry.instances(of: "nobody") }
        while OpenFiles.count(in: path) != .init(files: 0, watches: 0), !Task.isCancelled { await Task.yield() }
    }
}
