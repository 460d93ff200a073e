import MessagePack
import Testing

@testable import Lymph

/// Why a request was refused, as told to its caller and to the log.
@Suite("Refusals")
struct RefusalTests {
    private struct Secretive: Decodable, Sendable {
        struct Inside: Error {}
        init(from decoder: any Decoder) throws { throw Inside() }
    }

    private struct Choosy: Decodable, Sendable {
        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath, debugDescription: "\(try container.decode(Int.self)) is odd",
                    underlyingError: Secretive.Inside()))
        }
    }

    private let bench = ServingBench()

    private func refusal(_ rpc: RPC<StubInterface>, _ body: Value = [:]) async throws -> Refusal? {
        guard case .nack(let refusal) = await bench.answer(rpc, try body.encoded()) else { return nil }
        return refusal
    }

    @Test("a caller is told what it did wrong")
    func rejected() async throws {
        let one = RPC<StubInterface>("f", "a") { (_, _: Int) in }
        #expect(try await refusal(one, ["b": 1])?.detail == #"unknown argument "b"; it takes a"#)
        #expect(try await refusal(one)?.detail == #"missing argument "a""#)
        let type = try #require(try await refusal(one, ["a": "x"]))
        #expect(type.detail == type.text && type.text.hasPrefix(#"argument "a" is not a Int: "#))
    }

    @Test("a caller is not told which error a type threw while decoding")
    func inside() async throws {
        let method = RPC<StubInterface>("f", "a") { (_, _: Secretive) in }
        let refusal = try #require(try await refusal(method, ["a": 1]))
        #expect(refusal.text == #"argument "a" is not a Secretive: Inside()"#)
        #expect(refusal.detail == #"argument "a" is not a Secretive"#)
    }

    @Test("a caller is told what in an argument does not fit, and where, but not the underlying error")
    func beneath() async throws {
        let method = RPC<StubInterface>("f", "a") { (_, _: [String: [Choosy]]) in }
        let refusal = try #require(try await refusal(method, ["a": ["k": [1]]]))
        #expect(refusal.detail == #"argument "a" is not a Dictionary<String, Array<Choosy>>: 1 is odd (k[0])"#)
        #expect(refusal.text.contains("Inside()"))
    }

    @Test("the error of a failed method is not told to the caller")
    func failed() async throws {
        let refusal = try #require(try await refusal(RPC("f") { _ in throw CancellationError() }))
        #expect(refusal == Refusal(.failed, log: "CancellationError: CancellationError()"))
        #expect(refusal.detail == nil)
    }

    @Test("a method refuses with a reason and a message")
    func thrown() async throws {
        let refusal = try #require(
            try await refusal(RPC("f") { _ in throw LymphError(.nack, "not yours", reason: .unauthorized) }))
        #expect(refusal.reason == .unauthorized && refusal.detail == "not yours")
        let own = try #require(
            try await self.refusal(RPC("f") { _ in throw LymphError(.nack, "3 a day", reason: NackReason("quota")) }))
        #expect(own.reason == NackReason("quota") && own.detail == "3 a day")
        for reason in [NackReason.failed, nil] {
            let failed = try #require(
                try await self.refusal(RPC("f") { _ in throw LymphError(.nack, "inside", reason: reason) }))
            #expect(failed.reason == .failed && failed.detail == nil && failed.text == "inside")
        }
        let other = try #require(
            try await self.refusal(RPC("f") { _ in throw LymphError(.timeout, "", reason: .rejected) }))
        #expect(other.reason == .failed)
    }

    @Test("a thrown refusal goes to the caller as it is")
    func thrownRefusal() async throws {
        let refusal = Refusal(.unauthorized, "not yours")
        #expect(refusal.text == "not yours" && refusal.detail == "not yours")
        #expect("\(refusal)" == "unauthorized: not yours")
        #expect(try await self.refusal(RPC("f") { _ in throw refusal }) == refusal)
        let quiet = Refusal(NackReason("quota"), log: "3 a day")
        #expect(quiet.detail == nil && quiet.text == "3 a day")
        #expect(try await self.refusal(RPC("f", raises: Refusal.self) { _ in throw quiet }) == quiet)
        #expect("\(Refusal(.expired))" == "expired")
    }

    @Test("another service's refusal that a method doesn't catch is a failure of that method")
    func passedOn() async throws {
        let nack = Message(
            id: .number(1), kind: .nack, purpose: .answer(.number(1)),
            headers: try Headers(decoding: ["reason": "overloaded", "detail": "7 requests"] as Value),
            payload: .bytes([0xc0]), sender: Peer(.number(1)))
        let error = LymphError(nack: nack, to: "a.b")
        #expect(error.reason == .overloaded)
        #expect(error.message == "a.b was refused by \(try #require(nack.source)): overloaded: 7 requests")
        let refusal = try #require(try await refusal(RPC("f") { _ in throw error }))
        #expect(refusal.reason == .failed && refusal.detail == nil)
    }

    @Test("long messages of callers and services are shortened")
    func bounds() async throws {
        let long = String(repeating: "x", count: 100_000)
        let refusal = try #require(
            try await refusal(RPC("f") { _ in throw LymphError(.nack, long, reason: .rejected) }))
        #expect((refusal.detail ?? long).utf8.count < 600)
        let nack = Message(
            id: .number(1), kind: .nack, purpose: .answer(.number(1)),
            headers: try Headers(decoding: ["reason": .string(long), "detail": .string(long)] as Value),
            payload: .bytes([0xc0]))
        #expect(LymphError(nack: nack, to: "a.b").message.utf8.count < 1200)
    }

    @Test("bytes are counted, because a letter may have any number of marks")
    func marks() {
        let marked = "a" + String(repeating: "\u{301}", count: 30_000)
        #expect(marked.shortened.utf8.count < 500)
        #expect(marked.shortened.hasSuffix("… (60001 bytes)"))
        #expect(Refusal.rejected(marked).detail == marked.shortened)
        let errors: [any Error] = [
            #expect(throws: EndpointError.self) { try Endpoint(validating: marked) },
            #expect(throws: VersionError.self) { try Version(validating: marked) },
            #expect(throws: RegistryError.self) { try ServiceName.validate(marked) },
        ].compactMap(\.self)
        #expect(errors.count == 3)
        for error in errors { #expect("\(error)".utf8.count < 400, "\(type(of: error))") }
    }
}

extension Headers {
    fileprivate init(decoding value: Value) throws {
        self = try value.encoded().withUnsafeBytes { try Headers(decoding: $0) }
    }
}
