import Dispatch
import Synchronization

/// Calls a method repeatedly, checks every answer, and prints how long the calls took.
///
/// The protocol with the harness: `begin` on standard output when the warm-up is over, one line of JSON at the end;
/// then the process stays until its standard input ends, so that it can be measured.
public struct LoadGenerator: Sendable {
    /// How the outstanding calls are made.
    public enum Style: String, Sendable {
        /// One task for each outstanding call, which makes one call after another.
        case lanes
        /// Rounds of new tasks, one for each outstanding call, each of which makes one call.
        case waves
    }

    /// `host:port`
    public let service: String
    public let method: String
    private let outstanding: Int
    private let style: Style
    private let rate: Double
    private let texts: [(sent: String, expected: String)]
    private let begin, end: UInt64
    /// How many calls to make in total, however long it takes; 0: until the time is over.
    private let limit: Int

    public init(_ arguments: Arguments, style: Style = .lanes) {
        service = arguments["connect", default: ""]
        method = arguments["method", default: "upper"]
        outstanding = arguments["outstanding", default: 1]
        rate = arguments["rate", default: 0.0]
        self.style = style
        let (size, isEcho) = (arguments["text", default: 3], method == "echo")
        // Different texts, so that mixed-up answers are noticed.
        texts = "abcdefghijklmnop".map { letter in
            let text = String(repeating: letter, count: size)
            return (text, isEcho ? text : text.uppercased())
        }
        let start = now()
        begin = start + UInt64(arguments["warmup", default: 0.3] * 1e9)
        limit = arguments["calls", default: 0]
        end = limit > 0 ? .max : begin + UInt64(arguments["seconds", default: 2.0] * 1e9)
    }

    /// Makes the calls until the time is over, then waits for the end of standard input.
    ///
    /// - Parameter call: Calls the method with a text and returns the answer.
    public func run(_ call: @escaping @Sendable (String) async throws -> String) async throws {
        // One for all: with one for each of a thousand calls, this would measure the processor's caches.
        let result = Recorder(from: begin, to: end)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await Task.sleep(for: .nanoseconds(Int(begin) - Int(now())))
                say("begin")
            }
            switch style {
            case .lanes where rate > 0:
                let pacer = Pacer(from: now(), to: end, rate: rate)
                DispatchQueue(label: "pacer").async { pacer.run() }
                for number in 0..<outstanding { group.addTask { try await paced(number, pacer, result, call) } }
            case .lanes where limit > 0:
                let tally = Tally(limit)
                for number in 0..<outstanding { group.addTask { try await counted(number, tally, result, call) } }
            case .lanes:
                for number in 0..<outstanding { group.addTask { try await lane(number, result, call) } }
            case .waves:
                group.addTask { try await waves(result, call) }
            }
            try await group.waitForAll()
        }
        finish(result.histogram)
    }

    private func lane(_ number: Int, _ result: Recorder, _ call: (String) async throws -> String) async throws {
        let text = texts[number % texts.count]
        while true {
            let started = now()
            guard started < end else { return }
            // Not through `checked`: each async function costs a little, which would be measured with the call.
            let answer = try await call(text.sent)
            result.record(now(), since: started)
            guard answer == text.expected else { fail("a wrong answer: \(answer.prefix(40))") }
        }
    }

    private func counted(
        _ number: Int, _ tally: Tally, _ result: Recorder, _ call: (String) async throws -> String
    ) async throws {
        while tally.begin() {
            let started = now()
            result.record(try await checked(number, call), since: started)
            tally.end()
        }
    }

    private func paced(
        _ number: Int, _ pacer: Pacer, _ result: Recorder, _ call: (String) async throws -> String
    ) async throws {
        while let intended = await pacer.next() {
            result.record(try await checked(number, call), since: intended)
        }
    }

    private func waves(
        _ result: Recorder, _ call: @escaping @Sendable (String) async throws -> String
    ) async throws {
        while now() < end {
            try await withThrowingTaskGroup(of: (UInt64, UInt64).self) { group in
                for number in 0..<outstanding {
                    group.addTask {
                        let started = now()
                        return (started, try await checked(number, call))
                    }
                }
                for try await (started, ended) in group { result.record(ended, since: started) }
            }
        }
    }

    /// Makes a call and checks the answer.
    ///
    /// - Returns: When the answer arrived.
    private func checked(_ number: Int, _ call: (String) async throws -> String) async throws -> UInt64 {
        let text = texts[number % texts.count]
        let answer = try await call(text.sent)
        let time = now()
        guard answer == text.expected else { fail("a wrong answer: \(answer.prefix(40))") }
        return time
    }

    private func finish(_ result: Histogram) {
        let percentiles = [("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9)]
            .map { "\"\($0)\": \(result.microseconds(percentile: $1))" }
        let fields =
            ["\"calls\": \(result.total)", "\"seconds\": \(Double(min(end, now()) - begin) / 1e9)"] + percentiles
            + ["\"max\": \(Double(result.largest) / 1000)"]
        say("{\(fields.joined(separator: ", "))}")
        waitForEndOfInput()
    }
}

/// Counts calls up to a limit, and reports each tenth of them.
private final class Tally: Sendable {
    private let limit: Int
    private let begun = Atomic(0)
    private let ended = Atomic(0)

    init(_ limit: Int) { self.limit = limit }

    /// Whether to make one more call.
    func begin() -> Bool { begun.add(1, ordering: .relaxed).newValue <= limit }

    func end() {
        let count = ended.add(1, ordering: .relaxed).newValue
        if count.isMultiple(of: max(1, limit / 10)) { say("calls \(count)") }
    }
}
