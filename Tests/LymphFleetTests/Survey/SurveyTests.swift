import Lymph
import Testing

@testable import LymphFleet

struct SurveyTests {
    private func instance(_ version: Version?, port: UInt16 = 4100) throws -> ServiceInstance {
        ServiceInstance(service: "echo", endpoint: try Endpoint(host: "127.0.0.1", port: port), version: version)
    }

    @Test func groupsByServiceAndByVersion() throws {
        let survey = Survey(services: [
            "echo": [
                try instance("1.10.0"), try instance("1.9.0", port: 2), try instance("1.9.0", port: 1),
                try instance(nil),
            ],
            "away": [],
        ])
        let services = survey.groups(areVersionsApart: false)
        #expect(services.map(\.label) == ["away", "echo"])
        #expect(services[1].instances.map(\.version) == [nil, "1.9.0", "1.9.0", "1.10.0"])
        #expect(services[1].instances.map(\.endpoint.port) == [4100, 1, 2, 4100])
        let versions = survey.groups(areVersionsApart: true)
        #expect(versions.map(\.label) == ["away", "echo", "echo@1.9.0", "echo@1.10.0"])
        #expect(versions.map(\.instances.count) == [0, 1, 2, 1])
    }

    @Test func documentsHoldWhatWasPublished() throws {
        let survey = Survey(services: ["echo": [try instance("1.5.0")], "away": []])
        #expect(survey.json["away"] == [])
        let echo = try #require(survey.json["echo"])
        guard case .array(let documents) = echo else { Issue.record("\(echo) is not an array"); return }
        #expect(documents.map { $0["version"] } == ["1.5.0"])
        #expect(documents.map { $0["endpoint"] } == ["tcp://127.0.0.1:4100"])
    }

    @Test func takesWhatTheRegistryKnows() async throws {
        let registry = StaticRegistry()
        try await registry.register(try instance("1.5.0"))
        let all = try await Survey.take(registry, within: .seconds(60))
        #expect(all.instances.map(\.service) == ["echo"])
        let failure = await #expect(throws: RegistryError.self) {
            try await Survey.take(registry, names: ["ehco"], within: .seconds(60))
        }
        #expect(failure?.code == .lookupFailure)
    }
}
