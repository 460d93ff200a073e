/// Any value that MessagePack and Python lymph's extension objects can carry.
///
/// Write it as a literal, access its parts with subscripts, and convert it to your own types with ``decode(_:)``:
///
/// ```swift
/// let body: Value = ["text": "foo", "count": 3, "tags": ["a", "b"]]
/// body["tags"]?[0]?.stringValue        // "a"
/// ```
///
/// Equality is that of the bytes on the wire, with three exceptions: maps and sets ignore order, integers ignore how
/// they are stored, and all NaNs are equal, so that a value always equals itself.
public enum Value: Sendable {
    /// Python's `None`.
    case `nil`
    /// A bool.
    case bool(Bool)
    /// An integer up to `Int64.max`.
    case int(Int64)
    /// An integer above `Int64.max`. A smaller one equals the same number as ``int(_:)``.
    case uint(UInt64)
    /// A 32-bit float. Python reads these but always writes 64 bits.
    case float(Float)
    /// A 64-bit float.
    case double(Double)
    /// A string.
    case string(String)
    /// Binary data: Python's `bytes`.
    case binary([UInt8])
    /// An array: Python's `list` and `tuple`.
    case array([Value])
    /// A map: Python's `dict`.
    case map(Map)
    /// An application's extension. Type 101 writes an embedded message, see ``embedded(_:)``.
    case ext(type: Int8, bytes: [UInt8])
    /// The timestamp of the MessagePack specification.
    case timestamp(Timestamp)
    /// Python's `datetime.datetime`, aware or naive.
    case datetime(DateTime)
    /// Python's `datetime.date`.
    case date(CalendarDate)
    /// Python's `datetime.time`.
    case time(TimeOfDay)
    /// Python's `decimal.Decimal`.
    case decimal(ExactDecimal)
    /// Python's `uuid.UUID`.
    case uuid(UniqueIdentifier)
    /// Python's `set`. The order of members, and duplicates, are ignored.
    case set([Value])
    /// Python lymph's `Undefined`.
    case undefined

    /// Returns an embedded message: readers of the extension get the value that `bytes` encode.
    ///
    /// Use it to pass on an already encoded part without decoding it.
    ///
    /// - Parameter bytes: One whole MessagePack value; it is not checked here.
    public static func embedded(_ bytes: [UInt8]) -> Value {
        .ext(type: ExtensionType.embedded, bytes: bytes)
    }
}
