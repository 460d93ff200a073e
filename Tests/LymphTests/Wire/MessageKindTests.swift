import Testing

@testable import Lymph

@Suite("The kind of a message")
struct MessageKindTests {
    private func read(_ bytes: [UInt8]) -> MessageKind? { bytes.withUnsafeBytes { MessageKind($0) } }
    private func read(_ text: String) -> MessageKind? { read([UInt8](text.utf8)) }

    @Test(
        "every kind is read from its name",
        arguments: [
            ("REQ", .request), ("REP", .reply), ("ACK", .ack), ("NACK", .nack), ("ERROR", .error),
        ] as [(String, MessageKind)])
    func known(text: String, kind: MessageKind) {
        #expect(read(text) == kind)
        #expect(kind.rawValue == text)
    }

    @Test("there are five kinds, and all but the request are answers")
    func answers() {
        #expect(MessageKind.allCases == [.request, .reply, .ack, .nack, .error, .cancel])
        #expect(MessageKind.allCases.filter { !$0.isReply } == [.request, .cancel])
    }

    @Test(
        "a kind is read only if spelled exactly",
        arguments: [
            "", "req", "Req", "rep", "ack", "nack", "error", "Error", "ERRoR", "REQ ", " REQ", "REQ\0", "REX", "RAP",
            "XEP", "AKK", "NICK", "NACKS", "ERRORS", "ERR", "REQREQ", "ＲＥＱ", "RÉQ",
        ])
    func unknown(text: String) {
        #expect(read(text) == nil)
    }

    @Test("no truncation and no changed byte gives a kind", arguments: MessageKind.allCases)
    func neighbours(kind: MessageKind) {
        let bytes = [UInt8](kind.rawValue.utf8)
        for count in 0..<bytes.count { #expect(read([UInt8](bytes.prefix(count))) == nil) }
        for index in bytes.indices {
            for byte in UInt8.min...UInt8.max where byte != bytes[index] {
                var changed = bytes
                changed[index] = byte
                // REQ and REP differ in one byte.
                let expected = MessageKind(rawValue: String(decoding: changed, as: UTF8.self))
                #expect(read(changed) == expected, "\(changed)")
            }
        }
    }

    @Test("random bytes are read as a kind only if they spell one")
    func random() {
        var random = SplitMix64(seed: 1)
        // Few letters, so that kinds turn up.
        let letters = [UInt8]("REQPACKNO".utf8) + [0, 0xff]
        var found: Set<MessageKind> = []
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...5, using: &random)).map { _ in
                letters[Int.random(in: 0..<letters.count, using: &random)]
            }
            let kind = read(bytes)
            let expected = MessageKind.allCases.first { bytes.elementsEqual($0.rawValue.utf8) }
            if kind != expected { Issue.record("\(bytes) was read as \(String(describing: kind))") }
            if let kind { found.insert(kind) }
        }
        #expect(found.isSuperset(of: [.request, .reply, .ack]))
    }
}
