internal import MessagePack
internal import ZeroMQ

/// The headers that a method adds to its answers.
final class ReplyHeaders: Sendable {
    private let entries = Lock<[String: [UInt8]]>([:])

    /// Adds a header, or replaces one.
    ///
    /// - Throws: `MessagePackError` if the value can't be encoded or the name is not allowed; nothing is added then.
    func set(_ name: String, _ value: Value) throws {
        try Headers.validate(name)
        let encoded = try value.encoded()
        entries.withLock { $0[name] = encoded }
    }

    /// The headers, encoded.
    var all: [String: [UInt8]] { entries.withLock(\.self) }
}
