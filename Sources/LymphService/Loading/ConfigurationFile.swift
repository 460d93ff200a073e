internal import Glibc
internal import Lymph

/// Reads configuration files.
enum ConfigurationFile {
    private static let largest = 4 * 1024 * 1024

    /// Reads a file whose top level is a map.
    ///
    /// - Parameter mistakes: Collects mistakes that don't prevent the rest from being read.
    /// - Throws: ``/Lymph/ConfigurationError`` if the file can't be read, is not YAML, or is not a map.
    static func read(
        _ path: String, _ mistakes: inout ConfigurationMistakes
    ) throws(ConfigurationError) -> ConfigurationNode {
        func fail(_ message: String) -> ConfigurationError {
            ConfigurationError(.init(file: path, message: message))
        }
        guard let file = fopen(path, "r") else { throw fail("can't be read: \(String(cString: strerror(errno)))") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while bytes.count <= largest {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        if ferror(file) != 0 { throw fail("can't be read: \(String(cString: strerror(errno)))") }
        guard bytes.count <= largest else { throw fail("has more than \(largest) bytes") }
        return try parse(bytes, file: path, example: "container: …", &mistakes)
    }

    /// Reads the content of a file whose top level is a map.
    ///
    /// - Parameters:
    ///   - path: The file, for messages.
    ///   - example: A map, for messages.
    static func parse(
        _ bytes: [UInt8], file path: String, example: String, _ mistakes: inout ConfigurationMistakes
    ) throws(ConfigurationError) -> ConfigurationNode {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let valid = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\u{fffd}" }
            throw ConfigurationError(
                .init(file: path, line: valid.count { $0.isNewline } + 1, message: "is not UTF-8"))
        }
        let node = try YAMLDocument.read(text, file: path, &mistakes)
        if node.isNull { return ConfigurationNode(.map([]), at: node.origin) }
        guard node.entries != nil else { throw Configuration(node).mismatch(allowed: "a map, such as \(example)") }
        return node
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
