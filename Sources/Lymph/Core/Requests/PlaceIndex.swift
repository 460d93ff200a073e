/// Finds the places of a table by a digest of what is there: a hash table of linked lists, whose links lie beside the
/// places, so that adding and removing one takes the same few steps however many there are.
///
/// Peers choose what is digested. The digests are mixed with a number that they don't know, so that they can't make a
/// list of different ones long.
struct PlaceIndex {
    private struct Link {
        var bucket: Int32 = -1
        var previous: Int32 = -1
        var next: Int32 = -1
    }

    // A power of two of lists, each with its first place or -1.
    private var buckets = [Int32](repeating: -1, count: 64)
    private var links: [Link] = []
    private var digests: [Int] = []
    private let seed: UInt

    init(seed: UInt = .random(in: .min ... .max)) { self.seed = seed | 1 }

    private func bucket(of digest: Int) -> Int {
        Int(
            truncatingIfNeeded: (UInt(bitPattern: digest) &* seed)
                >> UInt(UInt.bitWidth - buckets.count.trailingZeroBitCount))
    }

    /// Adds a place, which must not be in the index.
    mutating func insert(_ place: Int, digest: Int) {
        while place >= links.count {
            links.append(Link())
            digests.append(0)
        }
        if links.count > buckets.count { grow() }
        digests[place] = digest
        link(place)
    }

    private mutating func link(_ place: Int) {
        let bucket = bucket(of: digests[place])
        let first = buckets[bucket]
        links[place] = Link(bucket: Int32(bucket), previous: -1, next: first)
        if first >= 0 { links[Int(first)].previous = Int32(place) }
        buckets[bucket] = Int32(place)
    }

    /// Removes a place, which must be in the index.
    mutating func remove(_ place: Int) {
        let link = links[place]
        if link.next >= 0 { links[Int(link.next)].previous = link.previous }
        if link.previous >= 0 {
            links[Int(link.previous)].next = link.next
        } else {
            buckets[Int(link.bucket)] = link.next
        }
        links[place] = Link()
    }

    /// The first place with a digest that fulfils a condition.
    func first(digest: Int, where isWanted: (Int) -> Bool) -> Int? {
        var place = Int(buckets[bucket(of: digest)])
        while place >= 0 {
            if digests[place] == digest, isWanted(place) { return place }
            place = Int(links[place].next)
        }
        return nil
    }

    private mutating func grow() {
        buckets = [Int32](repeating: -1, count: 2 * buckets.count)
        for place in links.indices where links[place].bucket >= 0 { link(place) }
    }
}
