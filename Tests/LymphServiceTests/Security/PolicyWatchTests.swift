import Lymph
import Testing

@testable import LymphService

@Suite("Watched policies", .timeLimit(.minutes(1)))
struct PolicyWatchTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func yaml(_ name: String) -> String { "peers:\n    \(name): {plain: ['::1']}\n" }

    private func names(_ result: Result<AccessPolicy, ConfigurationError>?) throws -> [String] {
        try #require(result).get().members.map(\.name)
    }

    @Test("each change is news; a bad edit is told, and the policy before stays")
    func changes() async throws {
        let path = try folder.write(yaml("a"), to: "policy.yml")
        var news = PolicyWatch(of: path).makeAsyncIterator()
        #expect(try await names(news.next()) == ["a"])
        try folder.write(yaml("b"), to: "policy.yml")
        #expect(try await names(news.next()) == ["b"])
        try folder.write("peers: [", to: "policy.yml")
        let bad = try #require(await news.next())
        #expect(throws: ConfigurationError.self) { try bad.get() }
        try folder.write(yaml("b"), to: "policy.yml")
        #expect(try await names(news.next()) == ["b"])
    }

    @Test("only what differs is news, and what follows a mistake")
    func news() throws {
        let (a, b) = try (
            AccessPolicy(members: []), AccessPolicy(members: [.init(name: "b", plain: [.init(validating: "::1")])])
        )
        let mistake = ConfigurationError(.init(message: "bad"))
        var news = PolicyNews()
        #expect(news.take(.success(a)) == true)
        #expect(news.take(.success(a)) == false)
        #expect(news.take(.success(b)) == true)
        #expect(news.take(.failure(mistake)) == true)
        #expect(news.take(.failure(mistake)) == false)
        #expect(news.take(.success(b)) == true)
    }

    @Test("cancelling ends it")
    func cancellation() async throws {
        let watch = PolicyWatch(of: try folder.write(yaml("a"), to: "policy.yml"))
        let count = await withTaskGroup { group in
            let (seen, told) = AsyncStream.makeStream(of: Void.self)
            group.addTask {
                var count = 0
                for await _ in watch {
                    count += 1
                    told.yield()
                }
                return count
            }
            for await _ in seen { break }
            group.cancelAll()
            return await group.next()
        }
        #expect(count == 1)
    }
}
