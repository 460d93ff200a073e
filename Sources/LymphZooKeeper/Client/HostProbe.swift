internal import Glibc
internal import Lymph

/// Connects to servers that the C client gets no answer from, to find out why.
struct HostProbe: Sendable {
    private let servers: [(host: String, port: String)]

    /// - Parameter servers: Each as `host:port`, or `[address]:port`.
    init(_ servers: [String]) {
        self.servers = servers.map { server in
            let colon = server.lastIndex(of: ":") ?? server.endIndex
            return (String(server[..<colon].filter { $0 != "[" && $0 != "]" }), String(server[colon...].dropFirst()))
        }
    }

    /// What happened, in words. Blocks the thread for at most `time`, plus the time to resolve the names.
    func explanation(within time: Duration) -> String {
        let dials = servers.map { Dial(to: $0.host, $0.port) }
        let end = ContinuousClock.now + time
        while true {
            var pending = dials.flatMap(\.pending)
            let left = Int32(max(0, (end - .now) / .milliseconds(1)))
            guard !pending.isEmpty, unsafe poll(&pending, nfds_t(pending.count), left) > 0 else { break }
            for dial in dials { dial.look(at: pending) }
        }
        guard dials.count > 1 else { return dials.first?.outcome ?? "there are no hosts" }
        return zip(servers, dials).map { "\($0.host):\($0.port): \($1.outcome)" }.joined(separator: ", ")
    }
}

/// The attempts to connect to all addresses of one host.
private final class Dial {
    private var descriptors: [Int32: FileDescriptor] = [:]
    private var isConnected = false
    private var problem: String?

    init(to host: String, _ port: String) {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, port, &hints, &list)
        guard code == 0 else {
            problem = "the host cannot be found (\(unsafe String(cString: gai_strerror(code))))"
            return
        }
        defer { unsafe freeaddrinfo(list) }
        var next = unsafe list
        while let address = unsafe next?.pointee {
            unsafe next = address.ai_next
            unsafe connect(to: address)
        }
    }

    /// The attempts in progress.
    var pending: [pollfd] { descriptors.keys.map { pollfd(fd: $0, events: Int16(POLLOUT), revents: 0) } }

    /// Records which of them have ended.
    func look(at polled: [pollfd]) {
        for event in polled where event.revents != 0 {
            guard let descriptor = descriptors.removeValue(forKey: event.fd) else { continue }
            var code: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &code, &size)
            take(code)
        }
    }

    var outcome: String {
        if isConnected { return "it accepts connections but does not answer" }
        if !descriptors.isEmpty { return "it does not answer" }
        return problem ?? "it has no address"
    }

    private func connect(to address: addrinfo) {
        let kind = unsafe address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let number = unsafe socket(address.ai_family, kind, 0)
        guard number >= 0 else { return take(errno) }
        let descriptor = FileDescriptor(owning: number)
        let code = unsafe Glibc.connect(number, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno
        if code == EINPROGRESS { descriptors[number] = descriptor } else { take(code) }
    }

    private func take(_ code: Int32) {
        if code == 0 { isConnected = true } else { problem = unsafe String(cString: strerror(code)) }
    }
}
