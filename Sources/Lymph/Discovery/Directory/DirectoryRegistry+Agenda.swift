internal import ZeroMQ

/// Tasks for later.
extension DirectoryRegistry {
    /// Changes the agenda, and sets the alarm for its next task.
    func plan(_ change: (inout DirectoryAgenda, _ now: Instant) -> Void) {
        change(&agenda, thread.now)
        setAlarm()
    }

    private func setAlarm() {
        guard let next = agenda.next else { return }
        if let first = alarms.min(), first <= next { return }
        alarms.insert(next)
        thread.at(next) { [weak self] in self?.assumeIsolated { $0.ring(next) } }
    }

    private func ring(_ alarm: Instant) {
        alarms.remove(alarm)
        for item in agenda.takeDue(at: thread.now) {
            switch item {
            case .recheck(let files, let step): recheck(files, step: step)
            case .startOver: startOver()
            case .inspect:
                inspect()
                scheduleInspection()
            }
        }
        setAlarm()
    }
}
