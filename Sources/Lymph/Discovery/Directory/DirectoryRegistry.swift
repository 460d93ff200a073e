public import Logging
internal import ZeroMQ

/// A registry without a server: the processes of one user on one machine find each other in a private directory.
///
/// Every instance is a file in it, kept alive by a lock that the kernel releases when the process ends, however it
/// ends. Watchers learn of that at once. While nothing changes, nothing runs, except that a process with
/// registrations checks its own files every ten seconds.
///
/// The directory is `$LYMPH_REGISTRY_DIR` if that is set, else `$XDG_RUNTIME_DIR/lymph` if `$XDG_RUNTIME_DIR` exists and
/// belongs to the user, else `/tmp/lymph-<uid>`. It must be on a local file system, belong to the user and be closed to
/// others (mode 700); anything else is refused with an error. It is created on demand.
///
/// If anything takes a registration of this process away (a file or the directory is removed, replaced, changed or
/// made unreadable), the registry notices, logs it, and publishes the registration again as soon as possible: usually
/// at once, on the kernel's event, otherwise within ten seconds.
public actor DirectoryRegistry: ServiceRegistry {
    /// The path of the directory.
    public nonisolated var path: String { directory.path }

    private let directory: RegistryDirectory
    nonisolated let thread = EventThread(name: "lymph-registry")
    let logger: Logger

    private var others: (found: [OtherRegistry], time: Instant)?

    // In DirectoryRegistry+Agenda.swift.
    var agenda = DirectoryAgenda()
    var alarms: Set<Instant> = []

    // In DirectoryRegistry+Keeping.swift.
    var published: [Key: InstanceFile] = [:]
    var news = RegistrationNews()

    // For the watchers, in DirectoryRegistry+Watching.swift.
    var watchers = InstanceWatchers()
    var contents = DirectoryContents()
    var watch: DirectoryWatch?
    var watchNews = WatchNews()

    /// The thread on which the registry runs and receives the kernel's events.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Creates a registry in a directory, without touching it yet.
    ///
    /// - Parameters:
    ///   - path: The directory, or nil for the default described above. Its parent must exist.
    ///   - logger: Where the registry logs what happens to its registrations.
    public init(path: String? = nil, logger: Logger = .current) {
        self.logger = logger
        directory = RegistryDirectory(path: path ?? RegistryDirectory.defaultPath)
    }

    deinit { thread.stop() }

    /// Publishes an instance: when this returns, it is visible to all processes of the user.
    ///
    /// It stays published until it is withdrawn, the registry is released, or the process ends.
    ///
    /// - Throws: ``RegistryError`` with the code `invalidName` or `registrationFailure`, or `unavailable` if the
    ///   directory cannot be used.
    public func register(_ instance: ServiceInstance) throws(RegistryError) {
        try ServiceName.validate(instance.service)
        let open = try directory.open()
        removeLeftovers(in: open)
        let file = try InstanceFile(publishing: instance, in: open)
        published.updateValue(file, forKey: Key(instance))?.remove(from: open)
        if watch?.directory == open.identity { renew(in: open) } else { startOver() }
        scheduleInspection()
    }

    /// Withdraws an instance that this registry published; anything else is left alone.
    public func unregister(_ instance: ServiceInstance) {
        defer { releaseUnusedWatch() }
        guard let file = published.removeValue(forKey: Key(instance)) else { return }
        if !published.keys.contains(where: { $0.service == instance.service }) { news.forget(instance.service) }
        if let open = try? directory.open(creating: false) { file.remove(from: open) }
    }

    /// Returns the names with at least one living instance, sorted.
    ///
    /// - Throws: ``RegistryError`` with the code `unavailable` if the directory cannot be used.
    public func services() throws(RegistryError) -> [String] {
        let open = try directory.open()
        do {
            let living = try open.survey { _ in true }.filter(\.state.isAlive)
            return Set(living.map(\.service)).sorted()
        } catch {
            throw makeUnreadableError(error)
        }
    }

    /// Returns all names under which an instance has been registered since the directory was created, sorted.
    ///
    /// - Throws: ``RegistryError`` with the code `unavailable` if the directory cannot be used.
    public func knownServices() throws(RegistryError) -> [String] {
        let living = try services()
        return knownNames(in: try directory.open()).union(living).sorted()
    }

    /// Returns the living instances of a service, now and after every change in any process.
    ///
    /// - Parameter service: The name under which the instances are registered.
    /// - Throws: ``RegistryError`` with the code `lookupFailure` if nothing has been registered under the name since
    ///   the directory was created, or `unavailable` if the directory cannot be used or the system's limits leave no
    ///   room for a watch.
    public func instances(of service: String) throws(RegistryError) -> AsyncStream<[ServiceInstance]> {
        try ServiceName.validate(service)
        let open = try directory.open()
        defer { releaseUnusedWatch() }
        try resumeWatching(open)
        try scan(service, in: open)
        let present = contents.instances(of: service)
        guard !present.isEmpty || open.isKnown(service) else { throw makeUnknownError(service, in: open) }
        // Existing watchers of the service also get the result of the scan.
        watchers.publish(present, of: service)
        return watchers.add(service: service, first: present) { number in
            self.thread.execute { self.assumeIsolated { $0.endWatching(number) } }
        }
    }

    /// Opens the directory, if it is still the one being watched.
    func openWatched() -> OpenDirectory? {
        guard let open = try? directory.open(creating: false), open.identity == watch?.directory else { return nil }
        return open
    }

    /// Opens the directory, and creates it if necessary.
    func open() throws(RegistryError) -> OpenDirectory { try directory.open() }

    /// Begins to watch a directory that is open.
    func makeWatch(of open: OpenDirectory) throws(RegistryError) -> DirectoryWatch {
        do throws(SystemError) {
            return try DirectoryWatch(path: path, directory: open.identity, thread: thread) { [weak self] events in
                self?.assumeIsolated { $0.handle(events) }
            }
        } catch {
            throw RegistryError(.unavailable, WatchNews.explanation(of: error.code, path: path), cause: error)
        }
    }

    /// The error for a name that was never registered here. It mentions other directories where this user's services
    /// may be.
    private func makeUnknownError(_ service: String, in open: OpenDirectory) -> RegistryError {
        let others = surveyOthers()
        let exact = others.first { $0.services.contains(service) }
        let remark = (exact ?? others.first).map { place in
            "\(exact == nil ? "others are" : "one is") in \(place.path), where your processes with a different environment meet: "
                + OtherRegistry.advice
        }
        return RegistryError.unknown(service, among: knownNames(in: open), in: path, remark: remark)
    }

    /// The other directories, as they were at most ten seconds ago: a caller that waits for a service asks
    /// repeatedly, and the survey is slow.
    private func surveyOthers() -> [OtherRegistry] {
        if let others, others.time + .seconds(10) > thread.now { return others.found }
        let found = elsewhere
        others = (found, thread.now)
        return found
    }

    /// The error for a directory that can't be read at the moment.
    func makeUnreadableError(_ cause: SystemError) -> RegistryError {
        RegistryError(.unavailable, "the registry's directory \(path) can't be read", cause: cause)
    }

    private func removeLeftovers(in open: OpenDirectory) {
        for name in (try? open.names()) ?? [] where RegistryFileName(name) == .temporary {
            try? open.removeIfAbandoned(temporary: name)
        }
    }

    private func knownNames(in open: OpenDirectory) -> Set<String> {
        let names = ((try? open.names()) ?? []).compactMap { RegistryFileName($0) }
        return Set(
            names.compactMap {
                if case .known(let service) = $0 { service } else { nil }
            })
    }

    /// Identifies a registration.
    struct Key: Hashable {
        let service: String
        let id: String

        init(_ instance: ServiceInstance) {
            service = instance.service
            id = instance.id
        }
    }
}
