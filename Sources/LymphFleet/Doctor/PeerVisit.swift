internal import Lymph

/// Talks to a peer and records what it observes.
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
            do {
                let ping = try await Ping.send(to: address, by: client, within: timeout)
                seen.ping = .success(ping.time)
                seen.answersOnSameConnection = ping.cameBackOnSameConnection
            } catch {
                seen.ping = .failure(FleetFailure(error))
                return seen
            }
            // Not every peer has these methods; without them, there is nothing to judge.
            seen.status = try? await ServiceStatus.take(of: address, by: client, within: timeout)
            seen.inspection = try? await Inspection.take(of: address, by: client, within: timeout)
            return seen
        }
    }
}
