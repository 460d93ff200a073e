internal import Lymph
internal import MessagePack
internal import ZeroMQ

extension FuzzTarget {
    /// The headers of a message in a frame of their own, and in a packed frame.
    static let headers = FuzzTarget(
        "headers", seeds: [HeaderSeeds.request, HeaderSeeds.refusal, HeaderSeeds.ping, [0x80]],
        words: [
            "version", "trace_id", "return", "same", "features", "packed", "cancel", "deadline", "reason", "timeout_ms",
            "age_ms", "detail", "__type__",
        ]
    ) { input throws(BrokenProperty) in
        let separate = input.withUnsafeBytes { try? Headers(decoding: $0) }
        let packed = input.withUnsafeBytes { try? Headers(unpacking: $0, trace: TraceID(1), timeout: nil) }
        try demand((separate == nil) == (packed == nil), "both framings take the same maps")
        guard let separate, let packed else { return }
        try demand(separate.bytes == input && packed.bytes == input, "received headers stay as they are")
        try demand(packed.trace == TraceID(1), "the trace id beside the map counts")
        try demand(packed.features.contains(.packing), "who packs reads packed frames")
        let now = Instant.origin.advanced(by: .seconds(1))
        if let age = separate.age { try demand(age.earliestOpening(asked: now) <= now, "a process opened before now") }
        if let timeout = separate.timeout { try demand(timeout.deadline(after: now) >= now, "a deadline is not past") }
        try demand((separate.traceID ?? "").utf8.count <= 2100, "a trace id is short enough for a log line")
        try checkPassingOn(separate, at: now)
    }

    /// What was received can be sent on and is received the same.
    private static func checkPassingOn(_ received: Headers, at now: Instant) throws(BrokenProperty) {
        let trace = received.trace ?? TraceID(2)
        var version: Version?
        if case .exact(let exact) = received.version { version = exact }
        let extra = received.fields
        let request = try? Headers.request(version: version, trace: trace, timeout: received.timeout, extra: extra)
        guard let request else { return }
        let bytes = request.bytes
        guard let again = bytes.withUnsafeBytes({ try? Headers(decoding: $0) }) else {
            throw BrokenProperty(description: "our own headers are refused")
        }
        try demand(again.trace == trace, "the trace id is passed on")
        try demand(again.timeout == received.timeout, "the time that is left is passed on")
        try demand(again.features == .ours, "we announce all features")
        try demand(again.version == version.map(VersionHeader.exact) ?? .none, "the version is passed on")
        let framework: Set = ["version", "trace_id", "return", "features", "timeout_ms"]
        for (name, value) in extra where !framework.contains(name) {
            try demand(again[name] == value, "the header \(name.debugDescription) is passed on")
        }
    }
}
