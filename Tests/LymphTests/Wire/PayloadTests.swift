import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

@Suite("Payloads")
struct PayloadTests {
    private func frame(_ bytes: [UInt8]) throws -> Payload {
        .frame(Frame(try ZeroMQ.Message(adopting: bytes)))
    }

    @Test("our own bytes and a received frame give the same payload", arguments: [0, 1, 33, 34, 100_000])
    func content(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        for payload in [.bytes(bytes), try frame(bytes)] {
            #expect(payload.count == count)
            #expect(payload.withUnsafeBytes { [UInt8]($0) } == bytes)
            #expect(payload.withUnsafeBytes { $0.count } == count)
        }
    }

    @Test("an error while decoding the body keeps its type")
    func throwing() throws {
        for payload in [.bytes([1]), try frame([1])] {
            let error = #expect(throws: MessagePackError.self) {
                try payload.withUnsafeBytes { _ throws(MessagePackError) in throw MessagePackError(.misuse, "no") }
            }
            #expect(error?.code == .misuse)
        }
    }

    @Test("nil is MessagePack's nil")
    func none() throws {
        #expect(Payload.nil.withUnsafeBytes { [UInt8]($0) } == (try Value.nil.encoded()))
    }
}
