import Testing

@testable import Lymph

@Suite("Places by digest")
struct PlaceIndexTests {
    @Test("finds what was added and not removed, like a plain search", arguments: seeds(10))
    func model(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var index = PlaceIndex(seed: 7)
        var digests: [Int: Int] = [:]
        // Few digests, so that many places share one; small ones and such that differ only in the highest bits.
        let some = (0..<40).map { $0 % 2 == 0 ? $0 : $0 << 58 }
        for _ in 0..<5000 {
            let place = Int.random(in: 0..<500, using: &random)
            if digests.removeValue(forKey: place) != nil {
                index.remove(place)
            } else {
                let digest = some[Int.random(in: 0..<40, using: &random)]
                digests[place] = digest
                index.insert(place, digest: digest)
            }
            let wanted = some[Int.random(in: 0..<40, using: &random)]
            var found: Set<Int> = []
            #expect(
                index.first(digest: wanted) {
                    found.insert($0); return false
                } == nil)
            guard found == Set(digests.filter { $0.value == wanted }.keys) else {
                Issue.record("\(wanted): \(found.sorted())")
                return
            }
        }
        #expect(digests.count > 100)
    }

    @Test("stops at the first that is wanted")
    func first() {
        var index = PlaceIndex()
        for place in 0..<100 { index.insert(place, digest: 1) }
        var looked = 0
        let found = index.first(digest: 1) { place in
            looked += 1
            return place % 2 == 0
        }
        #expect(found.map { $0 % 2 } == 0 && looked <= 2)
        #expect(index.first(digest: 2) { _ in true } == nil)
    }
}
