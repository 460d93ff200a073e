public import MessagePack

/// The headers of a message: a map from names to values.
///
/// The values that the framework needs are read in one pass; everything else is decoded on demand.
public struct Headers: Sendable {
    private enum Form {
        /// A received map, undecoded.
        case received([UInt8])
        /// Our own headers: a number of encoded names and values, one after the other. The trace id, the time that is
        /// left and the features are kept outside of them.
        case ours(count: Int, entries: [UInt8])
    }

    /// The kind of frame that contained the map.
    private enum Framing {
        /// A frame of its own.
        case separate
        /// A packed frame, which has the trace id and the time that is left outside of the map. Its sender reads packed
        /// frames too, on the same connection.
        case packed(TraceID?, TimeoutHeader?)
    }

    private let form: Form

    /// The version of the interface.
    package let version: VersionHeader

    /// The trace id, if the message has one that can be passed on.
    package let trace: TraceID?

    /// The protocol extensions that the sender supports.
    package let features: Features

    /// Why a request was refused: the header `reason`.
    package let reason: NackReason?

    /// How long the caller still waits: the header `timeout_ms`.
    package let timeout: TimeoutHeader?

    /// Decodes the header frame of a message. As in Python lymph, an empty frame means no headers.
    ///
    /// Names may be of type `str` or `bin`: Python 2 writes the latter.
    package init(decoding frame: UnsafeRawBufferPointer) throws(MessagePackError) {
        self = try Headers(decoding: frame, in: .separate)
    }

    /// Decodes the headers of a message in a packed frame, which has the trace id and the time that is left outside of
    /// the map.
    package init(
        unpacking map: UnsafeRawBufferPointer, trace: TraceID?, timeout: TimeoutHeader?
    ) throws(MessagePackError) {
        if map.isEmpty {
            self.init(.received([]), trace: trace, timeout: timeout, .packing)
        } else {
            self = try Headers(decoding: map, in: .packed(trace, timeout))
        }
    }

    private init(decoding frame: UnsafeRawBufferPointer, in framing: Framing) throws(MessagePackError) {
        var version = VersionHeader.none
        var trace: TraceID?
        var reason: NackReason?
        var timeout: TimeoutHeader?
        var features: Features = []
        if !frame.isEmpty {
            var reader = Reader(frame)
            for _ in 0..<(try reader.readMapHeader()) {
                let name = try reader.readKey()
                switch name.count {
                case 7 where name.isEqual(to: "version" as StaticString):
                    version = try VersionHeader(from: &reader)
                case 8 where name.isEqual(to: "trace_id" as StaticString):
                    trace = try TraceID(from: &reader, in: frame)
                case 6 where name.isEqual(to: "return" as StaticString):
                    let isSame = try reader.readValue() == .string("same")
                    features = isSame ? features.union(.sameConnection) : features.subtracting(.sameConnection)
                case 8 where name.isEqual(to: "features" as StaticString):
                    let list = try Features(from: &reader)
                    features = features.intersection(.sameConnection).union(list)
                case 6 where name.isEqual(to: "reason" as StaticString):
                    reason = try reader.readValue().stringValue.map(NackReason.init)
                case 10 where name.isEqual(to: "timeout_ms" as StaticString):
                    timeout = TimeoutHeader(try reader.readValue())
                default:
                    try reader.skip()
                }
            }
            try reader.finish()
        }
        if case .packed(let traceBeside, let timeoutBeside) = framing {
            trace = traceBeside ?? trace
            timeout = timeoutBeside ?? timeout
            features.formUnion(.packing)
        }
        form = .received([UInt8](frame))
        self.version = version
        self.trace = trace
        self.features = features
        self.reason = reason
        self.timeout = timeout
    }

    /// No headers.
    package init() { self.init(.received([]), trace: nil, timeout: nil, []) }

    /// Our own headers.
    ///
    /// - Parameters:
    ///   - entries: `count` names and values, encoded one after the other.
    ///   - features: What we announce to support.
    init(count: Int, entries: [UInt8], trace: TraceID?, timeout: TimeoutHeader? = nil, features: Features) {
        self.init(.ours(count: count, entries: entries), trace: trace, timeout: timeout, features)
    }

    private init(_ form: Form, trace: TraceID?, timeout: TimeoutHeader?, _ features: Features) {
        self.form = form
        version = .none
        self.trace = trace
        self.timeout = timeout
        self.features = features
        reason = nil
    }

    /// The same headers of ours with another time that is left.
    func with(_ timeout: TimeoutHeader) -> Headers { Headers(form, trace: trace, timeout: timeout, features) }

    /// The encoded map.
    package var bytes: [UInt8] {
        switch form {
        case .received(let bytes): return bytes
        case .ours(let count, let entries):
            var writer = Writer(capacity: 96 + entries.count)
            let (isSame, nameCount) = (features.contains(.sameConnection), features.nameCount)
            let framework =
                (trace == nil ? 0 : 1) + (timeout == nil ? 0 : 1) + (isSame ? 1 : 0) + (nameCount == 0 ? 0 : 1)
            writer.writeMapHeader(framework + count)
            if let trace {
                writer.write("trace_id")
                trace.write(to: &writer)
            }
            if let timeout {
                writer.write("timeout_ms")
                writer.write(UInt64(timeout.milliseconds))
            }
            if isSame {
                writer.write("return")
                writer.write("same")
            }
            if nameCount > 0 { features.write(to: &writer) }
            writer.writeRaw(entries)
            return writer.bytes
        }
    }

    /// The entry for no version, which is the only one in nearly all messages between services without versions.
    static let noVersion: [UInt8] = [0xa7] + Array("version".utf8) + [0xc0]

    /// The encoded map for a packed frame, without the trace id, the time that is left and the features; empty if
    /// nothing is left to say.
    ///
    /// - Parameter isAnnouncing: Whether it lists the features all the same, because the peer doesn't know them.
    func packedMap(isAnnouncing: Bool) -> [UInt8] {
        guard case .ours(let count, let entries) = form else { return [] }
        let isEmpty = count == 0 || count == 1 && entries == Self.noVersion
        guard !isEmpty || isAnnouncing else { return [] }
        var writer = Writer(capacity: entries.count + (isAnnouncing ? 48 : 5))
        writer.writeMapHeader(count + (isAnnouncing ? 1 : 0))
        if isAnnouncing { features.write(to: &writer) }
        writer.writeRaw(entries)
        return writer.bytes
    }

    /// The approximate size in bytes.
    var byteCount: Int {
        switch form {
        case .received(let bytes): bytes.count
        case .ours(_, let entries): entries.count + (trace?.byteCount ?? 0)
        }
    }

    /// The value of a header, or nil if there is none.
    public subscript(name: String) -> Value? { fields[name] }

    /// All headers. Decoded at each access.
    public var fields: [String: Value] {
        let bytes = bytes
        let map = bytes.isEmpty ? nil : (try? Value(decoding: bytes))?.mapValue
        var fields = Dictionary((map ?? [:]).compactMap { key, value in key.stringValue.map { ($0, value) } }) { $1 }
        // A packed frame has them outside of the map.
        if fields["trace_id"] == nil, let trace { fields["trace_id"] = .string(trace.text) }
        if fields["timeout_ms"] == nil, let timeout { fields["timeout_ms"] = .int(Int64(timeout.milliseconds)) }
        return fields
    }

    /// The age of the process that has answered a ping: the header `age_ms`. Decoded at each access, because only answers
    /// to pings have it.
    package var age: AgeHeader? { self["age_ms"].flatMap(AgeHeader.init) }

    /// The trace id as text, if there is one.
    public var traceID: String? { trace?.text }
}
