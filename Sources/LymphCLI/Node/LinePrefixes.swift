internal import Lymph

/// The prefix of each process's lines: its name, padded to the widest, in a colour of its own.
struct LinePrefixes: Sendable {
    private let prefixes: [ProcessID: [UInt8]]
    private let node: [UInt8]

    /// - Parameter style: Whether colours are used.
    init(_ ids: [ProcessID], style: Style) {
        // The name under which the node itself logs.
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

    /// The prefix of a process's lines; the node's own if `id` is nil.
    func prefix(of id: ProcessID?) -> [UInt8] { id.flatMap { prefixes[$0] } ?? node }
}
