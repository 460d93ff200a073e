/// A MessagePack map: key-value pairs in the order in which they were written, without duplicate keys.
///
/// Setting a key again keeps its position and replaces its value, as in a Python dict. Any ``Value`` can be a key.
/// Two maps are equal if they hold the same pairs in any order.
public struct Map: Sendable {
    private var pairs: [Element]

    /// The position of each key; nil while the map is small enough for a linear search.
    private var places: [Value: Int]?

    /// The size above which a map keeps an index: below it, comparing is faster than hashing.
    private static let smallSize = 8

    /// Creates an empty map.
    public init() {
        pairs = []
    }

    /// Creates a map from pairs; of pairs with the same key the last one wins.
    ///
    /// - Parameter pairs: The pairs.
    public init(_ pairs: some Sequence<(Value, Value)>) {
        self.init()
        for (key, value) in pairs { insert(value, for: key) }
    }

    /// The value of a key, or nil if the map lacks the key; setting nil removes the key.
    ///
    /// - Parameter key: The key.
    public subscript(key: Value) -> Value? {
        get { place(of: key).map { pairs[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): pairs[place].value = value
            case (nil, let value?): append(key, value)
            case (let place?, nil): remove(at: place)
            case (nil, nil): break
            }
        }
    }

    /// Sets the value of a key.
    mutating func insert(_ value: Value, for key: Value) {
        if let place = place(of: key) {
            pairs[place].value = value
        } else {
            append(key, value)
        }
    }

    /// The value of a name. Its key may be a string or, from Python 2 peers, the same text as binary data.
    ///
    /// - Parameter name: The name. Setting it replaces the existing key's value, or adds a string key.
    public subscript(name: String) -> Value? {
        get { place(of: name).map { pairs[$0].value } }
        set {
            let key = place(of: name).map { pairs[$0].key } ?? .string(name)
            self[key] = newValue
        }
    }

    /// The keys, in order.
    public var keys: some RandomAccessCollection<Value> { pairs.lazy.map(\.key) }

    /// The values, in the order of their keys.
    public var values: some RandomAccessCollection<Value> { pairs.lazy.map(\.value) }

    /// Reserves room for a number of pairs.
    ///
    /// - Parameter capacity: The number of pairs.
    public mutating func reserveCapacity(_ capacity: Int) {
        pairs.reserveCapacity(capacity)
    }

    private func place(of key: Value) -> Int? {
        if let places { return places[key] }
        return pairs.firstIndex { $0.key == key }
    }

    private func place(of name: String) -> Int? {
        place(of: .string(name)) ?? place(of: .binary(Array(name.utf8)))
    }

    private mutating func append(_ key: Value, _ value: Value) {
        pairs.append((key, value))
        if places != nil {
            places?[key] = pairs.count - 1
        } else if pairs.count > Self.smallSize || key.isContainer {
            // Otherwise a message with maps as keys of maps could take quadratic time.
            indexPlaces()
        }
    }

    private mutating func remove(at place: Int) {
        pairs.remove(at: place)
        if places != nil { indexPlaces() }
    }

    private mutating func indexPlaces() {
        var places: [Value: Int] = [:]
        for (place, pair) in pairs.enumerated() { places[pair.key] = place }
        self.places = places
    }
}

extension Map: RandomAccessCollection {
    /// A key with its value.
    public typealias Element = (key: Value, value: Value)

    /// The position of the first pair.
    public var startIndex: Int { pairs.startIndex }

    /// The position after the last pair.
    public var endIndex: Int { pairs.endIndex }

    /// The pair at a position.
    ///
    /// - Parameter position: A position from ``startIndex`` up to, not including, ``endIndex``.
    public subscript(position: Int) -> Element { pairs[position] }
}

extension Map: Hashable {
    /// Compares the pairs in any order.
    public static func == (left: Map, right: Map) -> Bool {
        left.count == right.count && left.pairs.allSatisfy { right[$0.key] == $0.value }
    }

    /// Hashes the pairs in any order.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        // Equal maps may differ in order, so the hashes of the pairs are combined by an operation that ignores it.
        var joined = 0
        for (key, value) in pairs {
            var pairHasher = Hasher()
            pairHasher.combine(key)
            pairHasher.combine(value)
            joined ^= pairHasher.finalize()
        }
        hasher.combine(joined)
    }
}

extension Map: ExpressibleByDictionaryLiteral {
    /// Creates a map from a literal; of pairs with the same key the last one wins.
    public init(dictionaryLiteral elements: (Value, Value)...) {
        self.init(elements)
    }
}

extension Map: CustomStringConvertible {
    /// The same text as for a ``Value``.
    public var description: String { Value.map(self).description }
}
