/// An error that an interface's initialiser or `start()` throws, with the interface.
struct StartFailure: Error {
    /// The interface with its type, for people.
    let interface: String
    let cause: any Error
}
