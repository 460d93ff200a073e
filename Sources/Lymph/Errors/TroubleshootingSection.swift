/// The sections of the article "When something goes wrong" that errors refer to, by their titles.
package enum TroubleshootingSection: String, CaseIterable, Sendable {
    case unknownService = "Nobody is registered"
    case registry = "The registry can't be used"
    case noConnection = "There is no connection"
    case connectionLost = "The connection is lost"
    case timeout = "No answer comes in time"
    case rejection = "The service rejects the request"
    case load = "The service is overloaded or stopping"
    case permission = "The caller isn't allowed to do this"
    case failedMethod = "The method fails"
    case raisedError = "The method raises an error"
    case invalidRequest = "The request can't be sent"
    case invalidReply = "The answer has another type"
    case stopped = "The client doesn't run"
    case runTwice = "run() is called twice"
    case address = "The address can't be used"
    case descriptors = "Too many files are open"
    case interface = "An interface is described wrongly"
    case configuration = "The configuration has mistakes"
    case start = "An interface can't start"

    /// The article's title.
    package static let article = "When something goes wrong"

    /// Where to read more.
    package var reference: String { "see \"\(rawValue)\" in the article \"\(Self.article)\"" }

    /// The description of an error for a developer: where it ends a program, Swift prints this one.
    func appended(to description: String) -> String { "\(description)\nS\(reference.dropFirst())." }
}

/// An error that the article "When something goes wrong" says more about.
package protocol ExplainedError: Error {
    /// The section about it.
    var section: TroubleshootingSection { get }
}

extension LymphError: ExplainedError {
    package var section: TroubleshootingSection {
        switch code {
        // What the registry says tells an unknown name from a registry that can't be asked.
        case .lookupFailure: (cause as? any ExplainedError)?.section ?? .unknownService
        case .registrationFailure: .registry
        case .notConnected: isOutOfDescriptors ? .descriptors : .noConnection
        case .connectionLost: .connectionLost
        case .timeout: .timeout
        case .nack: Self.section(about: reason)
        case .unauthorized: Self.section(about: .unauthorized)
        case .invalidReply: .invalidReply
        case .stopped: .stopped
        case .alreadyRunning: .runTwice
        case .bindFailure: isOutOfDescriptors ? .descriptors : .address
        case .configuration: .interface
        default: .invalidRequest
        }
    }

    private static func section(about reason: NackReason?) -> TroubleshootingSection {
        switch reason {
        case .rejected: .rejection
        case .overloaded, .draining: .load
        case .expired: .timeout
        case .unauthorized: .permission
        default: .failedMethod
        }
    }
}

extension LymphError: CustomDebugStringConvertible {
    /// The description, and the section of <doc:Troubleshooting> about the error.
    public var debugDescription: String { section.appended(to: description) }
}

extension RemoteError: ExplainedError {
    package var section: TroubleshootingSection { .raisedError }
}

extension RemoteError: CustomDebugStringConvertible {
    /// The description, and the section of <doc:Troubleshooting> about errors of methods.
    public var debugDescription: String { section.appended(to: description) }
}
