/// Makes inputs of others. The same seed makes the same ones.
package struct Mutator {
    private var random: Random
    private let target: FuzzTarget
    private var corpus: [[UInt8]]

    /// How many inputs are kept besides the target's seeds.
    private static let mostKept = 64

    package init(_ target: FuzzTarget, seed: UInt64) {
        self.target = target
        random = Random(seed: seed)
        corpus = target.seeds + [[]]
    }

    /// The next input: one of the corpus, with a few changes.
    package mutating func next() -> [UInt8] {
        var input = corpus[random.below(corpus.count)]
        for _ in 0...random.below(5) { change(&input) }
        if input.count > target.longest { input.removeSubrange(target.longest...) }
        // Now and then a changed input is changed further.
        if random.below(16) == 0 { keep(input) }
        return input
    }

    private mutating func keep(_ input: [UInt8]) {
        if corpus.count < target.seeds.count + Self.mostKept {
            corpus.append(input)
        } else {
            corpus[target.seeds.count + random.below(Self.mostKept)] = input
        }
    }

    private mutating func change(_ input: inout [UInt8]) {
        let place = random.below(input.count + 1)
        let range = place..<min(input.count, place + 1 + random.below(8))
        switch random.below(8) {
        case 0 where !range.isEmpty: input[place] ^= 1 << UInt8(random.below(8))
        case 1 where !range.isEmpty: input[place] = UInt8(random.below(256))
        case 2 where !range.isEmpty: input.removeSubrange(range)
        case 3: input.insert(contentsOf: input[range], at: place)
        case 4: input.insert(UInt8(random.below(256)), at: place)
        case 5: input.insert(contentsOf: number(), at: place)
        case 6 where !target.words.isEmpty:
            input.insert(contentsOf: target.words[random.below(target.words.count)].utf8, at: place)
        default:
            let other = corpus[random.below(corpus.count)]
            input.replaceSubrange(place..., with: other[random.below(other.count + 1)...])
        }
    }

    /// A number at which code may change its mind, as bytes or as text.
    private mutating func number() -> [UInt8] {
        let power = UInt64(1) << UInt64(random.below(64))
        let number = [power, power - 1, 0 &- power, .max][random.below(4)]
        if random.below(2) == 0 { return String(Int64(bitPattern: number)).bytes }
        return withUnsafeBytes(of: number.bigEndian) { [UInt8]($0.suffix(1 << random.below(4))) }
    }
}

/// SplitMix64.
private struct Random {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
