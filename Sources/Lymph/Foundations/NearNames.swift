/// Finds known names that a misspelled name may have meant.
package enum NearNames {
    /// At most three of the known names within a few letters of the name, nearest first; otherwise those that it
    /// abbreviates, as `qty` does `quantity`.
    package static func of(_ name: String, among known: some Sequence<String>) -> [String] {
        let allowance = max(1, min(3, name.count / 3))
        let known = Set(known)
        let near = known.map { (distance: distance(name.lowercased(), $0.lowercased()), name: $0) }
            .filter { $0.distance <= allowance }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .map(\.name)
        return Array((near.isEmpty ? known.filter { isAbbreviated($0, by: name) }.sorted() : near).prefix(3))
    }

    /// Whether the short form consists of letters of the name in their order, the first one included.
    private static func isAbbreviated(_ name: String, by short: String) -> Bool {
        guard short.count >= 3, name.lowercased().first == short.lowercased().first else { return false }
        var rest = short.lowercased()[...]
        for letter in name.lowercased() where letter == rest.first { rest.removeFirst() }
        return rest.isEmpty
    }

    /// `did you mean upper or lower?`, or nil if nothing is near.
    package static func question(_ name: String, _ known: some Sequence<String>) -> String? {
        let near = of(name, among: known)
        return near.isEmpty ? nil : "did you mean \(near.joined(separator: " or "))?"
    }

    /// How many letters must be added, removed, replaced or swapped with a neighbour to get from `a` to `b`.
    static func distance(_ a: String, _ b: String) -> Int {
        let left = Array(a)
        let right = Array(b)
        if left.isEmpty || right.isEmpty { return left.count + right.count }
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for i in 1...left.count {
            var row = [i]
            for j in 1...right.count {
                let replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1)
                var best = min(replaced, previous[j] + 1, row[j - 1] + 1)
                if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
                    best = min(best, beforePrevious[j - 2] + 1)
                }
                row.append(best)
            }
            (beforePrevious, previous) = (previous, row)
        }
        return previous[right.count]
    }
}
