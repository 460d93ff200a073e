import CZeroMQ
import Testing

@testable import ZeroMQ

@Suite("Publishing and subscribing", .timeLimit(.minutes(1)))
struct PublishSubscribeTests {
    /// Waits until a socket is readable, and receives the message. `other` continues its work meanwhile: libzmq does
    /// much of it in the thread that uses the socket.
    private func receive(_ socket: Socket, other: Socket) throws -> [String] {
        let message = Multipart()
        var items = [socket, other].map {
            zmq_pollitem_t(socket: $0.raw, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
        }
        let end = ContinuousClock.now + .seconds(30)
        repeat { try check("zmq_poll") { zmq_poll(&items, 2, 1000) } } while items[0].revents == 0 && .now < end
        try #require(try socket.receive(into: message) == .done)
        return (0..<message.count).map { index in
            message.withUnsafeBytes(at: index) { String(decoding: $0, as: UTF8.self) }
        }
    }

    private func send(_ texts: [String], over socket: Socket) throws {
        for (index, text) in texts.enumerated() {
            var message = try Message(adopting: Array(text.utf8))
            #expect(try socket.send(&message, more: index < texts.count - 1) == .done)
        }
    }

    @Test("a subscriber gets messages that begin with its topics; the publisher learns of each topic")
    func topics() throws {
        let context = try Context()
        let publisher = try Socket(.publisher, in: context)
        let subscriber = try Socket(.subscriber, in: context)
        defer {
            publisher.close()
            subscriber.close()
            context.terminate()
        }
        try publisher.bind("tcp://127.0.0.1:*")
        let endpoint = try publisher.get(.lastEndpoint)
        try subscriber.set(.subscribe, "WARN")
        try subscriber.set(.subscribe, "ERROR")
        try subscriber.connect(endpoint)
        #expect(
            Set([try receive(publisher, other: subscriber), try receive(publisher, other: subscriber)]) == [
                ["\u{1}WARN"], ["\u{1}ERROR"],
            ])
        for topic in ["INFO", "WARNING", "ERR", "ERROR"] { try send([topic, "text"], over: publisher) }
        #expect(try receive(subscriber, other: publisher) == ["WARNING", "text"])
        #expect(try receive(subscriber, other: publisher) == ["ERROR", "text"])
        try subscriber.disconnect(endpoint)
        #expect(
            Set([try receive(publisher, other: subscriber), try receive(publisher, other: subscriber)]) == [
                ["\u{0}WARN"], ["\u{0}ERROR"],
            ])
    }

    @Test("a socket that was not connected can't be disconnected")
    func notConnected() throws {
        let context = try Context()
        let subscriber = try Socket(.subscriber, in: context)
        defer {
            subscriber.close()
            context.terminate()
        }
        #expect(throws: ZMQError.self) { try subscriber.disconnect("tcp://127.0.0.1:4100") }
    }
}
