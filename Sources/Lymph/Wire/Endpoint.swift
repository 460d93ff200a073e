internal import MessagePack

/// Where a process can be reached: `tcp://`, an IP literal and a port.
///
/// An encrypted endpoint names the key, too, that the process there has to prove: `curve://KEY@127.0.0.1:4100`, with the
/// 40 characters of a ``PublicKey``. Another key makes another endpoint.
///
/// The text is parsed and checked once. Every spelling of an address leads to the same canonical text, and two
/// endpoints are equal exactly if their texts are: peers address each other by them, byte for byte.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible, LosslessStringConvertible {
    /// The address without brackets: `127.0.0.1`, `::1`.
    public var host: String { parts.host }

    /// The port, never 0.
    public var port: UInt16 { parts.port }

    /// The key that the process has to prove; nil if connections to it are not encrypted.
    public var key: PublicKey? { parts.key }

    /// The canonical text: `tcp://127.0.0.1:4100`, `tcp://[::1]:4100`.
    public var description: String { parts.text }

    /// A hash of the text, which differs from process to process. It costs nothing.
    var digest: Int { parts.hash }

    // One object, because every message carries its peer along and looks it up.
    private final class Parts: Sendable {
        let host: String
        let port: UInt16
        let key: PublicKey?
        let text: String
        let hash: Int

        init(host: String, port: UInt16, key: PublicKey? = nil, text: String) {
            self.host = host
            self.port = port
            self.key = key
            self.text = text
            hash = text.hashValue
        }
    }

    private let parts: Parts

    /// Creates an endpoint from its parts.
    ///
    /// - Parameters:
    ///   - host: An IPv4 address, an IPv6 address without brackets, or `localhost`, which stands for 127.0.0.1.
    ///   - port: A port from 1 to 65535.
    /// - Throws: ``EndpointError`` when the host is anything else, or the port is 0.
    public init(host: String, port: UInt16) throws(EndpointError) {
        guard let parsed = Endpoint(parsing: host, port: port, allowingNames: true) else {
            let wrong: EndpointError.Code = port == 0 ? .invalidPort : .invalidHost
            throw EndpointError(code: wrong, text: wrong == .invalidPort ? "\(port)" : host)
        }
        self = parsed
    }

    /// Creates an endpoint from text that a person wrote, such as `tcp://127.0.0.1:4100` or `tcp://localhost:4100`.
    ///
    /// - Throws: ``EndpointError`` that says which part is wrong and what is allowed there.
    public init(validating text: String) throws(EndpointError) {
        guard let (key, address) = try Self.splitKey(text) else {
            self = try Endpoint(validatingAddress: text)
            return
        }
        do throws(EndpointError) {
            self = try Endpoint(validatingAddress: address).with(key)
        } catch {
            throw EndpointError(code: error.code, text: text)
        }
    }

    private init(validatingAddress text: String) throws(EndpointError) {
        let parts = try Self.split(text)
        guard let port = Self.port(parts.port) else { throw EndpointError(code: .invalidPort, text: text) }
        guard let parsed = Endpoint(parsing: parts.host, port: port, allowingNames: !parts.isBracketed),
            parsed.isIPv6 == parts.isBracketed
        else { throw EndpointError(code: .invalidHost, text: text) }
        self = parsed
    }

    /// Creates an endpoint from text, or returns nil for what ``init(validating:)`` refuses.
    public init?(_ description: String) {
        guard let parsed = try? Endpoint(validating: description) else { return nil }
        self = parsed
    }

    /// Creates an endpoint from the identity that a peer announces.
    ///
    /// Accepts only the canonical text, of at most 64 bytes: no host names, no other spelling of an address or port.
    /// Any other bytes give nil.
    package init?(identity: UnsafeRawBufferPointer) {
        guard identity.count <= Self.longestIdentity, identity.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        let text = String(decoding: identity, as: UTF8.self)
        guard let parsed = try? Endpoint(validatingAddress: text), parsed.description == text else { return nil }
        self = parsed
    }

    /// The same address with the key that has to be proved there; nil for none.
    package func with(_ key: PublicKey?) -> Endpoint {
        guard key != self.key else { return self }
        return Endpoint(Parts(host: host, port: port, key: key, text: Self.text(key, address)))
    }

    /// The address as libzmq wants it, whether connections to it are encrypted or not.
    package var address: String {
        parts.key == nil ? parts.text : isIPv6 ? "tcp://[\(host)]:\(port)" : "tcp://\(host):\(port)"
    }

    private static func text(_ key: PublicKey?, _ address: String) -> String {
        key.map { "curve://\($0)@\(address.dropFirst(6))" } ?? address
    }

    private init(_ parts: Parts) { self.parts = parts }

    /// Whether the address is only reachable from this machine.
    public var isLoopback: Bool {
        isIPv6 ? host == "::1" || host.hasPrefix("::ffff:127.") : host.hasPrefix("127.")
    }

    /// Whether anyone can connect to the address. `0.0.0.0` and `::` mean every address of a machine and can't be
    /// used by others; multicast and broadcast addresses have no connections.
    package var canBeReached: Bool {
        guard isIPv6 else { return IPLiteral.isUnicast(host) }
        if host.hasPrefix("::ffff:"), host.contains(".") { return IPLiteral.isUnicast(String(host.dropFirst(7))) }
        let first = host.prefix { $0 != ":" }
        return host != "::" && !(first.count == 4 && first.hasPrefix("ff"))
    }

    /// Whether the address is an IPv6 address.
    package var isIPv6: Bool { host.utf8.contains(UInt8(ascii: ":")) }

    /// Whether both have the same text.
    public static func == (a: Endpoint, b: Endpoint) -> Bool {
        a.parts === b.parts || a.parts.hash == b.parts.hash && a.parts.text == b.parts.text
    }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(parts.hash) }

    private init?(parsing text: String, port: UInt16, allowingNames: Bool) {
        guard port != 0 else { return nil }
        if let host = IPLiteral.canonicalIPv4(text) ?? (allowingNames && text == "localhost" ? "127.0.0.1" : nil) {
            parts = Parts(host: host, port: port, text: "tcp://\(host):\(port)")
        } else if let host = IPLiteral.canonicalIPv6(text) {
            parts = Parts(host: host, port: port, text: "tcp://[\(host)]:\(port)")
        } else {
            return nil
        }
    }
}

extension Endpoint: Codable {
    /// Reads an endpoint from its text.
    ///
    /// - Throws: `DecodingError` with the message of ``EndpointError``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do {
            self = try Endpoint(validating: text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    /// Writes ``description``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Endpoint: Comparable {
    /// The order of the texts.
    public static func < (a: Endpoint, b: Endpoint) -> Bool { a.parts.text < b.parts.text }
}

/// Text that is not an ``Endpoint``: which part is wrong, and what is allowed there.
public struct EndpointError: Error, Hashable, CustomStringConvertible {
    /// The part that is wrong.
    public struct Code: Sendable, Hashable {
        private enum Part { case scheme, form, host, port, key }

        private let part: Part

        /// The text begins with neither `tcp://` nor `curve://`.
        public static let invalidScheme = Code(part: .scheme)
        /// There is no host and port after the scheme, or an IPv6 address has no brackets.
        public static let invalidForm = Code(part: .form)
        /// The host is not an IP address.
        public static let invalidHost = Code(part: .host)
        /// The port is not a number from 1 to 65535.
        public static let invalidPort = Code(part: .port)
        /// The key of an encrypted endpoint is missing or wrong.
        public static let invalidKey = Code(part: .key)

        fileprivate var rule: String {
            switch part {
            case .scheme: "an endpoint begins with tcp://, or with curve:// if it is encrypted"
            case .form: "an endpoint is tcp://HOST:PORT, with an IPv6 host in brackets: tcp://[::1]:4100"
            case .host:
                "the host is an IP address, such as 127.0.0.1 or [::1], or localhost; other names are not allowed"
            case .port: "the port is a number from 1 to 65535, without leading zeros"
            case .key: "curve:// is followed by the 40 characters of a public key, an @, and HOST:PORT"
            }
        }
    }

    /// The part that is wrong.
    public let code: Code

    /// The text that was refused.
    public let text: String

    /// The message, for people.
    public var description: String { "\"\(text.prefix(bytes: 100))\" is not an endpoint: \(code.rule)" }
}

extension Endpoint {
    private static let longestIdentity = 64

    private struct Split {
        var host: String
        var port: Substring
        var isBracketed: Bool
    }

    /// The key of an encrypted endpoint, and its address; nil for any other text.
    private static func splitKey(_ text: String) throws(EndpointError) -> (key: PublicKey, address: String)? {
        guard text.hasPrefix("curve://") else { return nil }
        // The key may contain any of the characters that separate the other parts, so it is found by its length.
        let rest = text.utf8.dropFirst(8)
        guard let key = PublicKey(String(decoding: rest.prefix(40), as: UTF8.self)),
            rest.dropFirst(40).first == UInt8(ascii: "@")
        else { throw EndpointError(code: .invalidKey, text: text) }
        return (key, "tcp://" + String(decoding: rest.dropFirst(41), as: UTF8.self))
    }

    private static func split(_ text: String) throws(EndpointError) -> Split {
        guard text.hasPrefix("tcp://") else { throw EndpointError(code: .invalidScheme, text: text) }
        let rest = text.dropFirst(6)
        guard let colon = rest.lastIndex(of: ":") else { throw EndpointError(code: .invalidForm, text: text) }
        let port = rest[rest.index(after: colon)...]
        let host = rest[..<colon]
        guard host.hasPrefix("[") else {
            guard !host.isEmpty, !host.contains(":") else { throw EndpointError(code: .invalidForm, text: text) }
            return Split(host: String(host), port: port, isBracketed: false)
        }
        guard host.hasSuffix("]"), host.count > 2 else { throw EndpointError(code: .invalidForm, text: text) }
        return Split(host: String(host.dropFirst().dropLast()), port: port, isBracketed: true)
    }

    private static func port(_ text: Substring) -> UInt16? {
        guard let first = text.utf8.first, (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(first),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return UInt16(text)
    }
}
