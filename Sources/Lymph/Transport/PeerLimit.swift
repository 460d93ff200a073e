/// How many peers can be dialled before what the process may open is used up.
package struct PeerLimit: Sendable, Equatable {
    package let count: Int
    /// What is used up first, as a clause: `the process may open …`.
    package let reason: String

    /// A peer that was dialled back has a socket and its monitor's two ends, a connection, and one of its own to us. Some
    /// descriptors are for everything else.
    init(descriptors: Int, sockets: Int) {
        let (byDescriptors, bySockets) = ((descriptors - 64) / 5, (sockets - 8) / 3)
        count = max(min(byDescriptors, bySockets), 1)
        reason =
            byDescriptors < bySockets
            ? "the process may open \(descriptors) descriptors (ulimit -n)"
            : "a context of libzmq has at most \(sockets) sockets"
    }
}
