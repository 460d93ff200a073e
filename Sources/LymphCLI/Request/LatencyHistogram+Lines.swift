internal import Lymph
internal import LymphFleet

extension LatencyHistogram {
    /// Longer bars would add nothing.
    private static let widest = 100

    /// The lines of the drawing, at most as wide as given.
    func lines(width: Int) -> [Line] {
        let labels = buckets.map { "\($0.from.label.padded(to: 7, alignment: .right)) – \($0.to.label.padded(to: 7))" }
        let counts = buckets.map { String($0.count) }
        let widest = counts.map(\.count).max() ?? 0
        let room = max(10, min(width, Self.widest) - 20 - widest - 2)
        let most = buckets.map(\.count).max() ?? 1
        return buckets.indices.map { index in
            let count = counts[index].padded(to: widest, alignment: .right)
            let bar = Self.bar(Double(buckets[index].count) / Double(most) * Double(room))
            return "  \(labels[index]) \(count)\(bar.isEmpty ? "" : " ")\(bar, .cyan)"
        }
    }

    /// A bar with a length in columns, drawn in eighths of a column; any length above zero is visible.
    private static func bar(_ length: Double) -> String {
        guard length > 0 else { return "" }
        let eighths = max(1, Int((length * 8).rounded()))
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    }
}

extension Duration {
    /// The label of a bucket's limit: a round number.
    fileprivate var label: String {
        switch inSeconds {
        case 1...: "\(Int(inSeconds.rounded())) s"
        case 0.001...: "\(Int(inMilliseconds.rounded())) ms"
        default: "\(Int((inSeconds * 1e6).rounded())) µs"
        }
    }
}
