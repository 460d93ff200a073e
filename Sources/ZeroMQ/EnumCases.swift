/// The cases of enums without associated values that don't conform to `CaseIterable`.
///
/// The keys of containers and most enums of strings are such enums, and nothing in the language lists their cases. The
/// number of cases is at a fixed place of Swift's ABI, and each case is stored as its number.
package enum EnumCases {
    /// All cases in their order; nil if `type` is something else.
    package static func all<T>(of type: T.Type) -> [T]? { isTrusted ? read(type) : nil }

    private enum Known: String, CaseIterable { case first, second, third }

    /// Whether an enum with known cases is read correctly: the ABI might differ somewhere.
    private static let isTrusted = read(Known.self) == Known.allCases

    // The sizes, kinds and flags are checked before anything depends on them, and only a type's own record is read.
    private static func read<T>(_ type: T.Type) -> [T]? {
        let metadata = unsafe unsafeBitCast(type as Any.Type, to: UnsafePointer<UInt>.self)
        guard unsafe metadata[0] == Kind.enumMetadata,
            let record = unsafe UnsafePointer<UInt32>(bitPattern: metadata[1])
        else { return nil }
        let (flags, casesWithValues, cases) = unsafe (record[0], record[5] & 0xff_ffff, Int(record[6]))
        // C's enums are stored as the numbers that C gives them.
        guard flags & 0x1f == Kind.enumRecord, flags & Kind.isImported == 0, casesWithValues == 0 else { return nil }
        switch (cases, MemoryLayout<T>.size) {
        case (1, 0): return [unsafe unsafeBitCast((), to: T.self)]
        case (2...256, 1): return (0..<cases).map { unsafe unsafeBitCast(UInt8($0), to: T.self) }
        default: return nil
        }
    }

    private enum Kind {
        static let enumMetadata: UInt = 0x201
        static let enumRecord: UInt32 = 18
        static let isImported: UInt32 = 4 << 16
    }
}
