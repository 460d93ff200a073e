internal import Lymph

/// Rows of text in aligned columns, at most as wide as a terminal.
///
/// One column may be flexible: it is wrapped so that the others keep their width.
struct Table: Sendable {
    enum Alignment: Sendable { case left, right }

    struct Column: Sendable {
        var title: String
        var alignment = Alignment.left
        /// Whether the column's text is wrapped if the table is too wide.
        var isFlexible = false
        var attributes: [Style.Attribute] = []
    }

    private static let gap = 2
    /// A flexible column is never narrower than this, however narrow the terminal is.
    private static let narrowest = 16
    /// Cells are padded to at most this width: a peer chooses the length of some, and every row would become as long.
    private static let widestFilled = 200

    let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row; missing cells are empty.
    mutating func add(_ cells: [String]) {
        let cells = cells.prefix(columns.count).map(\.shown)
        rows.append(cells + Array(repeating: "", count: columns.count - cells.count))
    }

    /// The lines of the table, with a line of titles if there are any.
    func lines(width: Int) -> [Line] {
        let widths = widths(fitting: width)
        var lines: [Line] = []
        if columns.contains(where: { !$0.title.isEmpty }) {
            lines += layOut(columns.map(\.title), widths) { text, _ in Line(text, .dim) }
        }
        for row in rows { lines += layOut(row, widths) { text, column in Line(text, column.attributes) } }
        return lines
    }

    private func widths(fitting total: Int) -> [Int] {
        var widths = columns.indices.map { index in
            rows.reduce(columns[index].title.displayWidth) { widest, row in
                max(widest, row[index].displayWidth)
            }
        }
        let excess = widths.reduce(0, +) + Self.gap * (columns.count - 1) - total
        if excess > 0, let flexible = columns.firstIndex(where: \.isFlexible) {
            widths[flexible] = max(min(Self.narrowest, widths[flexible]), widths[flexible] - excess)
        }
        return widths
    }

    /// One row, laid out on as many lines as it needs.
    private func layOut(_ cells: [String], _ widths: [Int], paint: (String, Column) -> Line) -> [Line] {
        let wrapped = cells.indices.map { index in
            columns[index].isFlexible ? cells[index].wrapped(to: widths[index], cutsWords: true) : [cells[index]]
        }
        return (0..<(wrapped.map(\.count).max() ?? 0)).map { line in
            var text = Line()
            for (index, column) in columns.enumerated() {
                let cell = line < wrapped[index].count ? wrapped[index][line] : ""
                if cell.isEmpty, wrapped[index...].allSatisfy({ line >= $0.count || $0[line].isEmpty }) { break }
                if index > 0 { text += .blanks(Self.gap) }
                // Padding is outside of the colour, and no line ends with it.
                let blanks = Line.blanks(min(widths[index], Self.widestFilled) - cell.displayWidth)
                let painted = paint(cell, column)
                switch column.alignment {
                case .right: text += blanks + painted
                case .left: text += index == columns.count - 1 ? painted : painted + blanks
                }
            }
            return text
        }
    }
}
