import MessagePack

@testable import Lymph

extension Message {
    /// One of our requests.
    static func request(_ id: UInt128, body: [UInt8] = [0x80]) -> Message {
        Message(
            id: .number(id), kind: .request, purpose: .call("echo.upper"), headers: Headers(), payload: .bytes(body))
    }

    /// An answer to one of our requests; a NACK if it has a reason.
    static func answer(to id: UInt128, _ reason: NackReason? = nil, from peer: Endpoint? = nil) -> Message {
        let headers = Headers.answer(
            version: .interface(nil), trace: TraceID("abc"), reason: reason, detail: nil, isSameConnection: true,
            extra: [:])
        // Decoded as if received, because headers that were only written can't be queried.
        let received = try? headers.bytes.withUnsafeBytes { try Headers(decoding: $0) }
        return Message(
            id: .number(id + 1 << 40), kind: reason == nil ? .reply : .nack, purpose: .answer(.number(id)),
            headers: received ?? Headers(), payload: .nil, sender: peer.map(Peer.init))
    }

    /// The version that a request asks for; nil if none.
    var version: Version? {
        get throws {
            let received = try headers.bytes.withUnsafeBytes { try Headers(decoding: $0) }
            return if case .exact(let version) = received.version { version } else { nil }
        }
    }
}

extension CallEnd {
    /// The error that the call ended with, unless it is a cancellation.
    var error: LymphError? {
        if case .failure(let error) = result { error as? LymphError } else { nil }
    }
}
