internal import CZeroMQ
internal import Glibc

/// An eventfd that ends another thread's wait. If the process has no descriptor for it, signalling does nothing.
struct Wakeup: ~Copyable, Sendable {
    let descriptor: Int32

    init() {
        // One for the eventfd and one for the epoll of a ``PollSet``.
        let isPossible = (try? Descriptors.require(2, for: "eventfd")) != nil
        descriptor = isPossible ? eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC)) : -1
    }

    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

    /// Ends the wait of the thread that polls the descriptor, or its next wait if it isn't waiting.
    borrowing func signal() {
        if descriptor >= 0 { eventfd_write(descriptor, 1) }
    }
}
