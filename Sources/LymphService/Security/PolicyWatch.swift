package import Lymph

/// The policy in a file, now and after each change of it.
///
/// An element is a policy that replaces the one before, or a mistake: then the policy before stays in force. The first
/// element comes at once. An edit that changes nothing of the policy is no element, except after a mistake. The sequence
/// ends when its task is cancelled.
package struct PolicyWatch: AsyncSequence, Sendable {
    package typealias Element = Result<AccessPolicy, ConfigurationError>
    package typealias Failure = Never

    private let path: String

    /// - Parameter path: The path of the file.
    package init(of path: String) { self.path = path }

    package func makeAsyncIterator() -> Iterator {
        Iterator(path: path, contents: FileWatch(path: path, limit: PolicyFile.limit).makeAsyncIterator())
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let path: String
        fileprivate let contents: FileWatch.Iterator
        fileprivate var news = PolicyNews()

        fileprivate init(path: String, contents: FileWatch.Iterator) {
            self.path = path
            self.contents = contents
        }

        package mutating func next() async -> Element? {
            while let content = await contents.next() {
                let result = Result { () throws(ConfigurationError) in
                    try PolicyFile.policy(in: content, path: path)
                }
                if news.take(result) { return result }
            }
            return nil
        }
    }
}

/// Decides which readings of a policy are news.
struct PolicyNews {
    private var last: Result<AccessPolicy, ConfigurationError>?

    /// - Returns: Whether the reading differs from the one before.
    mutating func take(_ result: Result<AccessPolicy, ConfigurationError>) -> Bool {
        defer { last = result }
        return result != last
    }
}
