internal import ZeroMQ

/// How a caller is known to a ROUTER: by the text that its connection announces.
///
/// On the plain door it is the caller's endpoint, as in Python lymph. Anybody may claim any endpoint there, and takes the
/// route of the one before. On the encrypted door a number follows that is random for each connection, so that nobody can
/// claim another's.
enum CallerIdentity {
    private static let separator = UInt8(ascii: "#")
    private static let digits = 32

    /// Announces our endpoint on an encrypted connection.
    static func make(for endpoint: Endpoint) -> String { "\(endpoint.address)#\(UniqueID.random())" }

    /// The endpoint in what a caller announces on an encrypted connection, without its key; nil for anything else.
    static func endpoint(_ identity: UnsafeRawBufferPointer) -> Endpoint? {
        let end = identity.count - digits - 1
        guard end > 0, identity[end] == separator else { return nil }
        return Endpoint(identity: UnsafeRawBufferPointer(rebasing: identity[..<end]))
    }
}
