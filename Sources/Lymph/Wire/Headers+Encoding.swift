package import MessagePack

/// A trace id as it travels: any MessagePack value, kept in its encoded form because it is passed on as it came.
package struct TraceID: Sendable, Hashable {
    package let bytes: [UInt8]

    package init(encoded bytes: [UInt8]) { self.bytes = bytes }

    package init(_ number: UInt128) { self.init(number.hex) }

    package init(_ text: String) {
        var writer = Writer(capacity: text.utf8.count + 5)
        writer.write(text)
        bytes = writer.bytes
    }

    /// The id for a person or a log.
    package var text: String {
        guard let value = try? Value(decoding: bytes) else { return "" }
        return value.stringValue ?? value.description
    }
}

extension Headers {
    /// The trace id as it came, if there is one.
    package var trace: TraceID? {
        traceRange.isEmpty ? nil : TraceID(encoded: [UInt8](bytes[traceRange]))
    }

    /// The headers of a request.
    ///
    /// - Parameters:
    ///   - version: The exact version of the instance that was chosen; nil for one without a version.
    ///   - extra: Headers of the caller's; those of the framework win over them.
    package static func request(version: Version?, trace: TraceID, extra: [String: Value]) throws(MessagePackError)
        -> Headers
    {
        let extra = extra.filter { !["version", "trace_id", "return"].contains($0.key) }
        var writer = Writer(capacity: 96)
        writer.writeMapHeader(3 + extra.count)
        writer.write("trace_id")
        writer.writeRaw(trace)
        writer.write("version")
        writer.write(version)
        writer.write("return")
        writer.write("same")
        for (name, value) in extra {
            writer.write(name)
            try writer.write(value)
        }
        return Headers(encoded: writer.bytes)
    }

    /// The headers of an answer.
    ///
    /// - Parameters:
    ///   - version: The version of the interface that answers: present but nil for one without a version, and
    ///     missing (`nil`) when no interface was found.
    ///   - isSameConnection: Whether the answer goes back on the connection that the request came in on.
    ///   - extra: Encoded headers of the handler's; those of the framework win over them.
    package static func answer(
        version: Version??, trace: TraceID, reason: NackReason? = nil, isSameConnection: Bool,
        extra: [String: [UInt8]] = [:]
    ) -> Headers {
        var extra = extra
        for name in ["version", "trace_id", "return", "reason"] { extra[name] = nil }
        var writer = Writer(capacity: 96)
        let count = 1 + (version == nil ? 0 : 1) + (reason == nil ? 0 : 1) + (isSameConnection ? 1 : 0) + extra.count
        writer.writeMapHeader(count)
        writer.write("trace_id")
        writer.writeRaw(trace)
        if let version {
            writer.write("version")
            writer.write(version)
        }
        if let reason {
            writer.write("reason")
            writer.write(reason.description)
        }
        if isSameConnection {
            writer.write("return")
            writer.write("same")
        }
        for (name, value) in extra {
            writer.write(name)
            value.withUnsafeBytes { writer.writeRaw($0) }
        }
        return Headers(encoded: writer.bytes)
    }
}

extension Writer {
    fileprivate mutating func writeRaw(_ trace: TraceID) {
        trace.bytes.withUnsafeBytes { writeRaw($0) }
    }

    fileprivate mutating func write(_ version: Version?) {
        if let version { write(version.description) } else { writeNil() }
    }
}
