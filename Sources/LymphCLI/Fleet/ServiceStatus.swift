internal import MessagePack

/// What a process says of itself and its connections, as `lymph status` shows it.
struct ServiceStatus {
    private let body: Value

    init(_ body: Value) { self.body = body }

    func lines(width: Int) -> [Line] {
        let endpoint = body["endpoint"]?.stringValue ?? "?"
        var lines = [Line(endpoint, .bold)]
        if let identity = body["identity"]?.stringValue { lines.append("identity \(identity)") }
        // Python lymph has no such list.
        guard let connections = body["connections"]?.arrayValue else { return lines }
        guard !connections.isEmpty else { return lines + ["", "no connections"] }
        var table = Table([
            .init(title: "connection to"), .init(title: "state"), .init(title: "round trip", alignment: .right),
            .init(title: "phi", alignment: .right), .init(title: "outstanding", alignment: .right),
        ])
        for connection in connections {
            table.add([
                connection["endpoint"]?.stringValue ?? "?", connection["state"]?.stringValue ?? "?",
                connection["rtt"]?.doubleValue.flatMap(Self.span) ?? "–",
                connection["phi"]?.doubleValue.map { $0.fixed(1) } ?? "–",
                connection["outstanding"].map(ValueText.inline) ?? "–",
            ])
        }
        return lines + [""] + table.lines(width: width)
    }

    /// A peer may send any number, and not all of them are spans of time.
    private static func span(_ seconds: Double) -> String? {
        (0...86_400).contains(seconds) ? Duration.seconds(seconds).short : nil
    }
}
