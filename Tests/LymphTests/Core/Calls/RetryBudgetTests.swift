import Testing
import ZeroMQ

@testable import Lymph

@Suite("The retry budget")
struct RetryBudgetTests {
    private let start = Instant.now

    @Test("allows ten retries a second without any calls")
    func seldom() {
        var budget = RetryBudget(now: start)
        var granted = 0
        for millisecond in 0..<10_000 where budget.withdraw(now: start + .milliseconds(millisecond)) { granted += 1 }
        #expect((109...110).contains(granted))
    }

    @Test("allows a fifth of the calls and ten a second, even if all retries fail")
    func totalFailure() {
        var budget = RetryBudget(now: start)
        var (calls, retries) = (0, 0)
        // 5000 calls a second for ten seconds, all of which fail every time.
        for step in 0..<50_000 {
            let now = start + .microseconds(200 * step)
            calls += 1
            budget.deposit()
            while budget.withdraw(now: now) { retries += 1 }
        }
        #expect(retries <= calls / 5 + 110)
        #expect(Double(calls + retries) / Double(calls) <= 1.2 + 0.003)
        #expect(retries >= calls / 5)
    }

    @Test("saves up only a limited number")
    func limit() {
        var budget = RetryBudget(now: start)
        for _ in 0..<10_000 { budget.deposit() }
        var granted = 0
        while budget.withdraw(now: start + .seconds(1000)) { granted += 1 }
        #expect(granted == 100)
    }

    @Test("gains nothing from a clock that stops or goes back")
    func clock() {
        var budget = RetryBudget(now: start)
        var granted = 0
        while budget.withdraw(now: start + .seconds(-5)) { granted += 1 }
        #expect(granted == 10)
    }
}
