import Lymph
import MessagePack
import Testing

/// A Python process dies while a Swift service handles its request.
@Suite("Absent Python callers", .needsPython, .python, .pythonLog, .serialized, .timeLimit(.minutes(2)))
struct AbsentCallerTests {
    let python: Python

    init() throws { python = try .shared() }

    @Test("The request of a caller that was killed is cancelled, and that of a living one goes on")
    func killed() async throws {
        let service = python.client.proxy(python.service.description, interface: "swift", timeout: .seconds(10))
        let mortal = try await PythonPeer.start(askedBy: python.client)
        try await PythonPeer.ending(mortal) {
            let caller = python.client.proxy(mortal.endpoint.description, interface: "caller", timeout: .seconds(60))
            let killed = caller.defer(
                "call", address: python.service, subject: "swift.linger",
                body: ["token": "killed", "seconds": 60] as Value, timeout: 60)
            defer { killed.cancel() }
            async let living = python.call("swift.linger", ["token": "living", "seconds": 8], timeout: 60)
            try await eventually("the requests did not begin") {
                let noted: Set<String> = try await service.call("noted")
                return noted == ["killed runs", "living runs"]
            }
            await mortal.kill()
            try await eventually(within: .seconds(30), "the request was not cancelled") {
                let noted: [String] = try await service.call("noted")
                return noted.contains("killed is cancelled")
            }
            #expect(try await living.value == "living")
            let noted: [String] = try await service.call("noted")
            #expect(!noted.contains("living is cancelled"))
        }
    }
}
