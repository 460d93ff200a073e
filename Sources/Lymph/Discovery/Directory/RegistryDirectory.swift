internal import Glibc

/// The private directory of a ``DirectoryRegistry``: opens it, and refuses one that is not private.
struct RegistryDirectory {
    /// The path.
    let path: String

    /// - Parameter path: The path, whether or not the directory exists yet. Its parent must exist.
    init(path: String) {
        self.path = RegistryLocation.normalized(path)
    }

    /// The default path, from the environment of this process.
    static var defaultPath: String {
        let user = geteuid()
        return RegistryLocation.path(
            environment: { ProcessEnvironment[$0] }, user: user,
            isUsable: { path in
                var status = stat()
                return stat(path, &status) == 0 && status.type == S_IFDIR && status.st_uid == user
            })
    }

    /// Opens the directory for one operation.
    ///
    /// - Parameter creating: Whether to create it if it is not there.
    /// - Throws: ``RegistryError`` if it doesn't exist, or if others could have put something into it.
    func open(creating: Bool = true) throws(RegistryError) -> OpenDirectory {
        let descriptor: FileDescriptor
        let status: stat
        do {
            descriptor = try creating ? openOrCreate() : openExisting()
            status = try descriptor.status()
        } catch {
            throw RegistryError(.unavailable, explanation(of: error), cause: error)
        }
        guard status.st_uid == geteuid() else {
            throw RegistryError(
                .unavailable, "the registry's directory \(path) belongs to another user (\(status.st_uid)); " + advice)
        }
        let mode = status.st_mode & 0o7777
        guard mode & 0o077 == 0 else {
            throw RegistryError(
                .unavailable,
                "the registry's directory \(path) is open to others (mode \(String(mode, radix: 8))); "
                    + "run \"chmod 700 \(path)\", or " + advice)
        }
        return OpenDirectory(path: path, descriptor: descriptor, identity: FileIdentity(status))
    }

    private func openOrCreate() throws(SystemError) -> FileDescriptor {
        do {
            return try openExisting()
        } catch  where error.code == ENOENT {
            do {
                try SystemError.check("mkdir \(path)") { Int(mkdir(path, 0o700)) }
            } catch  where error.code == EEXIST {
                // Another process created it first.
            }
            return try openExisting()
        }
    }

    private func openExisting() throws(SystemError) -> FileDescriptor {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        return FileDescriptor(owning: Int32(try SystemError.check("open \(path)") { Int(Glibc.open(path, flags)) }))
    }

    private func explanation(of error: SystemError) -> String {
        switch error.code {
        case ENOTDIR, ELOOP:
            "the registry's directory \(path) is a symbolic link, or not a directory; remove it, or " + advice
        case ENOENT:
            "the registry's directory \(path) can't be created, its parent does not exist; " + advice
        case EMFILE, ENFILE:
            "the registry's directory \(path) can't be opened, too many files are open (ulimit -n)"
        default:
            "the registry's directory \(path) can't be \(error.operation.hasPrefix("mkdir") ? "created" : "used"): "
                + "\(error.reason); " + advice
        }
    }

    private var advice: String { "set \(RegistryLocation.variable) to a directory that only you can access" }
}

/// A registry directory that was verified to be private, open until the last copy of this is released.
struct OpenDirectory {
    /// Where it was found.
    let path: String

    let descriptor: FileDescriptor

    /// Identifies the directory: a different one may take over its path later.
    let identity: FileIdentity

    /// The names of all entries except `.` and `..`; names that are not UTF-8 are left out.
    func names() throws(SystemError) -> [String] {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let copy = try SystemError.check("open") { Int(openat(descriptor.number, ".", flags)) }
        guard let stream = fdopendir(Int32(copy)) else {
            let code = errno
            close(Int32(copy))
            throw SystemError(code: code, operation: "fdopendir")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            if let name, name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Which file has the name, if any.
    func identity(of name: String) -> FileIdentity? {
        var status = stat()
        return fstatat(descriptor.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? FileIdentity(status) : nil
    }

    /// Removes a name, unless it belongs to a different file by now.
    func remove(_ name: String, if identity: FileIdentity) {
        guard self.identity(of: name) == identity else { return }
        unlinkat(descriptor.number, name, 0)
    }
}
