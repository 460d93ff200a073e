internal import ZeroMQ

/// A question of libzmq's whether a connection is to be admitted (ZAP, RFC 27), and the answer.
struct ZAPRequest {
    /// What the other side of the connection has proved, if anything.
    let mechanism: AccessPolicy.Mechanism
    /// The address that the connection comes from.
    let address: String
    private let id: [UInt8]

    /// The answer.
    enum Decision: Equatable {
        /// Admitted, under the name that comes with each message of the connection.
        case admit(user: String)
        /// Refused for good: a libzmq that dials doesn't try again.
        case refuse
        /// Not to be decided now: the other side may try again.
        case retry

        fileprivate var status: (code: String, text: String, user: String) {
            switch self {
            case .admit(let user): ("200", "OK", user)
            case .refuse: ("400", "not admitted", "")
            case .retry: ("300", "try again later", "")
            }
        }
    }

    /// Reads a request; nil for one of a mechanism that we don't use.
    init?(_ frames: Multipart) {
        guard frames.count >= 6, Self.text(frames, 0) == "1.0" else { return nil }
        let key = frames.count > 6 ? frames.withUnsafeBytes(at: 6) { PublicKey(bytes: $0) } : nil
        switch (Self.text(frames, 5), key) {
        case ("NULL", _): mechanism = .null
        case ("CURVE", let key?): mechanism = .curve(key)
        default: return nil
        }
        id = frames.withUnsafeBytes(at: 1) { [UInt8]($0) }
        address = Self.text(frames, 3)
    }

    private static func text(_ frames: Multipart, _ index: Int) -> String {
        frames.withUnsafeBytes(at: index) { String(decoding: $0, as: UTF8.self) }
    }

    /// The frames of an answer.
    func answer(_ decision: Decision) -> [[UInt8]] {
        let (code, text, user) = decision.status
        return [Array("1.0".utf8), id, Array(code.utf8), Array(text.utf8), Array(user.utf8), []]
    }
}
