internal import Glibc

/// A program to be started, with exactly the descriptors that it should have.
///
/// Exists because swift-subprocess can't pass on descriptors beyond the standard ones. A child inherits the shared
/// sockets; all our other descriptors are closed when it starts.
struct Spawn {
    /// The program, looked up in `PATH`, and its arguments.
    let words: [String]
    let environment: [String: String]
    /// The process group to join; 0 for a new one.
    let group: pid_t
    /// Standard input; nil for an empty one.
    var input: Int32?
    /// Standard output and standard error; nil for those of this process.
    var outputs: (output: Int32, errors: Int32)?
    /// Descriptors that stay open, under the same numbers.
    var inherited: [Int32] = []

    /// Starts the program.
    ///
    /// - Returns: The process id. It must be waited for.
    func callAsFunction() throws(SpawnError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        if let outputs {
            posix_spawn_file_actions_adddup2(&actions, outputs.output, STDOUT_FILENO)
            posix_spawn_file_actions_adddup2(&actions, outputs.errors, STDERR_FILENO)
        }
        // Duplicating a descriptor onto itself clears its close-on-exec flag.
        for descriptor in inherited { posix_spawn_file_actions_adddup2(&actions, descriptor, descriptor) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The child must not inherit which signals this process ignores or blocks.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, group)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var pid = pid_t()
        let code = withCStrings(words) { arguments in
            withCStrings(environment.map { "\($0)=\($1)" }) { environment in
                posix_spawnp(&pid, words[0], &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else { throw SpawnError(program: words[0], code: code) }
        return pid
    }
}

/// A program that could not be started.
struct SpawnError: Error, CustomStringConvertible {
    let program: String
    let code: Int32

    var description: String {
        switch code {
        case ENOENT: "there is no program \(program.debugDescription)"
        default: "\(program.debugDescription): \(String(cString: strerror(code)))"
        }
    }
}

/// Calls `body` with a nil-terminated C array of C strings.
private func withCStrings<R>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
) -> R {
    let pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeBufferPointer { buffer in
        // The array contains at least the terminating nil.
        guard let base = buffer.baseAddress else { preconditionFailure("an empty array") }
        return body(base)
    }
}

/// A pipe whose ends are closed on exec.
///
/// `pipe2` would do this atomically, but Swift doesn't see it. Nothing is started between the calls, because only one
/// task of a node starts programs.
func makePipe() throws(SpawnError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SpawnError(program: "pipe", code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
}
