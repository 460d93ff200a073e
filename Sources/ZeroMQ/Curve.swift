internal import CZeroMQ
internal import Glibc

/// CURVE, ZeroMQ's encryption: whether there is any, and its keys, as their 40 characters of ``Z85``.
///
/// The functions set libsodium up and down again, so they are for the start of a process and for tools, not for the
/// path of a call.
package enum Curve {
    /// The number of bytes of a key.
    package static let keyBytes = 32

    /// The number of characters of a key's text.
    package static let keyCharacters = 40

    /// Whether libzmq was built with CURVE.
    package static let isSupported = unsafe zmq_has("curve") == 1

    /// Makes a new pair of keys.
    ///
    /// - Throws: ``ZMQError`` if CURVE is not supported.
    package static func makeKeyPair() throws(ZMQError) -> (publicKey: String, secretKey: String) {
        var secretKey = ""
        let publicKey = try unsafe text { publicText throws(ZMQError) in
            secretKey = try unsafe text { secretText throws(ZMQError) in
                try check("zmq_curve_keypair") { unsafe zmq_curve_keypair(publicText, secretText) }
            }
        }
        return (publicKey, secretKey)
    }

    /// The public key that belongs to a secret one.
    ///
    /// - Throws: ``ZMQError`` if the secret key is not a key, or CURVE is not supported.
    package static func publicKey(ofSecretKey secretKey: String) throws(ZMQError) -> String {
        // libzmq would read more bytes than it has room for.
        guard secretKey.utf8.count == keyCharacters else { throw ZMQError(code: EINVAL, function: "zmq_curve_public") }
        return try unsafe text { publicText throws(ZMQError) in
            try check("zmq_curve_public") { unsafe zmq_curve_public(publicText, secretKey) }
        }
    }

    /// The text of a key that `body` writes, with the zero that ends it.
    private static func text(
        _ body: (UnsafeMutablePointer<CChar>) throws(ZMQError) -> Void
    ) throws(ZMQError) -> String {
        let characters = UnsafeMutablePointer<CChar>.allocate(capacity: keyCharacters + 1)
        defer { unsafe characters.deallocate() }
        try unsafe body(characters)
        return unsafe String(cString: characters)
    }
}
