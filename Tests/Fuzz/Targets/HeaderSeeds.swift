internal import Lymph
internal import MessagePack

/// Encoded headers as peers write them.
enum HeaderSeeds {
    static let request = encoded {
        try .request(
            version: Version("1.5.0"), trace: TraceID(7), timeout: TimeoutHeader(milliseconds: 30_000),
            extra: ["x": [1, "a"]])
    }

    static let refusal = encoded {
        .answer(
            version: .interface(nil), trace: TraceID("trace"), reason: .overloaded, detail: "busy",
            isSameConnection: true)
    }

    static let ping = encoded {
        .answer(
            version: .noInterface, trace: TraceID(1), age: AgeHeader(milliseconds: 1 << 40), isSameConnection: false)
    }

    private static func encoded(_ headers: () throws -> Headers) -> [UInt8] { (try? headers().bytes) ?? [] }
}
