internal import Logging

/// Keeps registrations published, whatever others do to them.
extension DirectoryRegistry {
    /// Publishes again every registration that is missing or damaged.
    ///
    /// - Returns: Whether everything is published now. The caller decides when to retry what failed.
    @discardableResult
    func renew(in open: OpenDirectory) -> Bool {
        var lost: [String: String] = [:]
        var failure: String?
        for (key, file) in published {
            guard let defect = file.defect(in: open) else { continue }
            lost[key.service] = defect
            do throws(RegistryError) {
                published[key] = try InstanceFile(publishing: file.instance, in: open)
                // The old file may still exist under its name, with different content.
                file.remove(from: open)
            } catch {
                failure = error.explanation
            }
        }
        tell(news.take(lost: lost, failure: failure))
        return failure == nil
    }

    /// Opens the directory, and creates it if necessary.
    func reopen() -> OpenDirectory? {
        do throws(RegistryError) {
            return try open()
        } catch {
            let defects = published.compactMap { key, file in file.defect(in: nil).map { (key.service, $0) } }
            let lost = Dictionary(defects) { $1 }
            if published.isEmpty { tell(watchNews.take(failure: error.explanation)) }
            tell(news.take(lost: lost, uncertain: published.keys.map(\.service), failure: error.explanation))
            return nil
        }
    }

    /// Whether one of these files is a registration of ours that is missing or damaged.
    func hasLost(_ files: Set<String>) -> Bool {
        let own = published.values.filter { files.contains($0.name) }
        if own.isEmpty { return false }
        guard let open = openWatched() else { return true }
        return own.contains { $0.defect(in: open) != nil }
    }

    /// Schedules the periodic check, as long as anything is registered.
    func scheduleInspection() {
        if !published.isEmpty { plan { agenda, now in agenda.inspect(now: now) } }
    }

    /// Checks all registrations now.
    func inspect() {
        // The full scan will check them anyway.
        if agenda.isStartScheduled || published.isEmpty { return }
        guard let open = openWatched() else { return startOver() }
        // A failure here has nothing to do with the watch, which is kept until the retry.
        if !renew(in: open) { startOver(after: news.retryDelay) }
    }

    private func tell(_ items: [RegistrationNews.Item]) {
        guard !published.isEmpty else { return }
        for item in items {
            if case .back = item { logger.info("\(item)") } else { logger.warning("\(item)") }
        }
    }

    func tell(_ item: WatchNews.Item?) {
        switch item {
        case .failing(let reason): logger.warning("changes in the registry are not seen: \(reason); trying again")
        case .back: logger.info("changes in the registry are seen again")
        case nil: break
        }
    }
}
