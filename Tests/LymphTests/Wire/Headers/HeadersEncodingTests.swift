import MessagePack
import Testing

@testable import Lymph

@Suite("Writing headers")
struct HeadersEncodingTests {
    private static let trace = TraceID("abc")
    private static let features = (
        key: Wire.str("features"), value: [0x93] + Wire.str("packed") + Wire.str("cancel") + Wire.str("deadline")
    )

    @Test("a request has exactly these bytes")
    func request() throws {
        let headers = try Headers.request(version: "1.5.0", trace: Self.trace, extra: [:])
        #expect(
            headers.bytes
                == Wire.map(
                    (Wire.str("trace_id"), Wire.str("abc")), (Wire.str("return"), Wire.str("same")), Self.features,
                    (Wire.str("version"), Wire.str("1.5.0"))))
    }

    @Test("a request says how many milliseconds are left, as a number")
    func timeout() throws {
        let headers = try Headers.request(
            version: nil, trace: Self.trace, timeout: TimeoutHeader(milliseconds: 1500), extra: ["timeout_ms": 7])
        #expect(
            headers.bytes
                == Wire.map(
                    (Wire.str("trace_id"), Wire.str("abc")), (Wire.str("timeout_ms"), [0xcd, 0x05, 0xdc]),
                    (Wire.str("return"), Wire.str("same")), Self.features, (Wire.str("version"), [0xc0])))
        let later = headers.with(TimeoutHeader(milliseconds: 3))
        #expect(try Wire.headers(later.bytes).timeout == TimeoutHeader(milliseconds: 3))
    }

    @Test("what is no number of milliseconds counts as no deadline")
    func badTimeouts() throws {
        let read: [(Value, UInt32?)] = [
            (0, 0), (1500, 1500), (.uint(1 << 40), .max), (.double(2.5), 2), (.double(1e300), .max), (-1, nil),
            (.double(-1), nil), (.double(.nan), nil), ("1500", nil), (nil, nil), ([1], nil),
        ]
        for (value, milliseconds) in read {
            let headers = try Wire.headers(try (["timeout_ms": value] as Value).encoded())
            #expect(headers.timeout?.milliseconds == milliseconds, "\(value)")
        }
    }

    @Test("a request without a version says nil")
    func requestWithoutVersion() throws {
        let headers = try Headers.request(version: nil, trace: TraceID(1), extra: [:])
        #expect(
            headers.bytes
                == Wire.map(
                    (Wire.str("trace_id"), [0xd9, 32] + "00000000000000000000000000000001".utf8),
                    (Wire.str("return"), Wire.str("same")), Self.features, (Wire.str("version"), [0xc0])))
    }

    @Test("the caller's headers come after the framework's, which win")
    func requestExtra() throws {
        let extra: [String: Value] = [
            "x": [1, nil], "version": "9.9.9", "trace_id": "mine", "return": "elsewhere", "Version": "mine",
        ]
        let headers = try Wire.headers(
            try Headers.request(version: "1.5.0", trace: Self.trace, extra: extra).bytes)
        #expect(
            headers.fields == [
                "trace_id": "abc", "version": "1.5.0", "return": "same", "features": ["packed", "cancel", "deadline"],
                "x": [1, nil],
                "Version": "mine",
            ])
        #expect(headers.bytes.first == 0x86)
    }

    @Test("many headers need a longer map", arguments: [12, 13, 14, 100, 8000])
    func manyHeaders(count: Int) throws {
        let extra = Dictionary(uniqueKeysWithValues: (0..<count).map { ("x\($0)", Value.int(1)) })
        let request = try Headers.request(version: "1.5.0", trace: Self.trace, extra: extra)
        let encoded = extra.mapValues { _ in [1] as [UInt8] }
        let answer = Headers.answer(version: .noInterface, trace: Self.trace, isSameConnection: true, extra: encoded)
        for (headers, total) in [(request, count + 4), (answer, count + 3)] {
            #expect(try Reader.withReader(over: headers.bytes) { try $0.readMapHeader() } == total)
            let read = try Wire.headers(headers.bytes)
            #expect(read.trace == Self.trace)
            #expect(read.features.contains(.sameConnection))
        }
    }

    @Test("headers larger than a service accepts are refused before they are sent")
    func tooMany() throws {
        let most = ["x": Value.string(String(repeating: "a", count: 64_000))]
        #expect(try Headers.request(version: nil, trace: Self.trace, extra: most).bytes.count < Message.mostNameBytes)
        let error = #expect(throws: MessagePackError.self) {
            try Headers.request(version: nil, trace: Self.trace, extra: most.merging(["y": most["x"] ?? 1]) { $1 })
        }
        #expect(error.map { "\($0)" }?.contains("64511 are allowed") == true)
    }

    @Test("names and values that would end a Python peer's receive loop are refused")
    func refused() throws {
        let bad: [[String: Value]] = [
            ["__type__": "x"], ["x": ["__type__": 1]], ["x": .map(.init([(.array([]), 1)]))], ["x": .set([[]])],
        ]
        for extra in bad {
            #expect(throws: MessagePackError.self, "\(extra)") {
                try Headers.request(version: nil, trace: Self.trace, extra: extra)
            }
        }
        #expect(throws: MessagePackError.self) { try Headers.validate("__type__") }
        for name in ["", "_", "__TYPE__", "type", "version"] { try Headers.validate(name) }
    }

    @Test("an answer has exactly these bytes")
    func answer() {
        let (trace, version) = ((Wire.str("trace_id"), Wire.str("abc")), (Wire.str("version"), Wire.str("1.5.0")))
        let (reason, same) = ((Wire.str("reason"), Wire.str("failed")), (Wire.str("return"), Wire.str("same")))
        func bytes(_ version: AnswerVersion, _ reason: NackReason?, _ isSame: Bool) -> [UInt8] {
            Headers.answer(version: version, trace: Self.trace, reason: reason, isSameConnection: isSame).bytes
        }
        #expect(bytes(.interface("1.5.0"), nil, true) == Wire.map(trace, same, Self.features, version))
        #expect(bytes(.interface("1.5.0"), nil, false) == Wire.map(trace, version))
        #expect(bytes(.interface("1.5.0"), .failed, true) == Wire.map(trace, same, Self.features, version, reason))
        #expect(bytes(.interface("1.5.0"), .failed, false) == Wire.map(trace, version, reason))
        #expect(bytes(.interface(nil), nil, false) == Wire.map(trace, (Wire.str("version"), [0xc0])))
        #expect(bytes(.noInterface, .failed, false) == Wire.map(trace, reason))
        #expect(bytes(.noInterface, nil, true) == Wire.map(trace, same, Self.features))
        #expect(bytes(.noInterface, nil, false) == Wire.map(trace))
    }

    @Test("the framework's own detail replaces one of a handler's, but no other header of an answer does")
    func answerDetail() throws {
        let own = ["detail": Wire.str("mine")]
        let reply = Headers.answer(version: .noInterface, trace: Self.trace, isSameConnection: false, extra: own)
        #expect(try Wire.headers(reply.bytes).fields == ["trace_id": "abc", "detail": "mine"])
        func nack(_ detail: String?) throws -> Value? {
            try Wire.headers(
                Headers.answer(
                    version: .noInterface, trace: Self.trace, reason: .rejected, detail: detail,
                    isSameConnection: false,
                    extra: own
                ).bytes)["detail"]
        }
        #expect(try nack(nil) == "mine")
        #expect(try nack("not so") == "not so")
    }

    @Test("a handler's headers are written unchanged, but the framework's win")
    func answerExtra() throws {
        let ours = Headers.answer(
            version: .noInterface, trace: Self.trace, isSameConnection: false,
            extra: [
                "x": [0x92, 0x01, 0xc0], "version": Wire.str("9.9.9"), "trace_id": [0x01], "return": Wire.str("same"),
                "reason": Wire.str("draining"),
            ])
        #expect(ours.bytes == Wire.map((Wire.str("trace_id"), Wire.str("abc")), (Wire.str("x"), [0x92, 0x01, 0xc0])))
    }

    @Test("what is written is read")
    func roundTrip() throws {
        let request = try Wire.headers(try Headers.request(version: "1.5.0", trace: Self.trace, extra: [:]).bytes)
        #expect(request.version == .exact("1.5.0"))
        #expect(request.trace == Self.trace)
        #expect(request.features.contains(.sameConnection))
        #expect(request.reason == nil)
        let answer = try Wire.headers(
            Headers.answer(version: .interface(nil), trace: Self.trace, reason: .overloaded, isSameConnection: false)
                .bytes)
        #expect(answer.version == .none)
        #expect(answer.trace == Self.trace)
        #expect(!answer.features.contains(.sameConnection))
        #expect(answer.reason == .overloaded)
    }
}
