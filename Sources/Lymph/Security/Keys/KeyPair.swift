internal import ZeroMQ

/// A secret key with the public key that belongs to it: what a process proves its identity with.
///
/// The secret key is not shown: not by `print`, `dump` or an error.
public struct KeyPair: Sendable {
    /// The key that others know the process by.
    public let publicKey: PublicKey

    /// The 40 characters of the secret key.
    package let secret: String

    /// Makes a new pair.
    ///
    /// Do this with a tool such as `lymph keygen`, not at each start of a service: others must know its public key.
    ///
    /// - Throws: ``KeyError`` if the process has no CURVE.
    public static func generate() throws(KeyError) -> KeyPair {
        try Self(checkingSupport: { () throws(ZMQError) in try Curve.makeKeyPair() })
    }

    /// Takes the 40 characters of a secret key, and computes the public one.
    ///
    /// - Throws: ``KeyError`` if it is not a key, or the process has no CURVE.
    public init(secret: String) throws(KeyError) {
        // Any 32 bytes are a secret key.
        _ = try PublicKey(validating: secret)
        try self.init(checkingSupport: { () throws(ZMQError) in
            (try Curve.publicKey(ofSecretKey: secret), secret)
        })
    }

    private init(
        checkingSupport make: () throws(ZMQError) -> (publicKey: String, secretKey: String)
    ) throws(KeyError) {
        guard Curve.isSupported else {
            throw KeyError("libzmq was built without CURVE", allowed: "a libzmq that was built with libsodium")
        }
        do throws(ZMQError) {
            let pair = try make()
            guard let publicKey = PublicKey(pair.publicKey) else {
                throw ZMQError(code: 0, function: "zmq_curve_public")
            }
            (self.publicKey, secret) = (publicKey, pair.secretKey)
        } catch {
            throw KeyError("the key can't be made: \(error)")
        }
    }
}

extension KeyPair: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The public key.
    public var description: String { "KeyPair(\(publicKey))" }

    /// The public key.
    public var debugDescription: String { description }

    /// The public key only: `dump` would show the secret one.
    public var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}
