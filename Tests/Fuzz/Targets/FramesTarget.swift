internal import Lymph
internal import MessagePack

extension FuzzTarget {
    /// The five frames of a message.
    static let frames = FuzzTarget(
        "frames",
        seeds: [
            message("REQ", "echo.upper", [0x81, 0xa1, 0x78, 0x01]), message("REP", hexID, [0x01]),
            message("NACK", hexID, [0xc0]), message("CANCEL", hexID, [0xc0]), message("ERROR", "id", [0xa1, 0x78]),
            Parts.join([], "ACK".bytes, [0xff], [], []),
        ], words: ["REQ", "REP", "ACK", "NACK", "ERROR", "CANCEL", "version", "trace_id", "timeout_ms", "features"]
    ) { input throws(BrokenProperty) in
        let frames = Parts.split(input)
        let message: Message
        do throws(WireError) { message = try Message(frames: frames, sender: nil) } catch {
            _ = (error.description, error.reason)
            if error.request != nil { try demand(frames[1] == "REQ".bytes, "only requests are refused") }
            return
        }
        try demand(parts(of: message) == frames, "the message is what its frames are")
        _ = (try? message.body, message.headers.fields, message.headers.age)
    }

    private static func parts(of message: Message) -> [[UInt8]] {
        let body = message.payload.withUnsafeBytes { [UInt8]($0) }
        return [
            message.id.description.bytes, message.kind.rawValue.bytes, message.subject.bytes, message.headers.bytes,
            body,
        ]
    }

    private static let hexID = "0123456789abcdef0123456789abcdef"

    private static func message(_ kind: String, _ subject: String, _ body: [UInt8]) -> [UInt8] {
        Parts.join(hexID.bytes, kind.bytes, subject.bytes, HeaderSeeds.request, body)
    }
}
