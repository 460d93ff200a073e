internal import Lymph

/// An error that an interface's initialiser or `start()` throws, with the interface.
struct StartFailure: ExplainedError {
    /// The interface with its type, for people.
    let interface: String
    let cause: any Error

    var section: TroubleshootingSection { (cause as? any ExplainedError)?.section ?? .start }
}
