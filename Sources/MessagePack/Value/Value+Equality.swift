extension Value: Hashable {
    /// Compares two values as described for ``Value``.
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.nil, .nil), (.undefined, .undefined): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.uint(let left), .uint(let right)): left == right
        case (.int(let signed), .uint(let unsigned)), (.uint(let unsigned), .int(let signed)):
            Int64(exactly: unsigned) == signed
        case (.float(let left), .float(let right)): left == right || (left.isNaN && right.isNaN)
        case (.double(let left), .double(let right)): left == right || (left.isNaN && right.isNaN)
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.binary(let left), .binary(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.map(let left), .map(let right)): left == right
        case (.ext(let leftType, let leftBytes), .ext(let rightType, let rightBytes)):
            leftType == rightType && leftBytes == rightBytes
        case (.timestamp(let left), .timestamp(let right)): left == right
        case (.datetime(let left), .datetime(let right)): left == right
        case (.date(let left), .date(let right)): left == right
        case (.time(let left), .time(let right)): left == right
        case (.decimal(let left), .decimal(let right)): left == right
        case (.uuid(let left), .uuid(let right)): left == right
        case (.set(let left), .set(let right)): Set(left) == Set(right)
        default: false
        }
    }

    /// Hashes consistently with equality.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(discriminator)
        switch self {
        case .nil, .undefined: break
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(UInt64(bitPattern: value))
        case .uint(let value): hasher.combine(value)
        // A NaN has many bit patterns, which are equal here and so must hash alike. Otherwise a message of NaN keys
        // would fill one bucket of a hash table.
        case .float(let value): hasher.combine(value.isNaN ? .nan : value)
        case .double(let value): hasher.combine(value.isNaN ? .nan : value)
        case .string(let value): value.withText { hasher.combine(bytes: $0) }
        case .binary(let value): hasher.combine(value)
        case .array(let value): hasher.combine(value)
        case .map(let value): hasher.combine(value)
        case .ext(let type, let bytes):
            hasher.combine(type)
            hasher.combine(bytes)
        case .timestamp(let value): hasher.combine(value)
        case .datetime(let value): hasher.combine(value)
        case .date(let value): hasher.combine(value)
        case .time(let value): hasher.combine(value)
        case .decimal(let value): hasher.combine(value)
        case .uuid(let value): hasher.combine(value)
        // Each member is hashed once: a set of the members would hash them again, and so double the work with every level
        // of nested sets.
        case .set(let members): hasher.combine(Set(members.map(\.hashValue)))
        }
    }

    /// Distinguishes equal contents of different cases; both integer cases share one.
    private var discriminator: UInt8 {
        switch self {
        case .nil: 0
        case .bool: 1
        case .int, .uint: 2
        case .float: 3
        case .double: 4
        case .string: 5
        case .binary: 6
        case .array: 7
        case .map: 8
        case .ext: 9
        case .timestamp: 10
        case .datetime: 11
        case .date: 12
        case .time: 13
        case .decimal: 14
        case .uuid: 15
        case .set: 16
        case .undefined: 17
        }
    }
}
