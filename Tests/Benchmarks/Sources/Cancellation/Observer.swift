import Load
import Lymph
import MessagePack

/// Reads what processes say about themselves, as `lymph` on the command line does.
struct Observer: Sendable {
    let client: Client

    /// The sum of a metric's values, of those with this tag if one is given.
    func metric(_ name: String, _ tag: (name: String, value: String)? = nil, at endpoint: Endpoint) async throws -> Int
    {
        let metrics = try await client.request("\(endpoint)", "lymph.get_metrics").body.arrayValue ?? []
        return metrics.reduce(0) { sum, metric in
            guard metric[0]?.stringValue == name else { return sum }
            if let tag, metric[2]?[tag.name]?.stringValue != tag.value { return sum }
            return sum + (metric[1]?.intValue ?? 0)
        }
    }

    /// How many requests, calls and messages a process still keeps.
    private func left(at endpoint: Endpoint) async throws -> Int {
        let status = try await client.request("\(endpoint)", "lymph.status").body
        let ofConnections = (status["connections"]?.arrayValue ?? []).reduce(0) { sum, connection in
            sum + (connection["outstanding"]?.intValue ?? 0) + (connection["waiting"]?.intValue ?? 0)
        }
        return try await metric("lymph.server.running", at: endpoint) + metric("lymph.client.waiting", at: endpoint)
            + ofConnections
    }

    /// Waits until nothing is left in any of these processes; fails if that doesn't come to be.
    func awaitRest(of endpoints: [Endpoint]) async throws {
        for endpoint in endpoints {
            let limit = now() + 10_000_000_000
            while case let left = try await left(at: endpoint), left > 0 {
                guard now() < limit else { fail("\(left) entries are left at \(endpoint)") }
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }
}
