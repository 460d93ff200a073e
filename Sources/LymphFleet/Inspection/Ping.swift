package import Lymph
internal import MessagePack

/// One call of `lymph.ping`.
package struct Ping: Sendable {
    /// The time from sending the request to receiving the answer.
    package let time: Duration
    /// The process that answered, if the answer says so.
    package let source: Endpoint?
    /// Whether the answer came back on the connection of the request, which only swift-lymph does.
    package let cameBackOnSameConnection: Bool

    /// Pings a process.
    ///
    /// - Parameter address: Its name or address.
    package static func send(to address: String, by client: Client, within timeout: Duration) async throws -> Ping {
        let start = ContinuousClock.now
        let reply = try await client.request(
            address, BuiltinInterface.Method.ping.subject, ["payload": Value.string("")], timeout: timeout)
        return Ping(
            time: start.duration(to: .now), source: reply.source,
            // For a packed frame this is implied.
            cameBackOnSameConnection: reply.headers.features.contains(.sameConnection))
    }
}
