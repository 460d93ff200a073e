import MessagePack
import Testing

@testable import Lymph

@Suite("Malformed messages")
struct WireErrorTests {
    private func readError(_ frames: [[UInt8]]) -> WireError? {
        do throws(WireError) {
            _ = try Message(frames: frames, sender: nil)
            return nil
        } catch {
            return error
        }
    }

    private func frames(_ change: (inout [[UInt8]]) -> Void) -> [[UInt8]] {
        var frames = Wire.frames()
        change(&frames)
        return frames
    }

    @Test("a wrong number of frames is an error")
    func frameCount() throws {
        let error = try #require(readError([[1], [2]]))
        #expect(error == .frameCount(2))
        #expect(error.description == "a message has 5 frames after its source, this one has 2")
        #expect(error.reason == .frameCount)
        #expect(error.request == nil)
    }

    @Test("an id that is not UTF-8 can't be answered")
    func id() throws {
        let error = try #require(readError(frames { $0[0] = [0xff] }))
        #expect(error == .id)
        #expect(error.description == "the message id is not UTF-8")
        #expect(error.reason == .encoding)
        #expect(error.request == nil)
    }

    @Test(
        "an unknown kind is shown, shortened",
        arguments: [
            ([UInt8]("req".utf8), #""req""#), ([], #""""#), ([0x0a, 0x22], #""\n\"""#), ([0xff], "\"\u{fffd}\""),
            ([UInt8](repeating: 0x41, count: 16), #""AAAAAAAAAAAAAAAA""#),
            ([UInt8](repeating: 0x41, count: 17), #""AAAAAAAAAAAAAAAA"… (17 bytes)"#),
            ([UInt8](repeating: 0x41, count: 1000), #""AAAAAAAAAAAAAAAA"… (1000 bytes)"#),
        ] as [([UInt8], String)])
    func kind(bytes: [UInt8], shown: String) throws {
        let error = try #require(readError(frames { $0[1] = bytes }))
        #expect(error == .kind(shown))
        #expect(error.description == "unknown kind of message \(shown); known are REQ, REP, ACK, NACK, ERROR, CANCEL")
        #expect(error.reason == .kind)
        #expect(error.request == nil)
    }

    @Test("a request with a subject that is not UTF-8 can be refused, an answer can't", arguments: MessageKind.allCases)
    func subject(kind: MessageKind) throws {
        let error = try #require(
            readError(
                frames {
                    $0[1] = [UInt8](kind.rawValue.utf8)
                    $0[2] = [0x65, 0xff]
                }))
        #expect(error == .subject(.text("id"), kind))
        #expect(error.description == "the subject is not UTF-8")
        #expect(error.reason == .encoding)
        #expect(error.request == (kind == .request ? .text("id") : nil))
    }

    @Test("a request with headers that are not a map can be refused, an answer can't", arguments: MessageKind.allCases)
    func headers(kind: MessageKind) throws {
        let error = try #require(
            readError(
                frames {
                    $0[0] = [UInt8]("0123456789abcdef0011223344556677".utf8)
                    $0[1] = [UInt8](kind.rawValue.utf8)
                    $0[3] = [0xc3]
                }))
        let id = MessageID.number(0x0123_4567_89ab_cdef_0011_2233_4455_6677)
        #expect(error == .headers(id, kind, "expected a map, found a bool (at byte 0)"))
        #expect(
            error.description
                == "the headers are malformed: expected a map, found a bool (at byte 0)")
        #expect(error.reason == .headers)
        #expect(error.request == (kind == .request ? id : nil))
    }

    @Test("a request with a subject or headers that are too long can be refused")
    func tooLong() throws {
        let longest = [UInt8](repeating: 0x61, count: 65_535)
        #expect(readError(frames { $0[2] = longest }) == nil)
        let subject = readError(frames { $0[2] = longest + [0x61] })
        #expect(subject?.reason == .tooLarge)
        #expect(subject?.request == .text("id"))
        #expect(subject?.description == "too large: a subject of 65536 bytes; 65535 are allowed")
        let headers = [0x81, 0xa1, 0x61, 0xda, 0xff, 0xf9] + [UInt8](repeating: 0x61, count: 65_529)
        #expect(readError(frames { $0[3] = headers }) == nil)
        let longer = [0x81, 0xa1, 0x61, 0xda, 0xff, 0xfa] + [UInt8](repeating: 0x61, count: 65_530)
        let error = readError(frames { $0[3] = longer })
        #expect(error?.reason == .tooLarge)
        #expect(error?.request == .text("id"))
        #expect(error?.description == "too large: headers of 65536 bytes; 65535 are allowed")
        // An answer comes from a peer that we asked.
        #expect(
            readError(
                frames {
                    $0[1] = [UInt8]("REP".utf8)
                    $0[3] = longer
                }) == nil)
    }

    @Test("the first mistake is reported")
    func order() {
        var frames = [[UInt8]](repeating: [0xff], count: 5)
        #expect(readError(frames) == .id)
        frames[0] = [0x61]
        #expect(readError(frames) == .kind("\"\u{fffd}\""))
        frames[1] = [UInt8]("ACK".utf8)
        #expect(readError(frames) == .subject(.text("a"), .ack))
        frames[2] = []
        #expect(readError(frames)?.reason == .headers)
        frames[3] = []
        #expect(readError(frames) == nil)
    }
}
