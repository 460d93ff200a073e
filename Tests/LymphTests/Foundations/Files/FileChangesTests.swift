import Testing
import ZeroMQ

@testable import Lymph

@Suite("Changes of files")
struct FileChangesTests {
    private let start = Instant.origin
    private let old = FileContent.bytes([1, 2])
    private let new = FileContent.bytes([3, 4])
    private let half = FileContent.bytes([3])

    private func at(_ milliseconds: Int64) -> Instant { start.advanced(byMilliseconds: milliseconds) }

    @Test("the first content counts at once, the next if it stays")
    func settling() {
        var changes = FileChanges()
        #expect(changes.take(old, now: at(0)) == .changed)
        #expect(changes.take(old, now: at(5)) == .none)
        #expect(changes.take(new, now: at(1000)) == .readAgain(at: at(1100)))
        #expect(changes.take(new, now: at(1099)) == .readAgain(at: at(1100)))
        #expect(changes.take(new, now: at(1100)) == .changed)
        #expect(changes.take(new, now: at(1200)) == .none)
    }

    @Test("a half-written content doesn't count")
    func halfWritten() {
        var changes = FileChanges()
        #expect(changes.take(old, now: at(0)) == .changed)
        #expect(changes.take(half, now: at(10)) == .readAgain(at: at(110)))
        #expect(changes.take(new, now: at(110)) == .readAgain(at: at(210)))
        #expect(changes.take(new, now: at(300)) == .changed)
    }

    @Test("a file that is gone for a moment has not changed")
    func replaced() {
        var changes = FileChanges()
        #expect(changes.take(old, now: at(0)) == .changed)
        #expect(changes.take(.unreadable("no"), now: at(10)) == .readAgain(at: at(110)))
        #expect(changes.take(old, now: at(50)) == .none)
        // It is counted from anew.
        #expect(changes.take(.unreadable("no"), now: at(105)) == .readAgain(at: at(205)))
        #expect(changes.take(.unreadable("no"), now: at(205)) == .changed)
        #expect(changes.take(old, now: at(210)) == .readAgain(at: at(310)))
    }
}
