import Testing

@testable import Lymph

@Suite("Pairs of keys")
struct KeyPairTests {
    // From the manual of zmq_curve.
    private let publicText = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
    private let secretText = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"

    @Test("the secret key determines the public one")
    func publicKey() throws {
        let pair = try KeyPair(secret: secretText)
        #expect(pair.publicKey.description == publicText)
        #expect(pair.secret == secretText)
    }

    @Test("new pairs differ, and can be made again from their secrets")
    func generate() throws {
        let pairs = try (0..<10).map { _ in try KeyPair.generate() }
        #expect(Set(pairs.map(\.publicKey)).count == 10)
        for pair in pairs { #expect(try KeyPair(secret: pair.secret).publicKey == pair.publicKey) }
    }

    @Test("nothing shows the secret key")
    func shown() throws {
        let pair = try KeyPair(secret: secretText)
        var dumped = ""
        dump(["x": pair], to: &dumped)
        for text in ["\(pair)", String(reflecting: pair), "\([pair])", "\(Optional(pair) as Any)", dumped] {
            #expect(!text.contains(secretText))
            #expect(text.contains(publicText))
        }
    }

    @Test("a wrong secret key is explained without being quoted")
    func mistake() {
        do throws(KeyError) {
            _ = try KeyPair(secret: String(secretText.dropLast()))
            Issue.record("it was taken")
        } catch {
            #expect(error.message == "the key has 39 characters")
            #expect(!error.description.contains(secretText.prefix(5)))
        }
    }
}
