internal import Lymph

extension FuzzTarget {
    /// The texts of endpoints, the identities that peers announce, and names of services.
    static let endpoint = FuzzTarget(
        "endpoint",
        seeds: [
            "tcp://127.0.0.1:4100", "tcp://[::1]:1", "tcp://localhost:65535", "tcp://[2001:db8:0:0:1::]:80",
            "tcp://[::ffff:127.0.0.1]:4100", "echo.v1", "%c3%a9.b",
        ].map(\.bytes),
        words: ["tcp://", "::", ":0", "]:", "[", "::ffff:", "255", "localhost", "%2f"], longest: 100
    ) { input throws(BrokenProperty) in
        let text = input.text
        if let endpoint = Endpoint(text) {
            let canonical = endpoint.description
            try demand(Endpoint(canonical) == endpoint, "\(canonical) is read back")
            try demand(identity(canonical.bytes) == endpoint, "\(canonical) is an identity")
            try demand(canonical.utf8.count <= 64, "\(canonical) is longer than an identity may be")
            let parts = try? Endpoint(host: endpoint.host, port: endpoint.port)
            try demand(parts == endpoint, "\(canonical) is made of its parts")
            _ = (endpoint.isLoopback, endpoint.canBeReached)
        }
        if let endpoint = identity(input) {
            try demand(endpoint.description.bytes == input, "an identity is the canonical text")
        }
        try checkName(text)
    }

    private static func identity(_ bytes: [UInt8]) -> Endpoint? { bytes.withUnsafeBytes { Endpoint(identity: $0) } }

    private static func checkName(_ text: String) throws(BrokenProperty) {
        if let name = ServiceName.unescape(text) {
            try demand(ServiceName.escape(name).utf8.elementsEqual(text.utf8), "only one text stands for \(name)")
        }
        guard !text.isEmpty else { return }
        let escaped = ServiceName.escape(text)
        try demand(ServiceName.unescape(escaped) == text, "\(escaped) is read back")
        try demand(escaped.first != "." && !escaped.contains { $0 == "/" || $0 == "~" }, "\(escaped) as a file name")
    }
}
