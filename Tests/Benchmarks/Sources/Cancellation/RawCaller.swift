import CLibZMQ
import Load
import Lymph
import MessagePack

/// A caller on bare libzmq. Ours gives up when its time is over; this one goes on reading, so it sees what becomes of
/// requests that have expired. Blocks its thread.
struct RawCaller: ~Copyable {
    struct Answer {
        /// Of the request.
        let number: Int
        /// `REP`, `NACK` or `ERROR`
        let kind: String
        let reason: String?
    }

    private let context = zmq_ctx_new()
    private let socket: UnsafeMutableRawPointer?

    init(_ endpoint: Endpoint) {
        socket = zmq_socket(context, ZMQ_DEALER)
        set(ZMQ_SNDHWM, 0)
        set(ZMQ_RCVHWM, 0)
        set(ZMQ_LINGER, 0)
        set(ZMQ_RCVTIMEO, 30_000)
        // A peer's name is its endpoint. Nobody dials this one, because answers come back on the connection.
        let name = "tcp://127.0.0.1:1"
        check(zmq_setsockopt(socket, ZMQ_ROUTING_ID, name, name.utf8.count))
        check(zmq_connect(socket, "\(endpoint)"))
    }

    deinit {
        zmq_close(socket)
        zmq_ctx_term(context)
    }

    /// Sends a request that expires after some milliseconds.
    func request(_ subject: String, number: Int, timeout: Int) throws {
        let headers: Value = ["return": "same", "timeout_ms": .int(Int64(timeout))]
        let body: Value = [:]
        send(Array("\(number)".utf8), more: true)
        send(Array("REQ".utf8), more: true)
        send(Array(subject.utf8), more: true)
        send(try headers.encoded(), more: true)
        send(try body.encoded(), more: false)
    }

    /// The next answer; fails if none comes.
    func answer() throws -> Answer {
        let frames = (0..<5).map { _ in receive() }
        guard let number = Int(String(decoding: frames[2], as: UTF8.self)) else { fail("an answer to no request") }
        return Answer(
            number: number, kind: String(decoding: frames[1], as: UTF8.self),
            reason: try Value(decoding: frames[3])["reason"]?.stringValue)
    }

    private func send(_ bytes: [UInt8], more: Bool) {
        check(zmq_send(socket, bytes, bytes.count, more ? ZMQ_SNDMORE : 0))
    }

    private func receive() -> [UInt8] {
        var frame = [UInt8](repeating: 0, count: 1024)
        let count = zmq_recv(socket, &frame, frame.count, 0)
        check(count)
        return Array(frame.prefix(Int(count)))
    }

    private func set(_ option: Int32, _ value: Int32) {
        var value = value
        check(zmq_setsockopt(socket, option, &value, MemoryLayout<Int32>.size))
    }
}

private func check(_ result: Int32) {
    if result < 0 { fail("libzmq: \(String(cString: zmq_strerror(zmq_errno())))") }
}
