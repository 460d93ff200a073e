internal import CZeroMQ
internal import Glibc

/// An eventfd that ends another thread's wait.
struct Wakeup: ~Copyable, Sendable {
    let descriptor: Int32

    init() {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        precondition(descriptor >= 0, "eventfd failed with error \(errno): the process has no descriptor left")
    }

    deinit { Glibc.close(descriptor) }

    /// Ends the wait of the thread that polls the descriptor; the next wait if it isn't waiting.
    borrowing func signal() {
        eventfd_write(descriptor, 1)
    }
}
