import MessagePack
import Testing

@Suite("Map")
struct MapTests {
    @Test("Pairs keep their order; of equal keys the last value wins, in the first one's place", arguments: [3, 100])
    func order(count: Int) {
        var map = Map((0..<count).map { (.int(Int64($0)), "old") })
        map[0] = "new"
        #expect(map.count == count)
        #expect(map.first?.key == 0)
        #expect(map.first?.value == "new")
        #expect(map.keys.map { $0 } == (0..<count).map { .int(Int64($0)) })
    }

    @Test("Literals may repeat a key")
    func literal() {
        let map: Map = ["a": 1, "b": 2, "a": 3]
        #expect(map.count == 2)
        #expect(map["a"] == 3)
        #expect(map.values.map { $0 } == [3, 2])
    }

    @Test("Setting nil removes a key, even in a map with an index", arguments: [3, 100])
    func removal(count: Int) {
        var map = Map((0..<count).map { (.int(Int64($0)), .int(Int64($0))) })
        map[Value.int(1)] = nil
        #expect(map.count == count - 1)
        #expect(map[Value.int(1)] == nil)
        #expect(map[Value.int(2)] == 2)
        map[Value.int(1)] = nil
        #expect(map.count == count - 1)
    }

    @Test("Setting a name replaces the key that Python 2 wrote")
    func binaryName() {
        var map: Map = [.binary(utf8("a")): 1]
        map["a"] = 2
        #expect(map.count == 1)
        #expect(map["a"] == 2)
        map["b"] = 3
        #expect(map[Value.string("b")] == 3)
    }

    @Test("Any value can be a key")
    func anyKey() {
        let map: Map = [[1, 2]: "list", ["a": 1]: "map", 1.5: "double", .double(.nan): "nan"]
        #expect(map[[1, 2]] == "list")
        #expect(map[["a": 1]] == "map")
        #expect(map[.double(.nan)] == "nan")
    }

    @Test("Reading repeated keys takes the last value, as Python does")
    func repeatedKeys() throws {
        #expect(try Value(decoding: hex("82a16101a16102")) == ["a": 2])
        #expect(try Value(decoding: hex("82a16101a16102")).mapValue?.count == 1)
    }
}
