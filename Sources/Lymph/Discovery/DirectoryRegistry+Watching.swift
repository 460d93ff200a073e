internal import Dispatch

extension DirectoryRegistry {
    /// How long after its file was closed an owner is looked at again: the kernel drops the lock a moment later.
    private static let rechecks: [DispatchTimeInterval] = [
        .milliseconds(1), .milliseconds(5), .milliseconds(20), .milliseconds(100),
    ]

    /// Watches the directory that is open now, if it is not watched yet.
    func resumeWatching(_ open: OpenDirectory) throws(RegistryError) {
        guard watch?.directory != open.identity else { return }
        let began = try makeWatch(of: open)
        for service in watchers.services {
            try scan(service, in: open)
            publish(service)
        }
        watch = began
    }

    /// Looks at all files of a service.
    func scan(_ service: String, in open: OpenDirectory) throws(RegistryError) {
        var states: [(file: String, state: InstanceFileState)] = []
        do {
            for name in try open.names() where RegistryFileName(name) == .instance(service: service) {
                states.append((name, try open.inspect(name, service: service)))
            }
        } catch {
            throw unreadable(error)
        }
        contents.replace(service, with: states)
        // An owner may have closed its file just before the watch began, and still have held the lock just now.
        recheck(contents.files(of: service), step: Self.rechecks.count - 1)
    }

    /// Forgets a watcher whose stream has ended.
    func endWatching(_ number: Int) {
        watchers.remove(number)
        contents.keep(watchers.services)
        releaseUnusedWatch()
    }

    /// Stops watching the directory when nobody wants to know.
    func releaseUnusedWatch() {
        if watchers.isEmpty { watch = nil }
    }

    /// Takes in what the kernel told.
    func handle(_ events: [DirectoryEvent]) {
        if events.contains(.directoryGone) || events.contains(.overflow) { return startOver() }
        var changed: Set<String> = []
        var closed: Set<String> = []
        for event in events {
            switch event {
            case .changed(let name): changed.insert(name)
            case .closed(let name): closed.insert(name)
            case .overflow, .directoryGone: break
            }
        }
        look(at: changed.subtracting(closed), step: nil)
        look(at: closed, step: 0)
    }

    /// Looks at files, tells the watchers, and looks again later at those that are alive against expectation.
    private func look(at files: some Collection<String>, step: Int?) {
        let watched = watchers.services
        var concerned: [(file: String, service: String)] = []
        for file in files {
            guard case .instance(let service)? = RegistryFileName(file), watched.contains(service) else { continue }
            concerned.append((file, service))
        }
        if concerned.isEmpty { return }
        guard let open = try? reopen(), open.identity == watch?.directory else { return startOver() }
        var again: [String] = []
        for (file, service) in concerned {
            // What cannot be told now stays as it was until the next look.
            guard let state = try? open.inspect(file, service: service) else {
                again.append(file)
                continue
            }
            contents.update(file, of: service, to: state)
            if case .alive = state, step != nil { again.append(file) }
        }
        for service in Set(concerned.map(\.service)) { publish(service) }
        recheck(again, step: step ?? 0)
    }

    private func recheck(_ files: [String], step: Int) {
        guard !files.isEmpty, step < Self.rechecks.count else { return }
        after(Self.rechecks[step]) { $0.look(at: files, step: step + 1) }
    }

    /// Looks at everything again, in the directory that is there now or is created now.
    ///
    /// While that fails, the watchers keep the lists that they have, and it is tried again every second.
    func startOver() {
        watch = nil
        if watchers.isEmpty { return }
        do {
            try resumeWatching(try reopen())
        } catch {
            retryLater()
        }
    }

    private func retryLater() {
        if isRetryScheduled { return }
        isRetryScheduled = true
        after(.seconds(1)) { registry in
            registry.isRetryScheduled = false
            if registry.watch == nil { registry.startOver() }
        }
    }

    private func publish(_ service: String) {
        watchers.publish(contents.instances(of: service), of: service)
    }
}
