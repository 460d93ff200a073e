extension PublicKey {
    /// Reads a public key from a file that `lymph keygen`, pyzmq or czmq has written (`NAME.key`).
    ///
    /// - Throws: ``KeyError`` with the path and, if it is about the content, the line.
    public init(contentsOf path: String) throws(KeyError) {
        self = try KeyFile.read(path, isSecret: false) { file throws(KeyError) in
            guard let key = try file.publicKey else {
                throw KeyError("the file has no public key", allowed: "public-key = \"…\" in a section curve")
            }
            return key
        }
    }
}

extension KeyPair {
    /// Reads a pair of keys from a file that `lymph keygen`, pyzmq or czmq has written (`NAME.key_secret`).
    ///
    /// - Throws: ``KeyError`` if others than the file's owner can read it, or if it has no secret key, or if its
    ///   public key is that of another secret key.
    public init(contentsOf path: String) throws(KeyError) {
        self = try KeyFile.read(path, isSecret: true) { file throws(KeyError) in try file.keyPair }
    }
}

/// The content of a key file.
struct KeyFile {
    /// The most bytes that are read.
    static let limit = 64 * 1024

    private let content: ZPL

    init(_ text: String) throws(KeyError) { content = try ZPL(text) }

    /// The public key, if there is one.
    var publicKey: PublicKey? {
        get throws(KeyError) {
            guard let entry = try content.only("curve", "public-key") else { return nil }
            return try Self.about(entry) { () throws(KeyError) in try PublicKey(validating: entry.value) }
        }
    }

    /// The secret key with its public one, which need not be in the file.
    var keyPair: KeyPair {
        get throws(KeyError) {
            guard let entry = try content.only("curve", "secret-key") else {
                throw KeyError(
                    "the file has no secret key", allowed: "the file NAME.key_secret, which is next to NAME.key")
            }
            let pair = try Self.about(entry) { () throws(KeyError) in try KeyPair(secret: entry.value) }
            if let publicKey = try publicKey, publicKey != pair.publicKey {
                throw KeyError("the public key is not that of the secret key", line: entry.line)
            }
            return pair
        }
    }

    /// Adds the line to errors.
    private static func about<R>(_ entry: ZPL.Entry, _ body: () throws(KeyError) -> R) throws(KeyError) -> R {
        do throws(KeyError) {
            return try body()
        } catch {
            var error = error
            error.line = entry.line
            throw error
        }
    }

    /// Reads a file, and adds its path to errors.
    static func read<R>(
        _ path: String, isSecret: Bool, _ body: (KeyFile) throws(KeyError) -> R
    ) throws(KeyError) -> R {
        do throws(KeyError) {
            return try body(try KeyFile(try text(path, isSecret: isSecret)))
        } catch {
            var error = error
            error.path = path
            throw error
        }
    }

    private static func text(_ path: String, isSecret: Bool) throws(KeyError) -> String {
        let file = try system { () throws(SystemError) in try SmallFile(path: path) }
        if let objection = file.objection { throw KeyError(objection, allowed: "a file of keys") }
        guard !isSecret || !file.isOpenToOthers else {
            throw KeyError("others can access the file with the secret key; run \"chmod 600 \(path)\"")
        }
        guard let bytes = try system({ () throws(SystemError) in try file.read(limit: limit) }) else {
            throw KeyError("the file is too large", allowed: "64 KiB")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func system<R>(_ body: () throws(SystemError) -> R) throws(KeyError) -> R {
        do throws(SystemError) {
            return try body()
        } catch {
            throw KeyError("the file can't be read: \(error.reason)")
        }
    }
}
