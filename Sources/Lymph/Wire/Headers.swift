public import MessagePack

/// The headers of a message: a map from names to values.
///
/// What the framework needs of them is found in one pass; the rest is decoded when somebody asks for it.
public struct Headers: Sendable {
    /// The map as it travels.
    package let bytes: [UInt8]

    /// What the message says about the interface's version.
    package private(set) var version = VersionHeader.none

    /// The trace id, if there is one that can be passed on.
    package private(set) var trace: TraceID?

    /// Whether the sender also reads the connection that it sent on (`return: "same"`).
    package private(set) var returnsOnSameConnection = false

    /// Why the request was refused (`reason`).
    package private(set) var reason: NackReason?

    /// Reads the frame of a message. A frame without bytes means that there are no headers, as in Python lymph.
    ///
    /// Names may be `str` or `bin`: Python 2 writes the latter.
    package init(decoding frame: UnsafeRawBufferPointer) throws(MessagePackError) {
        bytes = [UInt8](frame)
        guard !frame.isEmpty else { return }
        var reader = Reader(frame)
        for _ in 0..<(try reader.readMapHeader()) {
            let name = try reader.readKey()
            switch name.count {
            case 7 where name.elementsEqual("version".utf8):
                version = try VersionHeader(from: &reader)
            case 8 where name.elementsEqual("trace_id".utf8):
                trace = try TraceID(from: &reader, in: frame)
            case 6 where name.elementsEqual("return".utf8):
                returnsOnSameConnection = try reader.readValue() == .string("same")
            case 6 where name.elementsEqual("reason".utf8):
                reason = try reader.readValue().stringValue.map(NackReason.init)
            default:
                try reader.skip()
            }
        }
        try reader.finish()
    }

    /// No headers.
    package init() { bytes = [] }

    /// Headers of ours, encoded already.
    package init(encoded bytes: [UInt8]) { self.bytes = bytes }

    /// The value of a header, or nil if it isn't there.
    public subscript(name: String) -> Value? { fields[name] }

    /// All headers; decoded anew at each use.
    public var fields: [String: Value] {
        guard !bytes.isEmpty, let map = (try? Value(decoding: bytes))?.mapValue else { return [:] }
        return Dictionary(map.compactMap { key, value in key.stringValue.map { ($0, value) } }) { $1 }
    }

    /// The trace id as text, if there is one.
    public var traceID: String? { trace?.text }
}

/// The header `version`.
package enum VersionHeader: Sendable, Hashable {
    /// Missing, nil or empty: any version will do.
    case none
    /// A version in full.
    case exact(Version)
    /// Something that is no version; the text says what.
    case invalid(String)

    init(from reader: inout Reader) throws(MessagePackError) {
        let value = try reader.readValue()
        if value == .nil || value.stringValue == "" {
            self = .none
        } else if let text = value.stringValue, let version = Version(text) {
            self = .exact(version)
        } else {
            self = .invalid(value.description)
        }
    }
}
