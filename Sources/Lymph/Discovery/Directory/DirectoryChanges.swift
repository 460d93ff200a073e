/// What a batch of events means for what is known about the directory.
enum DirectoryChanges: Hashable {
    /// The directory may have been replaced or removed.
    case directory
    /// Anything may have happened.
    case anything
    /// Something happened to these files. Those that were closed may have lost their owner, or are about to.
    case files(changed: Set<String>, closed: Set<String>)

    init(_ events: [DirectoryEvent]) {
        if events.contains(.directoryGone) {
            self = .directory
        } else if events.contains(.overflow) {
            self = .anything
        } else {
            var changed: Set<String> = []
            var closed: Set<String> = []
            for event in events {
                switch event {
                case .changed(let name): changed.insert(name)
                case .closed(let name): closed.insert(name)
                case .overflow, .directoryGone: break
                }
            }
            self = .files(changed: changed.subtracting(closed), closed: closed)
        }
    }
}
