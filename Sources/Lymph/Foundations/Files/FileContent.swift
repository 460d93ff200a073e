/// What is in a small file.
package enum FileContent: Sendable, Hashable {
    case bytes([UInt8])
    /// It can't be read; the text says why.
    case unreadable(String)

    /// Reads the file at a path.
    ///
    /// - Parameter limit: The most bytes that it may have.
    package init(path: String, limit: Int) {
        do throws(SystemError) {
            let file = try SmallFile(path: path)
            if let objection = file.objection {
                self = .unreadable(objection)
            } else if let bytes = try file.read(limit: limit) {
                self = .bytes(bytes)
            } else {
                self = .unreadable("it has more than \(limit) bytes")
            }
        } catch {
            self = .unreadable(error.reason)
        }
    }
}
