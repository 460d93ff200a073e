import Testing

@testable import Lymph

@Suite struct DirectoryChangesTests {
    @Test func aFileThatWasClosedIsLookedAtLonger() {
        let events: [DirectoryEvent] = [.changed("a"), .closed("b"), .changed("b"), .closed("c"), .changed("a")]
        #expect(DirectoryChanges(events) == .files(changed: ["a"], closed: ["b", "c"]))
        #expect(DirectoryChanges([]) == .files(changed: [], closed: []))
    }

    @Test func theWorstCounts() {
        #expect(DirectoryChanges([.changed("a"), .overflow]) == .anything)
        #expect(DirectoryChanges([.overflow, .closed("a"), .directoryGone]) == .directory)
    }
}
