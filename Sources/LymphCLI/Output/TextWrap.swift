extension String {
    /// The text on lines of at most `width` columns, broken between words. Line ends in the text are kept.
    ///
    /// A word that is longer than a line is split only if `cutsWords`: an address in two pieces is of no use.
    func wrapped(to width: Int, cutsWords: Bool = false) -> [String] {
        split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph -> [String] in
            guard paragraph.displayWidth > width else { return [String(paragraph)] }
            let words = paragraph.split(separator: " ").flatMap { word in
                cutsWords ? word.pieces(of: max(width, 2)) : [String(word)]
            }
            var lines = [""]
            for word in words {
                if lines[lines.count - 1].isEmpty {
                    lines[lines.count - 1] = word
                } else if lines[lines.count - 1].displayWidth + 1 + word.displayWidth <= width {
                    lines[lines.count - 1] += " " + word
                } else {
                    lines.append(word)
                }
            }
            return lines
        }
    }

    /// The text padded to a width with spaces after or before it.
    func padded(to width: Int, alignment: Table.Alignment = .left) -> String {
        let blanks = String(repeating: " ", count: max(0, width - displayWidth))
        return alignment == .left ? self + blanks : blanks + self
    }
}

extension Substring {
    /// The text in pieces of at most `width` columns.
    fileprivate func pieces(of width: Int) -> [String] {
        var pieces: [String] = [""]
        var used = 0
        for character in self {
            if used + character.displayWidth > width {
                pieces.append("")
                used = 0
            }
            pieces[pieces.count - 1].append(character)
            used += character.displayWidth
        }
        return pieces
    }
}
