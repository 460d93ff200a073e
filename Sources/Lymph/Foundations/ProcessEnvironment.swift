internal import Glibc

/// The environment variables of this process.
package enum ProcessEnvironment {
    /// One of them, or nil if it isn't set.
    package static subscript(name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// All of them, by name.
    package static var all: [String: String] {
        var result: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return result
    }
}
