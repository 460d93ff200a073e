import Testing
import ZeroMQ

@Suite("Entries into an actor", .timeLimit(.minutes(1)))
struct IsolatedEntryTests {
    @Test("an entry runs at once, with the actor and what it is given, and returns the function's result")
    func calls() async {
        let ledger = Ledger()
        let sums = await withCheckedContinuation { continuation in
            ledger.thread.execute {
                let first = Ledger.adding(ledger, (2, "two"))
                continuation.resume(returning: (first, Ledger.adding(ledger, (40, "forty"))))
            }
        }
        #expect(sums == (2, 42))
        #expect(await ledger.names == ["two", "forty"])
        ledger.thread.stop()
    }

    @Test("in a debug build, a call from elsewhere ends the process")
    func fromElsewhere() async {
        await #expect(processExitsWith: .failure) {
            _ = Ledger.adding(Ledger(), (1, "one"))
        }
    }
}

private actor Ledger {
    static let adding = IsolatedEntry<Ledger, (Int, String), Int> { ledger, entry in
        ledger.sum += entry.0
        ledger.names.append(entry.1)
        return ledger.sum
    }

    nonisolated let thread = PollThread(name: "ledger")
    private(set) var sum = 0
    private(set) var names: [String] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
}
