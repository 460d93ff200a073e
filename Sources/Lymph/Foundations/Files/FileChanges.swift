internal import ZeroMQ

/// Decides what a new content of a watched file means.
///
/// A file may be read while it is being written, and what is there until then may look like a complete content. So
/// another content counts only when it is still there a moment later.
struct FileChanges {
    enum Step: Hashable {
        /// Nothing is new.
        case none
        /// The content is new, and counts if it is still the same at that time.
        case readAgain(at: Instant)
        /// The content is new.
        case changed
    }

    /// How long a content must have been there.
    static let patience = Duration.milliseconds(100)

    private var current: FileContent?
    private var candidate: (content: FileContent, time: Instant)?

    /// Takes what was read. The first content counts at once.
    mutating func take(_ content: FileContent, now: Instant) -> Step {
        if content == current {
            candidate = nil
            return .none
        }
        if current != nil {
            let since = candidate?.content == content ? candidate?.time ?? now : now
            candidate = (content, since)
            let time = since + Self.patience
            if now < time { return .readAgain(at: time) }
        }
        (current, candidate) = (content, nil)
        return .changed
    }
}
