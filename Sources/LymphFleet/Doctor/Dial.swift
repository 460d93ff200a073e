internal import Glibc
internal import Lymph

/// Opens and closes a TCP connection, to see whether anybody is listening.
enum Dial {
    enum Outcome: Equatable, Sendable {
        case connected(after: Duration)
        /// The system's error text.
        case refused(String)
        case timeout
    }

    static func call(_ endpoint: Endpoint, within timeout: Duration) async throws -> Outcome {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(endpoint.host, String(endpoint.port), &hints, &found)
        guard code == 0, let found else { return .refused(String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(found) }
        let kind = found.pointee.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(found.pointee.ai_family, kind, 0)
        guard descriptor >= 0 else { return .refused(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        let start = ContinuousClock.now
        if connect(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 {
            return .connected(after: start.duration(to: .now))
        }
        guard errno == EINPROGRESS else { return .refused(String(cString: strerror(errno))) }
        while start.duration(to: .now) < timeout {
            var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            if poll(&ready, 1, 0) > 0 {
                var error: Int32 = 0
                var size = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
                return error == 0
                    ? .connected(after: start.duration(to: .now)) : .refused(String(cString: strerror(error)))
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        return .timeout
    }
}
