internal import Lymph
internal import MessagePack

/// Talks to a peer and notes what it sees.
struct PeerVisit {
    let fleet: Fleet
    let timeout: Duration

    func see(_ peer: PeerObservation) async throws -> PeerObservation {
        var seen = peer
        let address = peer.endpoint.description
        seen.dial = try await Dial.call(peer.endpoint, within: timeout)
        guard case .connected = seen.dial else { return seen }
        return try await fleet.withClient(for: address) { client in
            seen.ownAddress = client.configuration.ip
            let start = ContinuousClock.now
            do {
                let reply = try await client.request(
                    address, "lymph.ping", ["payload": Value.string("")], timeout: timeout)
                seen.ping = .success(start.duration(to: .now))
                // In a packed frame it goes without saying.
                seen.answersOnSameConnection = reply.headers.returnsOnSameConnection
            } catch {
                seen.ping = .failure(Failure(error))
                return seen
            }
            // Not every peer has these; what they don't say can't be judged.
            seen.status = try? await client.request(address, "lymph.status", timeout: timeout).body
            if let reply = try? await client.request(address, "lymph.inspect", timeout: timeout) {
                seen.inspection = try? Inspection(reply, address: address)
            }
            return seen
        }
    }
}
