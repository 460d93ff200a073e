internal import Glibc

/// The file in which one instance is published, and the lock that shows that its owner is alive.
///
/// The kernel releases the lock with the last descriptor of the open file, however the process ends. The lock belongs
/// to the open file and not to the process, so a process sees its own instances as it sees others'.
struct InstanceFile {
    /// The maximum size of a document, in bytes.
    static let longestDocument = 64 * 1024

    /// The instance that is published.
    let instance: ServiceInstance

    /// The name of the file.
    let name: String

    private let directory: FileIdentity
    private let descriptor: FileDescriptor
    private let document: [UInt8]

    /// Publishes an instance: a hidden file is created, locked and written, and then renamed to its final name.
    init(publishing instance: ServiceInstance, in directory: OpenDirectory) throws(RegistryError) {
        let document = instance.json()
        let subject = "the instance \(instance.id) of \"\(instance.service)\""
        guard document.count <= Self.longestDocument else {
            throw RegistryError(
                .registrationFailure,
                "the description of \(subject) has \(document.count) bytes, more than \(Self.longestDocument)")
        }
        do {
            (name, descriptor) = try Self.create(document, service: instance.service, in: directory)
        } catch {
            throw RegistryError(.registrationFailure, "\(subject) was not published in \(directory.path)", cause: error)
        }
        self.instance = instance
        self.directory = directory.identity
        self.document = document
    }

    /// What prevents others from finding the instance in this file, for people; nil if nothing does.
    ///
    /// - Parameter directory: The registry's directory as it is now, or nil if it can't be opened.
    func defect(in directory: OpenDirectory?) -> String? {
        guard let status = try? descriptor.status() else { return nil }
        if let directory, directory.identity != self.directory { return "the directory was removed or replaced" }
        if status.st_nlink == 0 { return "its file was removed" }
        guard let directory else { return nil }
        guard let named = directory.identity(of: name) else { return "its file was moved away" }
        if named != FileIdentity(status) { return "its file was replaced" }
        if status.st_uid != geteuid() || status.st_mode & 0o400 == 0 { return "its file was made unreadable" }
        if !hasDocument(status) { return "its file was changed" }
        // Has no effect if we still hold the lock.
        if flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 { return "another process holds the lock of its file" }
        return nil
    }

    private func hasDocument(_ status: stat) -> Bool {
        guard Int(status.st_size) == document.count else { return false }
        var content = [UInt8](repeating: 0, count: document.count)
        let count = pread(descriptor.number, &content, content.count, 0)
        // An unreadable file is not known to be wrong.
        return count < 0 || content == document
    }

    /// Withdraws the instance.
    func remove(from directory: OpenDirectory) {
        guard let status = try? descriptor.status() else { return }
        directory.remove(name, if: FileIdentity(status))
    }

    private static func create(
        _ document: [UInt8], service: String, in directory: OpenDirectory
    ) throws(SystemError) -> (String, FileDescriptor) {
        let known = RegistryFileName.known(service)
        let parent = directory.descriptor.number
        // Opened for reading, so that closing it doesn't look like the end of an instance.
        let sign = try SystemError.check("create \(known)") {
            Int(openat(parent, known, O_CREAT | O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600))
        }
        close(Int32(sign))

        // A process that cleans up may take a file for abandoned between its creation and its lock; then retry.
        var attempts = 100
        while true {
            let token = UniqueID.random()
            let temporary = RegistryFileName.temporary(token: token)
            let name = RegistryFileName.instance(of: service, token: token)
            let number = try SystemError.check("create \(temporary)") {
                Int(openat(parent, temporary, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600))
            }
            let descriptor = FileDescriptor(owning: Int32(number))
            do {
                try SystemError.check("lock \(temporary)") { Int(flock(descriptor.number, LOCK_EX | LOCK_NB)) }
                try write(document, to: descriptor)
                try SystemError.check("rename \(temporary)") { Int(renameat(parent, temporary, parent, name)) }
                return (name, descriptor)
            } catch {
                unlinkat(parent, temporary, 0)
                attempts -= 1
                guard attempts > 0, error.code == EWOULDBLOCK || error.code == ENOENT else { throw error }
            }
        }
    }

    private static func write(_ document: [UInt8], to descriptor: FileDescriptor) throws(SystemError) {
        var written = 0
        while written < document.count {
            written += try SystemError.check("write") {
                document[written...].withUnsafeBytes { Glibc.write(descriptor.number, $0.baseAddress, $0.count) }
            }
        }
    }
}
