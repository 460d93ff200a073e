import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

/// A member of an in-memory network that sends any bytes and keeps what it receives.
final class RawPeer: Sendable {
    let endpoint: Endpoint
    private let network: InMemoryNetwork
    private let thread = PollThread(name: "raw-peer")
    private let received: AsyncStream<Lymph.Message>

    init(in network: InMemoryNetwork) throws {
        let (received, continuation) = AsyncStream<Lymph.Message>.makeStream()
        self.network = network
        self.received = received
        endpoint = try network.open(
            InMemoryNetwork.Port(loop: thread) { event in
                if case .message(let message, _) = event { continuation.yield(message) }
            }, at: nil)
    }

    deinit {
        network.close(endpoint)
        thread.stop()
    }

    /// Sends id, kind, subject, headers and body as a Python peer does: on a separate connection.
    func send(
        _ kind: String, id: String, subject: String, headers: [UInt8], body: [UInt8], to target: Endpoint
    ) {
        let texts = [id, kind, subject].map { Array($0.utf8) }
        network.deliver(texts + [headers, body], to: target, over: .back(endpoint))
    }

    /// The next incoming message. If none comes, the suite's time limit ends the wait.
    func next() async throws -> Lymph.Message {
        var iterator = received.makeAsyncIterator()
        return try #require(await iterator.next())
    }

    /// Sends a request and returns the next message, which must be the answer.
    func request(
        _ subject: String, headers: [UInt8], body: [UInt8], to target: Endpoint
    ) async throws -> Lymph.Message {
        send("REQ", id: "the request", subject: subject, headers: headers, body: body, to: target)
        let answer = try await next()
        #expect(answer.subject == "the request")
        return answer
    }
}

/// Packs values as lymph on Python 2 does: its native strings, which are names and literals, as `bin`.
func python2(_ value: Value) throws -> [UInt8] {
    var writer = Writer()
    try writer.writePython2(value)
    return writer.bytes
}

extension Writer {
    fileprivate mutating func writePython2(_ value: Value) throws {
        switch value {
        case .string(let text):
            writeBinary(Array(text.utf8))
        case .array(let values):
            writeArrayHeader(values.count)
            for value in values { try writePython2(value) }
        case .map(let map):
            writeMapHeader(map.count)
            for (key, value) in map {
                try writePython2(key)
                try writePython2(value)
            }
        default:
            try write(value)
        }
    }
}
