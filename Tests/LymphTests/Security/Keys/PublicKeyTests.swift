import Foundation
import Lymph
import MessagePack
import Testing

@Suite("Public keys")
struct PublicKeyTests {
    private let text = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
    private let other = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"

    @Test("the text and the bytes are two forms of one key")
    func forms() throws {
        let key = try #require(PublicKey(text))
        #expect(key.description == text)
        #expect(try PublicKey(validating: text) == key)
        #expect(Array(text.utf8).withUnsafeBytes { PublicKey(text: $0) } == key)
        let bytes = key.withUnsafeBytes { Array($0) }
        // From the manual of zmq_curve.
        #expect(bytes.prefix(4) == [0xBB, 0x88, 0x47, 0x1D])
        #expect(bytes.count == 32)
        #expect(bytes.withUnsafeBytes { PublicKey(bytes: $0) } == key)
        #expect(bytes.dropLast().withUnsafeBytes { PublicKey(bytes: $0) } == nil)
        #expect(Array((text + "0").utf8).withUnsafeBytes { PublicKey(text: $0) } == nil)
    }

    @Test("keys are compared by their bytes")
    func comparison() throws {
        let keys = try [text, other].map { try PublicKey(validating: $0) }
        #expect(keys[0] != keys[1])
        #expect(Set(keys + keys).count == 2)
        #expect(
            (keys[0] < keys[1])
                == (keys[0].withUnsafeBytes { $0.lexicographicallyPrecedes(keys[1].withUnsafeBytes(Array.init)) }))
        var bytes = [UInt8](repeating: 0, count: 32)
        var previous = bytes.withUnsafeBytes { PublicKey(bytes: $0) }
        for place in bytes.indices.reversed() {
            bytes[place] = 1
            let key = bytes.withUnsafeBytes { PublicKey(bytes: $0) }
            #expect(try #require(previous) < #require(key))
            #expect(previous != key)
            previous = key
        }
    }

    @Test(
        "a wrong key is explained without being quoted",
        arguments: [
            ("", "the key is empty"), ("0", "the key has 1 character"),
            (String(repeating: "0", count: 39), "the key has 39 characters"),
            (String(repeating: "0", count: 41), "the key has 41 characters"),
            ("000~" + String(repeating: "0", count: 36), "character 4 of the key is \"~\""),
            (String(repeating: "0", count: 39) + "ü", "character 40 of the key is \"ü\""),
            (String(repeating: "0", count: 35) + "#####", "characters 36 to 40 of the key are no number of four bytes"),
        ])
    func mistakes(text: String, message: String) {
        #expect(PublicKey(text) == nil)
        do throws(KeyError) {
            _ = try PublicKey(validating: text)
            Issue.record("it was read")
        } catch {
            #expect(error.message == message)
            #expect(
                error.description
                    == message + "; allowed: 40 characters of Z85: letters, digits and .-:+=^!/*?&<>()[]{}@%$#")
        }
    }

    @Test("it is encoded as its text")
    func coding() throws {
        let key = try PublicKey(validating: text)
        #expect(try JSONDecoder().decode([PublicKey].self, from: JSONEncoder().encode([key])) == [key])
        #expect(try JSONEncoder().encode([key]) == JSONEncoder().encode([text]))
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([PublicKey].self, from: Data(#"["x"]"#.utf8)) }
        #expect(throws: ConfigurationError.self) { try Configuration(["key": "x"]).get("key", as: PublicKey.self) }
    }
}
