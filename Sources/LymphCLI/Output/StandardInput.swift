internal import Glibc
internal import LymphService

/// Reads standard input.
enum StandardInput {
    private static let limit = 256 * 1024 * 1024

    /// Whether a person is typing the input.
    static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Reads the input to its end.
    static func read() throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < limit {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count > 0 {
                bytes += chunk[..<count]
            } else if errno != EINTR {
                throw Failure(.failure, "standard input can't be read: \(String(cString: strerror(errno)))")
            }
        }
        throw Failure(.usage, "standard input holds more than \(limit / 1024 / 1024) MiB")
    }
}
