package import Lymph
package import MessagePack

/// What a process reports about itself and its connections. A peer may send anything; fields that make no sense are
/// nil.
package struct ServiceStatus: Sendable {
    package struct Connection: Sendable {
        package let endpoint: String?
        package let state: String?
        /// The round trip of the last heartbeat.
        package let roundTrip: Duration?
        /// How unlikely the current silence is.
        package let phi: Double?
        /// How many calls wait for an answer.
        package let outstanding: Value?
    }

    /// The whole report.
    package let body: Value

    package init(_ body: Value) { self.body = body }

    /// Requests the status of a process.
    ///
    /// - Parameter address: Its name or address.
    package static func take(
        of address: String, by client: Client, within timeout: Duration
    ) async throws -> ServiceStatus {
        let reply = try await client.request(address, BuiltinInterface.Method.status.subject, timeout: timeout)
        do { return ServiceStatus(try reply.body) } catch {
            throw FleetFailure(.invalidReply, "the answer can't be read: \(error)")
        }
    }

    package var endpoint: String? { body["endpoint"]?.stringValue }
    package var identity: String? { body["identity"]?.stringValue }

    /// Nil if there is no such list, as with Python lymph.
    package var connections: [Connection]? { body["connections"]?.arrayValue?.map(Connection.init) }
}

extension ServiceStatus.Connection {
    fileprivate init(_ value: Value) {
        endpoint = value["endpoint"]?.stringValue
        state = value["state"]?.stringValue
        roundTrip = value["rtt"]?.doubleValue.flatMap { (0...86_400).contains($0) ? .seconds($0) : nil }
        phi = value["phi"]?.doubleValue
        outstanding = value["outstanding"]
    }
}
