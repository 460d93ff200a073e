/// What there is to say about a directory that can't be watched though somebody wants to know what happens there, each thing
/// once; and how long to wait for the next try.
struct WatchNews: Sendable {
    /// Something to say.
    enum Item: Sendable, Hashable {
        case failing(because: String)
        /// Changes are seen again.
        case back
    }

    private var problem: String?
    private var failures = 0

    /// How long to wait for the next try.
    var retryDelay: Duration { RegistrationNews.retryDelay(after: failures) }

    /// Takes in what a try came to.
    ///
    /// - Parameter failure: Why the directory is not watched; nil if it is.
    mutating func take(failure: String?) -> Item? {
        defer { problem = failure }
        guard let failure else {
            failures = 0
            return problem == nil ? nil : .back
        }
        failures += 1
        return failure == problem ? nil : .failing(because: failure)
    }
}
