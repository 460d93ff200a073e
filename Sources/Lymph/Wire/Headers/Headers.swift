public import MessagePack

/// The headers of a message: a map from names to values.
///
/// What the framework needs of them is found in one pass; the rest is decoded when somebody asks for it.
public struct Headers: Sendable {
    private enum Form {
        /// A map as it came.
        case received([UInt8])
        /// So many names and values, encoded one after the other. The trace id and what two peers agree on are beside them.
        case ours(count: Int, entries: [UInt8])
    }

    /// What the map came in.
    private enum Framing {
        /// A frame of its own.
        case separate
        /// A frame that messages share, where a trace id is beside it. Who sends such frames also reads them, on the same connection.
        case packed(TraceID?)
    }

    private let form: Form

    /// What the message says about the interface's version.
    package let version: VersionHeader

    /// The trace id, if there is one that can be passed on.
    package let trace: TraceID?

    /// What the sender can do beyond Python lymph's protocol.
    package let features: Features

    /// Why the request was refused (`reason`).
    package let reason: NackReason?

    /// Reads the frame of a message. A frame without bytes means that there are no headers, as in Python lymph.
    ///
    /// Names may be `str` or `bin`: Python 2 writes the latter.
    package init(decoding frame: UnsafeRawBufferPointer) throws(MessagePackError) {
        self = try Headers(decoding: frame, in: .separate)
    }

    /// Reads the headers of a message that came in a packed frame, where the trace id is beside them.
    package init(unpacking map: UnsafeRawBufferPointer, trace: TraceID?) throws(MessagePackError) {
        if map.isEmpty {
            self.init(.received([]), trace: trace, .packing)
        } else {
            self = try Headers(decoding: map, in: .packed(trace))
        }
    }

    private init(decoding frame: UnsafeRawBufferPointer, in framing: Framing) throws(MessagePackError) {
        var version = VersionHeader.none
        var trace: TraceID?
        var reason: NackReason?
        var features: Features = []
        if !frame.isEmpty {
            var reader = Reader(frame)
            for _ in 0..<(try reader.readMapHeader()) {
                let name = try reader.readKey()
                switch name.count {
                case 7 where name.elementsEqual("version".utf8):
                    version = try VersionHeader(from: &reader)
                case 8 where name.elementsEqual("trace_id".utf8):
                    trace = try TraceID(from: &reader, in: frame)
                case 6 where name.elementsEqual("return".utf8):
                    let isSame = try reader.readValue() == .string("same")
                    features = isSame ? features.union(.sameConnection) : features.subtracting(.sameConnection)
                case 8 where name.elementsEqual("features".utf8):
                    let names = try reader.readValue().arrayValue?.compactMap(\.stringValue) ?? []
                    features = features.intersection(.sameConnection).union(Features(names: names))
                case 6 where name.elementsEqual("reason".utf8):
                    reason = try reader.readValue().stringValue.map(NackReason.init)
                default:
                    try reader.skip()
                }
            }
            try reader.finish()
        }
        if case .packed(let traceBeside) = framing {
            trace = traceBeside ?? trace
            features.formUnion(.packing)
        }
        form = .received([UInt8](frame))
        self.version = version
        self.trace = trace
        self.features = features
        self.reason = reason
    }

    /// No headers.
    package init() { self.init(.received([]), trace: nil, []) }

    /// Headers of ours.
    ///
    /// - Parameters:
    ///   - entries: `count` names and values, encoded one after the other.
    ///   - features: What they say that we can do.
    init(count: Int, entries: [UInt8], trace: TraceID?, features: Features) {
        self.init(.ours(count: count, entries: entries), trace: trace, features)
    }

    private init(_ form: Form, trace: TraceID?, _ features: Features) {
        self.form = form
        version = .none
        self.trace = trace
        self.features = features
        reason = nil
    }

    /// The map as it travels.
    package var bytes: [UInt8] {
        switch form {
        case .received(let bytes): return bytes
        case .ours(let count, let entries):
            var writer = Writer(capacity: 96 + entries.count)
            let (isSame, names) = (features.contains(.sameConnection), features.names)
            let framework = (trace == nil ? 0 : 1) + (isSame ? 1 : 0) + (names.isEmpty ? 0 : 1)
            writer.writeMapHeader(framework + count)
            if let trace {
                writer.write("trace_id")
                trace.write(to: &writer)
            }
            if isSame {
                writer.write("return")
                writer.write("same")
            }
            if !names.isEmpty {
                writer.write("features")
                writer.writeArrayHeader(names.count)
                for name in names { writer.write(name) }
            }
            writer.writeRaw(entries)
            return writer.bytes
        }
    }

    /// The entry that says that no version is asked for, as nearly all messages do between services without versions.
    static let noVersion: [UInt8] = [0xa7] + Array("version".utf8) + [0xc0]

    /// The map for a packed frame, where the trace id is beside it; empty if there is nothing to say.
    func packedMap() -> [UInt8] {
        guard case .ours(let count, let entries) = form, count > 1 || count == 1 && entries != Self.noVersion else {
            return []
        }
        var writer = Writer(capacity: entries.count + 5)
        writer.writeMapHeader(count)
        writer.writeRaw(entries)
        return writer.bytes
    }

    /// About how many bytes they take.
    var byteCount: Int {
        switch form {
        case .received(let bytes): bytes.count
        case .ours(_, let entries): entries.count + (trace?.byteCount ?? 0)
        }
    }

    /// The value of a header, or nil if it isn't there.
    public subscript(name: String) -> Value? { fields[name] }

    /// All headers; decoded anew at each use.
    public var fields: [String: Value] {
        let bytes = bytes
        let map = bytes.isEmpty ? nil : (try? Value(decoding: bytes))?.mapValue
        var fields = Dictionary((map ?? [:]).compactMap { key, value in key.stringValue.map { ($0, value) } }) { $1 }
        // In a packed frame it is not in the map.
        if fields["trace_id"] == nil, let trace { fields["trace_id"] = .string(trace.text) }
        return fields
    }

    /// The trace id as text, if there is one.
    public var traceID: String? { trace?.text }
}
