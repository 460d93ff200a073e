internal import Lymph

/// A line of output, or a part of one, with its colours.
///
/// Only literals in this program's source are used unchanged. Everything interpolated is shown but never obeyed: line
/// ends and escape sequences in it are escaped as in Swift literals. So a line always stays one line, whoever sent
/// its contents.
struct Line: Equatable, Sendable {
    private struct Piece: Equatable {
        var text: String
        let attributes: [Style.Attribute]
    }

    private var pieces: [Piece] = []

    /// An empty line.
    init() {}

    /// A line with any text.
    init(_ text: some StringProtocol, _ attributes: Style.Attribute...) { self.init(text, attributes) }

    /// A line with any text.
    init(_ text: some StringProtocol, _ attributes: [Style.Attribute]) {
        if !text.isEmpty { pieces = [Piece(text: text.shown, attributes: attributes)] }
    }

    /// A number of spaces.
    static func blanks(_ count: Int) -> Line { Line(String(repeating: " ", count: max(0, count))) }

    /// The line for a stream with the given style.
    func text(_ style: Style) -> String {
        pieces.reduce(into: "") { $0 += style($1.text, $1.attributes) }
    }

    static func + (a: Line, b: Line) -> Line {
        var sum = a
        sum += b
        return sum
    }

    static func += (a: inout Line, b: Line) {
        for piece in b.pieces {
            if let last = a.pieces.last, last.attributes == piece.attributes {
                a.pieces[a.pieces.count - 1].text += piece.text
            } else {
                a.pieces.append(piece)
            }
        }
    }
}

extension Line: ExpressibleByStringInterpolation {
    init(stringLiteral text: String) {
        if !text.isEmpty { pieces = [Piece(text: text, attributes: [])] }
    }

    init(stringInterpolation: StringInterpolation) { self = stringInterpolation.line }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var line = Line()

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { line += Line(stringLiteral: literal) }

        mutating func appendInterpolation(_ text: some StringProtocol, _ attributes: Style.Attribute...) {
            line += Line(text, attributes)
        }

        mutating func appendInterpolation(_ value: some CustomStringConvertible, _ attributes: Style.Attribute...) {
            line += Line(value.description, attributes)
        }

        mutating func appendInterpolation(_ part: Line) { line += part }
    }
}

extension [Line] {
    func joined(separator: Line) -> Line {
        enumerated().reduce(into: Line()) { $0 += $1.offset == 0 ? $1.element : separator + $1.element }
    }
}
