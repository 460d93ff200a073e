internal import LymphFleet

extension ServiceStatus {
    /// The lines for people.
    func lines(width: Int) -> [Line] {
        var lines = [Line(endpoint ?? "?", .bold)]
        if let identity { lines.append("identity \(identity)") }
        guard let connections else { return lines }
        guard !connections.isEmpty else { return lines + ["", "no connections"] }
        var table = Table([
            .init(title: "connection to"), .init(title: "state"), .init(title: "round trip", alignment: .right),
            .init(title: "phi", alignment: .right), .init(title: "outstanding", alignment: .right),
        ])
        for connection in connections {
            table.add([
                connection.endpoint ?? "?", connection.state ?? "?", connection.roundTrip?.short ?? "–",
                connection.phi?.fixed(1) ?? "–", connection.outstanding.map(ValueText.inline) ?? "–",
            ])
        }
        return lines + [""] + table.lines(width: width)
    }
}
