package import MessagePack

extension Headers {
    /// The headers of a request.
    ///
    /// - Parameters:
    ///   - version: The exact version of the chosen instance; nil for one without a version.
    ///   - timeout: How long the caller still waits; nil for a request that doesn't say.
    ///   - extra: Additional headers. Those of the framework take precedence.
    package static func request(
        version: Version?, trace: TraceID, timeout: TimeoutHeader? = nil, extra: [String: Value]
    ) throws(MessagePackError)
        -> Headers
    {
        var extra = extra
        if !extra.isEmpty {
            for name in ["version", "trace_id", "return", "features", "timeout_ms"] { extra[name] = nil }
            for name in extra.keys { try Self.validate(name) }
        }
        if version == nil, extra.isEmpty {
            return Headers(count: 1, entries: Headers.noVersion, trace: trace, timeout: timeout, features: .ours)
        }
        var writer = Writer(capacity: 64)
        writer.write("version")
        writer.write(version)
        for (name, value) in extra {
            writer.write(name)
            try writer.write(value)
        }
        // Leaves room for the headers of the framework.
        let most = Message.mostNameBytes - 1024
        guard writer.bytes.count <= most else {
            throw MessagePackError(.budgetExceeded, "headers of \(writer.bytes.count) bytes; \(most) are allowed")
        }
        return Headers(
            count: 1 + extra.count, entries: writer.bytes, trace: trace, timeout: timeout, features: .ours)
    }

    /// The headers of a cancellation.
    package static var cancellation: Headers { Headers(count: 0, entries: [], trace: nil, features: .ours) }

    /// Checks the name of a header.
    ///
    /// - Throws: `MessagePackError` for the name `__type__`: a map with it ends Python lymph's receive loop.
    package static func validate(_ name: String) throws(MessagePackError) {
        guard name != "__type__" else {
            throw MessagePackError(.reservedKey, "the name __type__ is reserved: Python peers fail on a map with it")
        }
    }

    /// The headers of an answer.
    ///
    /// - Parameters:
    ///   - version: The version of the answering interface.
    ///   - detail: What the caller is told besides the reason; only together with a reason.
    ///   - age: The age of this process; only in answers to pings.
    ///   - isSameConnection: Whether the answer goes back on the connection that the request came in on.
    ///   - extra: Additional headers, encoded. Those of the framework take precedence.
    package static func answer(
        version: AnswerVersion, trace: TraceID, reason: NackReason? = nil, detail: String? = nil,
        age: AgeHeader? = nil, isSameConnection: Bool, extra: [String: [UInt8]] = [:]
    ) -> Headers {
        var extra = extra
        if !extra.isEmpty {
            for name in ["version", "trace_id", "return", "reason", "features"] { extra[name] = nil }
            if detail != nil { extra["detail"] = nil }
            if age != nil { extra["age_ms"] = nil }
        }
        if case .interface(nil) = version, reason == nil, age == nil, extra.isEmpty {
            return Headers(
                count: 1, entries: Headers.noVersion, trace: trace, features: isSameConnection ? .ours : [])
        }
        var writer = Writer(capacity: 64)
        var count = extra.count
        if case .interface(let version) = version {
            count += 1
            writer.write("version")
            writer.write(version)
        }
        if let reason {
            writer.write("reason")
            writer.write(reason.description)
        }
        if let detail {
            writer.write("detail")
            writer.write(detail)
        }
        if let age {
            writer.write("age_ms")
            writer.write(age.milliseconds)
        }
        for (name, value) in extra {
            writer.write(name)
            value.withUnsafeBytes { writer.writeRaw($0) }
        }
        count += (reason == nil ? 0 : 1) + (detail == nil ? 0 : 1) + (age == nil ? 0 : 1)
        return Headers(count: count, entries: writer.bytes, trace: trace, features: isSameConnection ? .ours : [])
    }
}

/// The header `version` of an answer.
package enum AnswerVersion: Sendable, Hashable {
    /// No interface was found, so the header is missing.
    case noInterface
    /// The interface's version. If it has none, the header's value is nil.
    case interface(Version?)
}

extension Writer {
    fileprivate mutating func write(_ version: Version?) {
        if let version { write(version.description) } else { writeNil() }
    }
}
