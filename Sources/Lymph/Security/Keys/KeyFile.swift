internal import Glibc

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
        let file = try system { () throws(SystemError) in
            // Whatever is at the path, opening and reading it must not block.
            let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
            return FileDescriptor(owning: Int32(try SystemError.check("open") { Int(open(path, flags)) }))
        }
        // Of the open file, because another may be at the path by now.
        let status = try system { () throws(SystemError) in try file.status() }
        guard status.type == S_IFREG else {
            throw KeyError(status.type == S_IFDIR ? "it is a directory" : "it is not a file", allowed: "a file of keys")
        }
        guard !isSecret || status.st_mode & 0o077 == 0 else {
            throw KeyError("others can access the file with the secret key; run \"chmod 600 \(path)\"")
        }
        let bytes = try system { () throws(SystemError) in try content(of: file) }
        guard bytes.count <= limit else { throw KeyError("the file is too large", allowed: "64 KiB") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads until the file is over, or longer than it may be.
    private static func content(of file: FileDescriptor) throws(SystemError) -> [UInt8] {
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while content.count <= limit {
            let count = try SystemError.check("read") { Glibc.read(file.number, &buffer, buffer.count) }
            if count == 0 { break }
            content += buffer[..<count]
        }
        return content
    }

    private static func system<R>(_ body: () throws(SystemError) -> R) throws(KeyError) -> R {
        do throws(SystemError) {
            return try body()
        } catch {
            throw KeyError("the file can't be read: \(error.reason)")
        }
    }
}
