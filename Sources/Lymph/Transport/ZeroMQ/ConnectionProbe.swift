internal import Glibc

/// An attempt to open a TCP connection, only to see how the system answers. Nothing is sent.
///
/// It never blocks, and ends after three seconds without an answer.
final class ConnectionProbe {
    enum Outcome {
        /// There is no answer yet. The descriptor becomes writable when there is one.
        case pending
        /// The machine is there, but nobody listens at the port.
        case refused
        /// Somebody listens.
        case connected
        /// No answer came, or one that says nothing about the process: no route, no network.
        case undecided
    }

    private let file: FileDescriptor
    private(set) var outcome = Outcome.pending

    var descriptor: Int32 { file.number }

    /// Starts an attempt.
    ///
    /// - Returns: Nil if the system has no socket for it.
    init?(_ peer: Endpoint) {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let number = socket(peer.isIPv6 ? AF_INET6 : AF_INET, kind, 0)
        guard number >= 0 else { return nil }
        file = FileDescriptor(owning: number)
        // The request to connect is repeated once, after a second; two more seconds later the system gives up.
        var repetitions: Int32 = 1
        setsockopt(number, Int32(IPPROTO_TCP), TCP_SYNCNT, &repetitions, socklen_t(MemoryLayout<Int32>.size))
        let code = peer.withSocketAddress { connect(number, $0, $1) == 0 ? 0 : errno }
        outcome = code == EINPROGRESS || code == EINTR ? .pending : Self.outcome(code)
    }

    /// Takes the answer, once the descriptor is writable.
    func update() {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 else { return outcome = .undecided }
        outcome = Self.outcome(code)
    }

    /// What an error number of `connect` says; 0 is success.
    static func outcome(_ code: Int32) -> Outcome {
        switch code {
        case 0: .connected
        case ECONNREFUSED: .refused
        default: .undecided
        }
    }

    deinit {
        guard case .connected = outcome else { return }
        // A connection that is closed with unread bytes is reset, and some peers take that badly.
        var greeting: (UInt64, UInt64) = (0, 0)
        while recv(descriptor, &greeting, MemoryLayout.size(ofValue: greeting), 0) > 0 {}
    }
}

extension Endpoint {
    /// Calls `body` with the address in the system's form.
    fileprivate func withSocketAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            inet_pton(AF_INET6, host, &address.sin6_addr)
            return withGeneric(address, body)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        return withGeneric(address, body)
    }

    private func withGeneric<A>(_ address: A, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<A>.size)) }
        }
    }
}
