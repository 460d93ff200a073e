package import MessagePack

extension Headers {
    /// The headers of a request.
    ///
    /// - Parameters:
    ///   - version: The exact version of the instance that was chosen; nil for one without a version.
    ///   - extra: Headers of the caller's; those of the framework win over them.
    package static func request(
        version: Version?, trace: TraceID, extra: [String: Value]
    ) throws(MessagePackError)
        -> Headers
    {
        var extra = extra
        if !extra.isEmpty {
            for name in ["version", "trace_id", "return"] { extra[name] = nil }
            for name in extra.keys { try Self.validate(name) }
        }
        var writer = Writer(capacity: 96)
        writer.writeMapHeader(3 + extra.count)
        writer.write("trace_id")
        trace.write(to: &writer)
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

    /// - Throws: If a header may not have the name: a map with it makes Python lymph's receive loop end.
    package static func validate(_ name: String) throws(MessagePackError) {
        guard name != "__type__" else {
            throw MessagePackError(.reservedKey, "the name __type__ is reserved: Python peers fail on a map with it")
        }
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
        if !extra.isEmpty {
            for name in ["version", "trace_id", "return", "reason"] { extra[name] = nil }
        }
        var writer = Writer(capacity: 96)
        let count = 1 + (version == nil ? 0 : 1) + (reason == nil ? 0 : 1) + (isSameConnection ? 1 : 0) + extra.count
        writer.writeMapHeader(count)
        writer.write("trace_id")
        trace.write(to: &writer)
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
    fileprivate mutating func write(_ version: Version?) {
        if let version { write(version.description) } else { writeNil() }
    }
}
