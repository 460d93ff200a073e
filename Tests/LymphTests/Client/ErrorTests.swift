import MessagePack
import Testing

@testable import Lymph

@Suite("Errors of calls")
struct LymphErrorTests {
    private static let codes: [(LymphError.Code, String)] = [
        (.timeout, "timeout"), (.nack, "nack"), (.lookupFailure, "lookupFailure"), (.notConnected, "notConnected"),
        (.registrationFailure, "registrationFailure"), (.stopped, "stopped"), (.invalidRequest, "invalidRequest"),
        (.invalidReply, "invalidReply"), (.configuration, "configuration"), (.bindFailure, "bindFailure"),
        (.alreadyRunning, "alreadyRunning"),
    ]

    @Test("each code has its own name", arguments: codes)
    func names(code: LymphError.Code, name: String) {
        #expect(code.description == name)
        #expect(LymphError(code, "why").description == "\(name): why")
        #expect(Self.codes.filter { $0.0 == code }.count == 1)
    }

    @Test("an error says what is known about the execution")
    func executions() {
        let all: [LymphError.Execution] = [.none, .unknown, .executed]
        #expect(all.map(\.description) == ["none", "unknown", "executed"])
        #expect(Set(all).count == 3)
        #expect(LymphError(.nack, "").execution == LymphError.Execution.none)
    }

    @Test("errors are compared by everything but their cause")
    func equality() {
        let error = LymphError(.nack, "a", execution: .unknown, reason: .failed, cause: CancellationError())
        #expect(error == LymphError(.nack, "a", execution: .unknown, reason: .failed))
        #expect(error.cause is CancellationError)
        #expect(error != LymphError(.timeout, "a", execution: .unknown, reason: .failed))
        #expect(error != LymphError(.nack, "b", execution: .unknown, reason: .failed))
        #expect(error != LymphError(.nack, "a", execution: .executed, reason: .failed))
        #expect(error != LymphError(.nack, "a", execution: .unknown))
        #expect(error != LymphError(.nack, "a", execution: .unknown, reason: .rejected))
    }
}

@Suite("Errors of remote methods")
struct RemoteErrorTests {
    @Test("an error has a description")
    func description() {
        #expect(RemoteError(type: "Sad").description == "Sad")
        #expect(RemoteError(type: "Sad", message: "so sad").description == "Sad: so sad")
        #expect(RemoteError(type: "Sad") == RemoteError(type: "Sad", message: ""))
        #expect(RemoteError(type: "Sad") != RemoteError(type: "Sad", message: "so sad"))
    }

    @Test(
        "the body of an ERROR may be anything",
        arguments: [
            (["type": "Sad", "message": "so sad"], "Sad", "so sad"),
            ([.binary([UInt8]("type".utf8)): .binary([0x53]), .binary([UInt8]("message".utf8)): "m"], "S", "m"),
            (["type": "Sad"], "Sad", ""), (["message": "m"], "RemoteError", "m"), ([:], "RemoteError", ""),
            (["type": "", "message": ""], "", ""), (["type": 1, "message": 2], "RemoteError", "2"),
            (["type": nil, "message": nil], "RemoteError", "nil"),
            (["type": ["a"], "message": ["b": [1]]], "RemoteError", #"{"b": [1]}"#),
            (["type": .binary([0xff]), "message": .binary([0xff])], "RemoteError", "<1 byte: ff>"),
            (nil, "RemoteError", ""), ("text", "RemoteError", ""), (1, "RemoteError", ""), ([1, 2], "RemoteError", ""),
            (["type", "message"], "RemoteError", ""), (.ext(type: 5, bytes: []), "RemoteError", ""),
        ] as [(Value, String, String)])
    func bodies(body: Value, type: String, message: String) {
        #expect(RemoteError(body: body) == RemoteError(type: type, message: message))
    }

    @Test("a long message that is not text is shortened")
    func hostile() {
        let deep = (0..<60).reduce(Value.nil) { value, _ in [value] }
        let wide = Value.array([Value](repeating: "x", count: 100_000))
        for value in [deep, wide] {
            #expect(RemoteError(body: ["type": value, "message": value]).message.utf8.count < 3000)
        }
    }

    @Test("the body that we write is read back")
    func body() throws {
        let error = RemoteError(type: "Sad", message: "só sad")
        let expected = Wire.map((Wire.str("type"), Wire.str("Sad")), (Wire.str("message"), Wire.str("só sad")))
        #expect(error.body == expected)
        #expect(RemoteError(body: try Value(decoding: error.body)) == error)
    }
}

@Suite("Remote errors mapped to the caller's own")
struct ErrorMapTests {
    private struct Own: Error, Equatable { let text: String }

    @Test("an error whose type is in the map is replaced")
    func mapped() {
        let map: ErrorMap = ["Sad": { Own(text: $0.message) }, "Glad": { _ in Own(text: "glad") }]
        #expect(map.map(RemoteError(type: "Sad", message: "m")) as? Own == Own(text: "m"))
        #expect(map.map(RemoteError(type: "Glad", message: "m")) as? Own == Own(text: "glad"))
    }

    @Test("any other error stays as it is")
    func others() {
        let error = RemoteError(type: "sad", message: "m")
        for map: ErrorMap in [["Sad": { _ in Own(text: "") }], [:], ErrorMap([:])] {
            #expect(map.map(error) as? RemoteError == error)
        }
    }

    @Test("of two entries for one name the last counts")
    func duplicates() {
        let map: ErrorMap = ["Sad": { _ in Own(text: "first") }, "Sad": { _ in Own(text: "second") }]
        #expect(map.map(RemoteError(type: "Sad")) as? Own == Own(text: "second"))
        let made = ErrorMap(["Sad": { Own(text: $0.type) }])
        #expect(made.map(RemoteError(type: "Sad")) as? Own == Own(text: "Sad"))
    }
}
