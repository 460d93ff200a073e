package import Lymph
package import MessagePack

/// A service's description of its methods.
package struct Inspection: Equatable, Sendable {
    package struct Method: Equatable, Sendable {
        /// `interface.method`
        package var name: String
        /// Nil for an interface without versions.
        package var version: String?
        package var parameters: [String]
        package var help: String
        /// The types, if the service tells them; Python doesn't.
        package var schema: MethodSchema?

        /// The part before the last dot, with the version.
        package var interface: String {
            let interface = String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)])
            return version.map { "\(interface)@\($0)" } ?? interface
        }

        /// The part after the last dot.
        package var shortName: String { name.split(separator: ".").last.map(String.init) ?? name }
    }

    /// The target of the request.
    package let address: String
    /// The process that answered.
    package let endpoint: String?
    package let methods: [Method]

    /// - Throws: ``FleetFailure`` if the answer is not a list of methods.
    package init(_ reply: Message, address: String) throws(FleetFailure) {
        let body: Value
        do { body = try reply.body } catch { throw FleetFailure(.invalidReply, "the answer can't be read: \(error)") }
        try self.init(body, address: address, endpoint: reply.source?.description)
    }

    package init(_ body: Value, address: String, endpoint: String?) throws(FleetFailure) {
        guard let methods = body["methods"]?.arrayValue else {
            throw FleetFailure(.invalidReply, "\(address) doesn't describe its methods: it sent \(body)")
        }
        self.address = address
        self.endpoint = endpoint
        self.methods = methods.compactMap(Method.init).sorted { ($0.interface, $0.name) < ($1.interface, $1.name) }
    }

    /// Requests the description from a process.
    ///
    /// - Parameters:
    ///   - address: Its name or address.
    ///   - version: Restricts the request to compatible instances.
    package static func take(
        of address: String, version: String? = nil, by client: Client, within timeout: Duration
    ) async throws -> Inspection {
        let reply = try await client.request(
            address, BuiltinInterface.Method.inspect.subject, version: version, timeout: timeout)
        return try Inspection(reply, address: address)
    }

    /// The document for a program.
    package var json: JSON {
        [
            "address": .string(address), "endpoint": .optional(endpoint),
            "methods": .array(methods.map(\.json)),
        ]
    }
}

extension Inspection.Method {
    /// Reads one element of the list; nil if it has no name.
    fileprivate init?(_ value: Value) {
        guard let name = value["name"]?.stringValue else { return nil }
        self.name = name
        // Python sends the text "None".
        version = value["version"]?.stringValue.flatMap { $0 == "None" || $0.isEmpty ? nil : $0 }
        parameters = value["params"]?.arrayValue?.compactMap(\.stringValue) ?? []
        help = value["help"]?.stringValue ?? ""
        schema = MethodSchema(value, parameters: parameters)
    }

    fileprivate var json: JSON {
        var members: [JSON.Member] = [
            .init(name: "name", value: .string(name)), .init(name: "version", value: .optional(version)),
            .init(name: "params", value: .array(parameters.map(JSON.string))),
            .init(name: "help", value: .string(help)),
        ]
        if let schema { members.append(.init(name: "schema", value: schema.json { JSON($0) })) }
        return .object(members)
    }
}
