internal import Glibc

/// Another directory in which living processes of this user are registered. They find each other, but nobody here.
package struct OtherRegistry: Sendable {
    package let path: String

    /// The names of services with a living instance, sorted.
    package let services: [String]

    /// What to do about it.
    package static let advice = "set \(RegistryLocation.variable) to the same directory for all of them"

    /// Surveys the directories that processes with other environments would use.
    static func all(but own: RegistryDirectory) -> [OtherRegistry] {
        let identity = try? own.open(creating: false).identity
        return RegistryLocation.defaults(environment: { ProcessEnvironment[$0] }, user: geteuid()).compactMap { path in
            guard let open = try? RegistryDirectory(path: path).open(creating: false), open.identity != identity,
                let living = try? open.survey({ _ in true }).filter(\.state.isAlive), !living.isEmpty
            else { return nil }
            return OtherRegistry(path: path, services: Set(living.map(\.service)).sorted())
        }
    }
}

extension DirectoryRegistry {
    /// Why no service can register although the directory can be read; nil if nothing prevents it.
    package nonisolated var writeObstacle: String? {
        // Checked with the rights of the current process; another user or group may have different ones.
        guard faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) == 0 else { return String(cString: strerror(errno)) }
        var system = statvfs()
        guard statvfs(path, &system) == 0, system.f_files > 0 || system.f_blocks > 0 else { return nil }
        let isFull = system.f_bavail == 0 && system.f_blocks > 0 || system.f_favail == 0 && system.f_files > 0
        return isFull ? String(cString: strerror(ENOSPC)) : nil
    }

    /// The other directories in which processes of this user are registered.
    package nonisolated var elsewhere: [OtherRegistry] { OtherRegistry.all(but: RegistryDirectory(path: path)) }
}
