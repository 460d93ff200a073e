import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

@Suite("The age of a process that answers a ping")
struct AgeHeaderTests {
    private let start = Instant.origin + .seconds(1000)

    @Test(
        "is rounded down to milliseconds, and is never negative",
        arguments: [
            (-1_000_000_000, 0), (0, 0), (999_999, 0), (1_000_000, 1), (1_999_999, 1), (3_600_000_000_000, 3_600_000),
        ] as [(Int64, UInt64)])
    func rounding(nanoseconds: Int64, milliseconds: UInt64) {
        #expect(AgeHeader(of: start, at: start + .nanoseconds(nanoseconds)).milliseconds == milliseconds)
    }

    @Test("leads to a time that is never after the opening, and not long before it if the answer comes soon")
    func opening() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<10_000 {
            let opening = start + .nanoseconds(Int64.random(in: 0...600_000_000_000, using: &random))
            let asked = opening + .nanoseconds(Int64.random(in: -1_000_000_000...600_000_000_000, using: &random))
            // Connecting, the way, and whatever keeps the process from answering.
            let answered = max(asked, opening) + .nanoseconds(Int64.random(in: 0...50_000_000, using: &random))
            let found = AgeHeader(of: opening, at: answered).earliestOpening(asked: asked)
            #expect(found <= opening)
            let slack = Duration.milliseconds(3) + (answered - asked) + (answered - opening) / 1000
            #expect(opening - found <= slack)
        }
    }

    @Test("is allowed to be wrong by a thousandth")
    func clocks() {
        let (opening, asked) = (start, start + .seconds(60))
        let slow = AgeHeader(milliseconds: 60_000 - 60)
        #expect(slow.earliestOpening(asked: asked) <= opening)
    }

    @Test("may be longer than time itself")
    func huge() {
        for age in [1_000_001, UInt64(1 << 40), 1 << 63, .max] {
            #expect(AgeHeader(milliseconds: age).earliestOpening(asked: start) < .origin)
        }
    }

    @Test("is read from an unsigned number; anything else counts as none")
    func reading() throws {
        let read: [(Value, UInt64?)] = [
            (0, 0), (1500, 1500), (.uint(1 << 63), 1 << 63), (-1, nil), (.double(2), nil), ("1500", nil), (nil, nil),
            ([1], nil), (["age_ms": 1], nil),
        ]
        for (value, milliseconds) in read {
            let fields: Value = ["x": ["age_ms": 7], "age_ms": value, "y": [1]]
            #expect(try Wire.headers(try fields.encoded()).age?.milliseconds == milliseconds, "\(value)")
        }
        #expect(try Wire.headers([]).age == nil)
        #expect(try Wire.headers([0x80]).age == nil)
        #expect(Headers().age == nil)
    }

    @Test("is in the answer's headers in both framings, and replaces one of the method's")
    func writing() throws {
        let age = AgeHeader(milliseconds: 1500)
        func answer(_ version: AnswerVersion, _ age: AgeHeader?) -> Headers {
            Headers.answer(
                version: version, trace: TraceID("abc"), age: age, isSameConnection: false,
                extra: ["age_ms": Wire.str("mine")])
        }
        let trace = (Wire.str("trace_id"), Wire.str("abc"))
        #expect(answer(.noInterface, age).bytes == Wire.map(trace, (Wire.str("age_ms"), [0xcd, 0x05, 0xdc])))
        #expect(answer(.noInterface, nil).bytes == Wire.map(trace, (Wire.str("age_ms"), Wire.str("mine"))))
        let packed = answer(.interface(nil), age).packedMap(isAnnouncing: false)
        let unpacked = try packed.withUnsafeBytes { try Headers(unpacking: $0, trace: nil, timeout: nil) }
        #expect(unpacked.age == age)
        #expect(unpacked.version == .none)
    }
}
