import Logging
import Lymph
import Testing

@testable import LymphFleet

@Suite("The clients of a fleet's commands", .timeLimit(.minutes(1)))
struct FleetTests {
    @Test("a misspelt name is reported at once, whatever grace the fleet's services have")
    func unknown() async throws {
        let settings = PeerConfiguration(port: 4711, timeout: .seconds(600), startupGrace: .seconds(600))
        let fleet = Fleet(
            registry: StaticRegistry(), settings: settings, isAddressChosen: true,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await fleet.withClient { client in
            #expect(client.configuration.port == 0)
            let error = await #expect(throws: LymphError.self) {
                try await client.proxy("ecko").call("upper", text: "a")
            }
            #expect(error?.code == .lookupFailure)
        }
    }
}
