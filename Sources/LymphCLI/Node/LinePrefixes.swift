/// What stands before the lines of each process: its name, as wide as the widest, in a colour of its own.
struct LinePrefixes: Sendable {
    private let prefixes: [ProcessID: [UInt8]]
    private let node: [UInt8]

    /// - Parameter style: Whether there are colours.
    init(_ ids: [ProcessID], style: Style) {
        // The name under which the node itself speaks.
        let node = "node"
        let width = (ids.map(\.description.displayWidth) + [node.count]).max() ?? 0
        let colors: [Style.Attribute] = [.cyan, .yellow, .green, .magenta, .blue, .red]
        let line = { (name: String) in name.padded(to: width) + " | " }
        prefixes = Dictionary(
            uniqueKeysWithValues: ids.enumerated().map { index, id in
                (id, Array(style(line(id.description), colors[index % colors.count]).utf8))
            })
        self.node = Array(style(line(node), .dim).utf8)
    }

    /// The prefix of a process's lines; of the node's own if there is no process.
    func prefix(of id: ProcessID?) -> [UInt8] { id.flatMap { prefixes[$0] } ?? node }
}
