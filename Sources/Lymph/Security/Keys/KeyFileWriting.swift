internal import Glibc

extension KeyPair {
    /// Writes the files that `KeyPair(contentsOf:)` and `PublicKey(contentsOf:)` read, as pyzmq and czmq can, too.
    ///
    /// Only the owner may read the file with the secret key. Files that exist are never overwritten; if there is an
    /// error, neither file is left.
    ///
    /// - Parameters:
    ///   - name: The name of both files, without their extensions.
    ///   - directory: Where they are created.
    /// - Returns: The paths of the files.
    /// - Throws: ``KeyError`` if the name can't be one, a file is already there, or the system refuses.
    @discardableResult
    public func write(
        name: String, to directory: String
    ) throws(KeyError) -> (publicKey: String, secretKey: String) {
        let isAllowed = name.utf8.allSatisfy { byte in
            let character = Character(Unicode.Scalar(byte))
            return character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
        }
        guard isAllowed, (1...100).contains(name.utf8.count), name.first != ".", name.first != "-" else {
            throw KeyError(
                "\"\(name)\" can't be the name of a key",
                allowed: "1 to 100 letters, digits and . _ -, not beginning with . or -")
        }
        let isPrefix = directory.hasSuffix("/")
        let path = directory == "." ? name : directory + (isPrefix ? name : "/\(name)")
        let (publicPath, secretPath) = ("\(path).key", "\(path).key_secret")
        try Self.create(secretPath, mode: 0o600, makeText(name, isSecret: true))
        do throws(KeyError) {
            try Self.create(publicPath, mode: 0o644, makeText(name, isSecret: false))
        } catch {
            unlink(secretPath)
            throw error
        }
        return (publicPath, secretPath)
    }

    private func makeText(_ name: String, isSecret: Bool) -> String {
        let head =
            isSecret
            ? "#   ZeroMQ CURVE **Secret** Certificate\n#   DO NOT PROVIDE THIS FILE TO OTHERS nor change its permissions.\n"
            : "#   ZeroMQ CURVE Public Certificate\n#   Others know you by this key: exchange it over a channel that you trust.\n"
        let secretLine = isSecret ? "    secret-key = \"\(secret)\"\n" : ""
        return "\(head)\nmetadata\n    name = \"\(name)\"\ncurve\n    public-key = \"\(publicKey)\"\n\(secretLine)"
    }

    private static func create(_ path: String, mode: mode_t, _ text: String) throws(KeyError) {
        do throws(SystemError) {
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
            let file = FileDescriptor(owning: Int32(try SystemError.check("open") { Int(open(path, flags, mode)) }))
            do throws(SystemError) {
                try write(text, to: file)
            } catch {
                unlink(path)
                throw error
            }
        } catch {
            throw error.code == EEXIST
                ? KeyError("the file exists already, and keys are not overwritten", path: path)
                : KeyError("the file can't be written: \(error.reason)", path: path)
        }
    }

    private static func write(_ text: String, to file: FileDescriptor) throws(SystemError) {
        var rest = ArraySlice(text.utf8)
        while !rest.isEmpty {
            let count = try SystemError.check("write") {
                rest.withUnsafeBytes { Glibc.write(file.number, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(count)
        }
        // A key that others already know must survive a crash of the machine.
        try SystemError.check("fsync") { Int(fsync(file.number)) }
    }
}
