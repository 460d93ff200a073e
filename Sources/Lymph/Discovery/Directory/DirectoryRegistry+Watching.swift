extension DirectoryRegistry {
    /// Watches the directory that is open now, unless it is already watched.
    func resumeWatching(_ open: OpenDirectory) throws(RegistryError) {
        guard watch?.directory != open.identity else { return }
        let began = try makeWatch(of: open)
        for service in watchers.services {
            try scan(service, in: open)
            publish(service)
        }
        watch = began
        tell(watchNews.take(failure: nil))
    }

    /// Checks all files of a service.
    func scan(_ service: String, in open: OpenDirectory) throws(RegistryError) {
        do {
            contents.replace(service, with: try open.survey { $0 == service })
        } catch {
            throw makeUnreadableError(error)
        }
        let files = contents.files(of: service)
        plan { agenda, now in agenda.recheckLate(files, now: now) }
    }

    /// Forgets a watcher whose stream has ended.
    func endWatching(_ number: Int) {
        watchers.remove(number)
        contents.keep(watchers.services)
        releaseUnusedWatch()
    }

    /// Whether anybody watches a service, or anything is registered.
    private var isInterested: Bool { !watchers.isEmpty || !published.isEmpty }

    /// Stops watching the directory when nobody needs it.
    func releaseUnusedWatch() {
        if !isInterested { watch = nil }
    }

    /// Handles events from the kernel.
    func handle(_ events: [DirectoryEvent]) {
        settle(events, concerning: [])
    }

    /// Handles events from the kernel, then notifies the watchers of the services concerned, including those that an
    /// earlier step concerns.
    ///
    /// A file that is gone may have been replaced by one whose event arrived while the first was being checked. So
    /// watchers are notified only when no more events are waiting, or when this has gone on for too long.
    private func settle(_ events: [DirectoryEvent], concerning services: Set<String>) {
        var events = events
        var services = services
        var rounds = 100
        while !events.isEmpty, rounds > 0 {
            switch DirectoryChanges(events) {
            case .directory: return startOverSoon()
            case .anything: return startOver()
            case .files(let changed, let closed):
                if hasLost(changed.union(closed)) { startOverSoon() }
                services.formUnion(look(at: changed, step: nil))
                services.formUnion(look(at: closed, step: 0))
            }
            events = watch?.readEvents() ?? []
            rounds -= 1
        }
        for service in services { publish(service) }
    }

    /// Checks files, and schedules another check of those that are unexpectedly alive. Returns the services
    /// concerned.
    private func look(at files: some Collection<String>, step: Int?) -> Set<String> {
        let watched = watchers.services
        var concerned: [(file: String, service: String)] = []
        for file in files {
            guard case .instance(let service)? = RegistryFileName(file), watched.contains(service) else { continue }
            concerned.append((file, service))
        }
        // Without a watch, a full scan is already scheduled.
        if concerned.isEmpty || watch == nil { return [] }
        guard let open = openWatched() else {
            startOverSoon()
            return []
        }
        var again: [String] = []
        for (file, service) in concerned {
            // If the state can't be determined now, the last known one is kept until the next check.
            guard let state = try? open.inspect(file, service: service) else {
                again.append(file)
                continue
            }
            contents.update(file, of: service, to: state)
            if state.isAlive, step != nil { again.append(file) }
        }
        plan { agenda, now in agenda.recheck(again, step: step ?? 0, now: now) }
        return Set(concerned.map(\.service))
    }

    /// Checks files again; `step` says how often they have been checked.
    func recheck(_ files: [String], step: Int) {
        let services = look(at: files, step: step + 1)
        settle(watch?.readEvents() ?? [], concerning: services)
    }

    /// Scans everything again, in the directory that exists now or is created now.
    ///
    /// While that fails, watchers keep the lists that they have. It is retried after a second, and later at most
    /// every ten.
    func startOver() {
        watch = nil
        guard isInterested else { return }
        guard let open = reopen() else { return startOver(after: news.retryDelay) }
        let isComplete = renew(in: open)
        let isWatched = watchAgain(open)
        if !isComplete || !isWatched { startOver(after: max(news.retryDelay, watchNews.retryDelay)) }
    }

    /// - Returns: Whether everybody who needs to is notified of changes.
    private func watchAgain(_ open: OpenDirectory) -> Bool {
        do throws(RegistryError) {
            try resumeWatching(open)
            return true
        } catch {
            // Registrations are still checked periodically without a watch.
            if watchers.isEmpty { return true }
            tell(watchNews.take(failure: error.explanation))
            return false
        }
    }

    /// Scans everything again once whoever is removing files or the directory has probably finished.
    private func startOverSoon() { plan { agenda, now in agenda.startOverSoon(now: now) } }

    func startOver(after delay: Duration) { plan { agenda, now in agenda.startOver(after: delay, now: now) } }

    private func publish(_ service: String) {
        watchers.publish(contents.instances(of: service), of: service)
    }
}
