import ArgumentParser
import Foundation
import Lymph
import Testing

@testable import LymphService
@testable import LymphZooKeeper

private actor Nothing: Interface {
    static let routes = Routes<Nothing> {}
}

private struct Program: ServiceCommand {
    static let interfaces: [any Interface.Type] = [Nothing.self]
    static let registries: [RegistryClass] = [.zooKeeper]
}

/// ZooKeeper accepts connections, but is silent.
@Suite(.timeLimit(.minutes(1))) struct SilenceTests {
    @Test func keepsNoContainerThatIsStopped() async throws {
        let server = try SilentServer()
        let registry = try ZooKeeperRegistry(
            .init(hosts: "127.0.0.1:\(server.port)", connectTimeout: .seconds(3600)), logger: .silent)
        let container = try ServiceContainer(
            interfaces: [.init(Nothing.self, as: "nothing")], registry: registry, logger: .silent)
        let running = Task { try await container.run() }
        while container.progress.phase != .publishing, !Task.isCancelled { await Task.yield() }
        container.beginGracefulShutdown()
        try await running.value
        #expect(await registry.registrations.isEmpty)
        withExtendedLifetime(server) {}
    }

    @Test func keepsNoProcessThatIsStopped() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let signals = SignalWatch()
            let server = try SilentServer()
            Thread.detachNewThread {
                server.waitForSomebody()
                kill(getpid(), SIGTERM)
            }
            let file = FileManager.default.temporaryDirectory.appending(path: "lymph-\(UUID().uuidString).yml")
            let registry = "{class: zookeeper, hosts: '127.0.0.1:\(server.port)', connect_timeout: 1h}"
            try Data("container: {registry: \(registry)}".utf8).write(to: file)
            let options = try ServiceOptions<Program>.parse(["-c", file.path])
            let status = await ServiceRun(options, signals: signals, environment: [:]).run()
            try FileManager.default.removeItem(at: file)
            exit(status.rawValue)
        }
    }
}
