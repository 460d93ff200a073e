internal import Glibc

/// The result of checking an instance's file.
enum InstanceFileState {
    /// The owner is alive. Of several files of one instance, the one with the greatest `written` is current.
    case alive(ServiceInstance, written: Int64)
    /// The file no longer exists, or its owner has died.
    case gone
    /// Not one of our files, or not readable as one.
    case foreign
}

extension InstanceFileState {
    /// Whether there is no file.
    var isGone: Bool {
        if case .gone = self { true } else { false }
    }

    /// Whether there is an instance with a living owner.
    var isAlive: Bool {
        if case .alive = self { true } else { false }
    }
}

/// A file that was found by scanning a directory.
struct SurveyedFile {
    var name: String
    var service: String
    var state: InstanceFileState
}

extension OpenDirectory {
    /// Checks the file of an instance, and removes it if its owner has died. Never blocks, whatever the file is.
    ///
    /// - Throws: `SystemError` if the state can't be determined for lack of resources.
    func inspect(_ name: String, service: String) throws(SystemError) -> InstanceFileState {
        guard let (file, status) = try openRegular(name) else { return .gone }
        guard status.type == S_IFREG else { return .foreign }
        if try isAbandoned(file) {
            remove(name, if: FileIdentity(status))
            return .gone
        }
        guard let document = try read(file), let instance = try? ServiceInstance(json: document, service: service)
        else { return .foreign }
        return .alive(instance, written: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
    }

    /// Checks the files of all instances of the wanted services.
    ///
    /// If a file has vanished since the names were read, they are read again: it may have been replaced.
    ///
    /// - Throws: `SystemError` if the directory cannot be read now.
    func survey(_ isWanted: (String) -> Bool) throws(SystemError) -> [SurveyedFile] {
        var rounds = 8
        while true {
            var files: [SurveyedFile] = []
            for name in try names() {
                guard case .instance(let service)? = RegistryFileName(name), isWanted(service) else { continue }
                files.append(SurveyedFile(name: name, service: service, state: try inspect(name, service: service)))
            }
            rounds -= 1
            if rounds == 0 || !files.contains(where: \.state.isGone) { return files }
        }
    }

    /// Removes a temporary file whose process died while writing it.
    func removeIfAbandoned(temporary name: String) throws(SystemError) {
        guard let (file, status) = try openRegular(name), status.type == S_IFREG, try isAbandoned(file) else { return }
        remove(name, if: FileIdentity(status))
    }

    /// Whether the service has ever been registered.
    func isKnown(_ service: String) -> Bool {
        faccessat(descriptor.number, RegistryFileName.known(service), F_OK, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// Opens a file without following links, and without blocking on a pipe or a device. Nil if the file doesn't
    /// exist or must not be opened.
    private func openRegular(_ name: String) throws(SystemError) -> (FileDescriptor, stat)? {
        let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
        do {
            let number = try SystemError.check("open \(name)") { Int(openat(descriptor.number, name, flags)) }
            let file = FileDescriptor(owning: Int32(number))
            return (file, try file.status())
        } catch {
            switch error.code {
            case EMFILE, ENFILE, ENOMEM: throw error
            default: return nil
            }
        }
    }

    /// Whether nobody holds the lock of the file. The shared lock that this takes is released with the descriptor.
    private func isAbandoned(_ file: FileDescriptor) throws(SystemError) -> Bool {
        do {
            try SystemError.check("flock") { Int(flock(file.number, LOCK_SH | LOCK_NB)) }
            return true
        } catch  where error.code == EWOULDBLOCK {
            return false
        }
    }

    /// The content, or nil if it is longer than a document may be.
    private func read(_ file: FileDescriptor) throws(SystemError) -> [UInt8]? {
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while content.count <= InstanceFile.longestDocument {
            let count = try SystemError.check("read") { Glibc.read(file.number, &buffer, buffer.count) }
            if count == 0 { return content }
            content += buffer[..<count]
        }
        return nil
    }
}
