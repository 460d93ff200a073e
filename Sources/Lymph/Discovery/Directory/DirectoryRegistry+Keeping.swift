internal import Logging

/// What was published stays published, whatever others do to it.
extension DirectoryRegistry {
    /// Publishes again what is not as it should be.
    ///
    /// - Returns: Whether everything is there now. What fails is tried again by whoever asks for it.
    @discardableResult
    func renew(in open: OpenDirectory) -> Bool {
        var lost: [String: String] = [:]
        var failure: String?
        for (key, file) in published {
            guard let defect = file.defect(in: open) else { continue }
            lost[key.service] = defect
            do throws(RegistryError) {
                published[key] = try InstanceFile(publishing: file.instance, in: open)
                // It may be there still, under its name, with something else in it.
                file.remove(from: open)
            } catch {
                failure = error.explanation
            }
        }
        tell(news.take(lost: lost, failure: failure))
        return failure == nil
    }

    /// Opens the directory, and creates it if need be.
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

    /// Whether one of these files was ours and is not as it should be.
    func hasLost(_ files: Set<String>) -> Bool {
        let own = published.values.filter { files.contains($0.name) }
        if own.isEmpty { return false }
        guard let open = openWatched() else { return true }
        return own.contains { $0.defect(in: open) != nil }
    }

    /// Looks at the registrations from time to time, as long as there are any.
    func scheduleInspection() {
        if !published.isEmpty { plan { agenda, now in agenda.inspect(now: now) } }
    }

    /// Looks at all registrations now.
    func inspect() {
        // Somebody looks at them soon in any case.
        if agenda.isStartScheduled || published.isEmpty { return }
        guard let open = openWatched() else { return startOver() }
        // The watch has nothing to do with what fails then.
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
