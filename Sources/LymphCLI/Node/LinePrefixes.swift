internal import Lymph

/// What stands before the lines of each process: its name, as wide as the widest, in a colour of its own.
struct LinePrefixes: Sendable {
    private let prefixes: [ProcessID: [UInt8]]
    private let node: [UInt8]

    /// - Parameter style: Whether there are colours.
    init(_ ids: [ProcessID], style: Style) {
        // The name under which the node itself speaks.
        let node = "node"
        let width = (ids.map(\.description.shown.displayWidth) + [node.count]).max() ?? 0
        let colors: [Style.Attribute] = [.cyan, .yellow, .green, .magenta, .blue, .red]
        let line = { (name: String, color: Style.Attribute) in
            Array(Line(name.shown.padded(to: width) + " | ", color).text(style).utf8)
        }
        prefixes = Dictionary(
            uniqueKeysWithValues: ids.enumerated().map { index, id in
                (id, line(id.description, colors[index % colors.count]))
            })
        self.node = line(node, .dim)
    }

    /// The prefix of a process's lines; of the node's own if there is no process.
    func prefix(of id: ProcessID?) -> [UInt8] { id.flatMap { prefixes[$0] } ?? node }
}
