/// Where a process publishes its log, as a configuration says it: `127.0.0.1`, `127.0.0.1:4200` or
/// `tcp://127.0.0.1:4200`. Without a port any free one is taken.
package struct LogAddress: Sendable, Hashable {
    /// What to bind to, as libzmq writes it.
    package let bindText: String

    package let isIPv6: Bool

    /// - Throws: ``LymphError`` with code `configuration` that says what is allowed.
    package init(_ text: String) throws(LymphError) {
        let full = text.contains("://") ? text : "tcp://\(text)"
        if let endpoint = Endpoint(full) {
            bindText = endpoint.description
            isIPv6 = endpoint.isIPv6
            return
        }
        let host = full.dropFirst("tcp://".count).filter { $0 != "[" && $0 != "]" }
        guard full.hasPrefix("tcp://"), let sample = try? Endpoint(host: host, port: 1) else {
            throw LymphError(
                .configuration,
                "\(text.debugDescription) is no address for the log; allowed are an IP address of this machine, such as "
                    + "127.0.0.1, an address with a port, such as 127.0.0.1:4200, and either with tcp:// before it")
        }
        isIPv6 = sample.isIPv6
        bindText = sample.description.dropLast() + "*"
    }
}
