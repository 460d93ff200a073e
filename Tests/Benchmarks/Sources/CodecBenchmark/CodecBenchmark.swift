import Foundation
import Load
import MessagePack

/// Our MessagePack coder and Foundation's JSON coder on the same documents: `CodecBenchmark --documents FILE --seconds
/// S` prints nanoseconds for one encoding and one decoding, and the MessagePack bytes as hexadecimal.
@main
struct CodecBenchmark {
    static func main() throws {
        let arguments = Arguments()
        let file = URL(fileURLWithPath: arguments["documents", default: "documents.json"])
        let documents = try JSONDecoder().decode(Documents.self, from: Data(contentsOf: file))
        let seconds = arguments["seconds", default: 0.2]
        let results = [
            "one argument": try measure(documents.one, seconds),
            "two arguments": try measure(documents.two, seconds),
            "mixed": try measure(documents.mixed, seconds),
        ]
        say(String(decoding: try JSONEncoder().encode(results), as: UTF8.self))
    }

    struct Figures: Encodable {
        let lymphEncode, lymphDecode, jsonEncode, jsonDecode: Double
        let bytes: String

        enum CodingKeys: String, CodingKey {
            case lymphEncode = "lymph encode"
            case lymphDecode = "lymph decode"
            case jsonEncode = "json encode"
            case jsonDecode = "json decode"
            case bytes
        }
    }

    static func measure<Document: Codable & Equatable>(_ document: Document, _ seconds: Double) throws -> Figures {
        let packed = try MessagePackEncoder.encode(document)
        let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
        let json = try encoder.encode(document)
        guard try MessagePackDecoder.decode(Document.self, from: packed) == document,
            try decoder.decode(Document.self, from: json) == document
        else { fail("a document is not what it was") }
        return Figures(
            lymphEncode: try nanoseconds(seconds) { try MessagePackEncoder.encode(document).count },
            lymphDecode: try nanoseconds(seconds) { use(try MessagePackDecoder.decode(Document.self, from: packed)) },
            jsonEncode: try nanoseconds(seconds) { try encoder.encode(document).count },
            jsonDecode: try nanoseconds(seconds) { use(try decoder.decode(Document.self, from: json)) },
            bytes: packed.map { String(format: "%02x", $0) }.joined())
    }

    /// A cheap number that depends on the value, so that the optimiser can't remove the work.
    @inline(never)
    static func use<T>(_ value: T) -> Int { MemoryLayout.size(ofValue: value) }

    /// The time of one execution: the best of five measurements, which take `seconds` in total.
    static func nanoseconds(_ seconds: Double, _ body: () throws -> Int) throws -> Double {
        var count = 1
        var best = Double.infinity
        for _ in 0..<5 {
            var elapsed = try time(of: count, body)
            while elapsed < seconds * 1e9 / 10 {
                count *= 2
                elapsed = try time(of: count, body)
            }
            best = min(best, elapsed / Double(count))
        }
        return best
    }

    /// The nanoseconds that `count` executions take.
    private static func time(of count: Int, _ body: () throws -> Int) throws -> Double {
        var sum = 0
        let started = now()
        for _ in 0..<count { sum &+= try body() }
        let elapsed = now() - started
        guard sum > 0 else { fail("nothing was done") }
        return Double(elapsed)
    }
}
