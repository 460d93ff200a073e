/// How many peers can be dialled before the process runs out of descriptors or sockets.
package struct PeerLimit: Sendable, Equatable {
    package let count: Int
    /// The resource that runs out first, as a clause: `the process may open …`.
    package let reason: String

    /// A peer that was dialled back takes five descriptors: the socket, the two ends of its monitor, the outgoing
    /// connection and the incoming one. The first three are also libzmq sockets. Some of each are reserved for
    /// everything else.
    init(descriptors: Int, sockets: Int) {
        let (byDescriptors, bySockets) = ((descriptors - 64) / 5, (sockets - 8) / 3)
        count = max(min(byDescriptors, bySockets), 1)
        reason =
            byDescriptors < bySockets
            ? "the process may open \(descriptors) descriptors (ulimit -n)"
            : "a context of libzmq has at most \(sockets) sockets"
    }
}
