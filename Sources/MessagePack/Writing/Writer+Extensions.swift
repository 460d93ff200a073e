extension Writer {
    /// Writes an extension, unless a Python peer would fail on it and discard the whole message.
    mutating func writeCheckedExt(type: Int8, bytes payload: [UInt8]) throws(MessagePackError) {
        try checkLength(payload.count)
        switch type {
        case ExtensionType.timestamp: try Self.checkTimestamp(payload)
        case ExtensionType.embedded: if isForPeers { try Self.checkEmbedded(payload) }
        case 0...: break
        default:
            if isForPeers {
                throw MessagePackError(
                    .unrepresentable,
                    "an extension of type \(type), which Python peers cannot read; types from 0 to 127 are the application's"
                )
            }
        }
        writeExt(type: type, bytes: payload)
    }

    private static func checkTimestamp(_ payload: [UInt8]) throws(MessagePackError) {
        guard payload.withUnsafeBytes(Timestamp.init(payload:)) == nil else { return }
        let reason =
            [8, 12].contains(payload.count)
            ? "not one with a second or more of nanoseconds" : "of 4, 8 or 12 bytes, not \(payload.count)"
        throw MessagePackError(.unrepresentable, "an extension of type -1 is a timestamp, \(reason)")
    }

    /// Peers also decode the embedded message, so it must satisfy the same rules as any other.
    private static func checkEmbedded(_ payload: [UInt8]) throws(MessagePackError) {
        do throws(MessagePackError) {
            let limits = MessagePackLimits(depth: MessagePackLimits.maximumDepth)
            var writer = Writer(limits: limits)
            try writer.write(Value(decoding: payload, limits: limits))
        } catch {
            throw MessagePackError(
                .unrepresentable,
                "an extension of type 101 is an embedded message, which peers cannot read here: \(error)")
        }
    }
}
