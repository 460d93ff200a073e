import Testing

@testable import Lymph

@Suite struct DirectoryEventTests {
    private func record(mask: UInt32, name: String, padding: Int = 0) -> [UInt8] {
        let field = Array(name.utf8) + Array(repeating: 0, count: padding)
        return [UInt32(bitPattern: 1), mask, 0, UInt32(field.count)].flatMap { value in
            withUnsafeBytes(of: value) { Array($0) }
        } + field
    }

    @Test func readsEvents() {
        let bytes =
            record(mask: 0x80, name: "moved", padding: 11) + record(mask: 0x8, name: "closed", padding: 2)
            + record(mask: 0x200, name: "deleted") + record(mask: 0x4000, name: "") + record(mask: 0x40, name: "away")
            + record(mask: 0x400, name: "") + record(mask: 0x8000, name: "") + record(mask: 0x80, name: "")
        let events = bytes.withUnsafeBytes { DirectoryEvent.parse($0) }
        #expect(
            events == [
                .changed("moved"), .closed("closed"), .changed("deleted"), .overflow, .changed("away"), .directoryGone,
                .directoryGone,
            ])
        // The last record gives no event, so cutting it loses none.
        for end in bytes.indices.dropLast(16) {
            let cut = bytes[..<end].withUnsafeBytes { DirectoryEvent.parse($0) }
            #expect(cut.count < events.count && events.starts(with: cut))
        }
    }

    @Test func readsRandomEvents() {
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...100)).map { _ in UInt8.random(in: 0...255) & UInt8.random(in: 0...255) }
            let whole = record(mask: 0x8, name: "a") + bytes
            let events = whole.withUnsafeBytes { DirectoryEvent.parse($0) }
            #expect(events.first == .closed("a") && events.count <= 1 + bytes.count / 16)
        }
    }
}
