internal import Glibc

/// A small file that is read as a whole. Whatever is at its path, neither opening nor reading it blocks.
struct SmallFile {
    private let descriptor: FileDescriptor

    // Of what was opened: something else may be at the path by now.
    private let status: stat

    /// Opens what is at the path, also if that is a link.
    init(path: String) throws(SystemError) {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
        descriptor = FileDescriptor(owning: Int32(try SystemError.check("open \(path)") { Int(open(path, flags)) }))
        status = try descriptor.status()
    }

    /// Why it is not to be read, if it isn't a file.
    var objection: String? {
        switch status.type {
        case S_IFREG: nil
        case S_IFDIR: "it is a directory"
        default: "it is not a file"
        }
    }

    /// Whether others than its owner may read it, or do anything else with it.
    var isOpenToOthers: Bool { status.st_mode & 0o077 != 0 }

    /// The content; nil if there are more than `limit` bytes.
    func read(limit: Int) throws(SystemError) -> [UInt8]? {
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while content.count <= limit {
            let count = try SystemError.check("read") { Glibc.read(descriptor.number, &buffer, buffer.count) }
            if count == 0 { return content }
            content += buffer[..<count]
        }
        return nil
    }
}
