/// The cases of enums without associated values that don't conform to `CaseIterable`.
///
/// The keys of containers and most enums of strings are such enums, and nothing in the language lists their cases. The
/// number of cases is at a fixed place of Swift's ABI, and each case is stored as its number.
enum EnumCases {
    /// All cases in their order; nil if `type` is something else.
    static func all<T>(of type: T.Type) -> [T]? { isTrusted ? read(type) : nil }

    private enum Known: String, CaseIterable { case first, second, third }

    /// Whether an enum with known cases is read correctly: the ABI might differ somewhere.
    private static let isTrusted = read(Known.self) == Known.allCases

    // The sizes, kinds and flags are checked before anything depends on them, and only a type's own record is read.
    private static func read<T>(_ type: T.Type) -> [T]? {
        let metadata = unsafeBitCast(type as Any.Type, to: UnsafePointer<UInt>.self)
        guard metadata[0] == Kind.enumMetadata, let record = UnsafePointer<UInt32>(bitPattern: metadata[1]) else {
            return nil
        }
        let (flags, casesWithValues, cases) = (record[0], record[5] & 0xff_ffff, Int(record[6]))
        // C's enums are stored as the numbers that C gives them.
        guard flags & 0x1f == Kind.enumRecord, flags & Kind.isImported == 0, casesWithValues == 0 else { return nil }
        switch (cases, MemoryLayout<T>.size) {
        case (1, 0): return [unsafeBitCast((), to: T.self)]
        case (2...256, 1): return (0..<cases).map { unsafeBitCast(UInt8($0), to: T.self) }
        default: return nil
        }
    }

    private enum Kind {
        static let enumMetadata: UInt = 0x201
        static let enumRecord: UInt32 = 18
        static let isImported: UInt32 = 4 << 16
    }
}

extension RawRepresentable {
    /// The raw values of all cases, if they can be listed.
    static var rawCases: [RawValue]? {
        guard let cases = EnumCases.all(of: Self.self) else { return nil }
        let values = cases.map(\.rawValue)
        // A case that isn't made by its own raw value isn't one.
        return values.allSatisfy { Self(rawValue: $0) != nil } ? values : nil
    }
}

extension CaseIterable where Self: RawRepresentable {
    /// The raw values of the listed cases; nil if there are very many.
    static var listedRawCases: [RawValue]? {
        let cases = allCases.prefix(257)
        return cases.count <= 256 ? cases.map(\.rawValue) : nil
    }
}
