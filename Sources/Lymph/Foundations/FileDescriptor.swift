internal import Glibc

/// An open file that is closed when the last reference to it is released.
package final class FileDescriptor {
    package let number: Int32

    /// Takes over an open file descriptor.
    package init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// The status of the open file.
    func status() throws(SystemError) -> stat {
        var status = stat()
        try SystemError.check("fstat") { Int(fstat(number, &status)) }
        return status
    }
}

/// Which file it is, independent of its names.
struct FileIdentity: Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

extension stat {
    /// The bits that tell the type of the file.
    var type: mode_t { st_mode & S_IFMT }
}
