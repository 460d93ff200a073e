internal import Glibc

/// An event that the kernel reports about a watched directory.
enum DirectoryEvent: Hashable {
    /// An entry appeared or vanished, or its permissions changed.
    case changed(String)
    /// A file that was open for writing was closed, perhaps because its owner ended. It may still be locked for a
    /// moment: the kernel reports the close before it releases the lock.
    case closed(String)
    /// Events were lost.
    case overflow
    /// The directory itself was removed or renamed, or its permissions changed, so it may no longer be the same.
    case directoryGone

    /// The events that a watch asks for.
    static let mask = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF)

    /// Parses inotify's records. Truncated records, and names that are not UTF-8, are skipped.
    static func parse(_ bytes: UnsafeRawBufferPointer) -> [DirectoryEvent] {
        var events: [DirectoryEvent] = []
        var offset = 0
        while offset + headerSize <= bytes.count {
            let mask = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
            let length = Int(bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
            let start = offset + headerSize
            guard length <= bytes.count - start else { break }
            let name = bytes[start..<(start + length)].prefix { $0 != 0 }
            if let event = DirectoryEvent(mask: mask, name: String(validating: name, as: UTF8.self) ?? "") {
                events.append(event)
            }
            offset = start + length
        }
        return events
    }

    private static let headerSize = 16

    private init?(mask: UInt32, name: String) {
        let has = { (bits: Int32) in mask & UInt32(bits) != 0 }
        if has(IN_Q_OVERFLOW) {
            self = .overflow
        } else if has(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED) {
            self = .directoryGone
        } else if name.isEmpty {
            guard has(IN_ATTRIB) else { return nil }
            self = .directoryGone
        } else {
            self = has(IN_CLOSE_WRITE) ? .closed(name) : .changed(name)
        }
    }
}
