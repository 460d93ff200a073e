/// Decides in which directory the processes of one user meet when nothing is configured.
enum RegistryLocation {
    /// The name of the environment variable that overrides the choice.
    static let variable = "LYMPH_REGISTRY_DIR"

    /// Returns the path of the directory.
    ///
    /// - Parameters:
    ///   - environment: Looks a variable up.
    ///   - user: The number of the user.
    ///   - isUsable: Whether a directory exists and belongs to the user.
    static func path(environment: (String) -> String?, user: UInt32, isUsable: (String) -> Bool) -> String {
        if let path = environment(variable), !path.isEmpty { return path }
        if let runtime = environment("XDG_RUNTIME_DIR"), runtime.hasPrefix("/"), isUsable(runtime) {
            return normalized(runtime) + "/lymph"
        }
        // Not TMPDIR: it may differ between processes, which would then not meet.
        return "/tmp/lymph-\(user)"
    }

    /// All directories in which the processes of a user may meet when nothing is configured: environments may differ,
    /// for example between a cron job and a shell.
    static func defaults(environment: (String) -> String?, user: UInt32) -> [String] {
        let runtime = environment("XDG_RUNTIME_DIR").flatMap { $0.hasPrefix("/") ? normalized($0) + "/lymph" : nil }
        let paths =
            [environment(variable), runtime].compactMap(\.self) + ["/run/user/\(user)/lymph", "/tmp/lymph-\(user)"]
        var seen: Set<String> = []
        return paths.map(normalized).filter { $0.hasPrefix("/") && seen.insert($0).inserted }
    }

    /// Drops trailing slashes, which would make the system follow a symbolic link there.
    static func normalized(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return String(path)
    }
}
