import MessagePack

/// The bytes that a text such as `"81 a1 61"` spells in hexadecimal; blanks do not count.
func hex(_ text: String) -> [UInt8] {
    let digits = Array(text.utf8.filter { $0 != UInt8(ascii: " ") })
    return stride(from: 0, to: digits.count - 1, by: 2).map { place in
        UInt8(String(decoding: digits[place...place + 1], as: UTF8.self), radix: 16) ?? 0
    }
}

/// The hexadecimal digits of the bytes.
func hexText(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// The bytes of a text.
func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

/// What one value encodes as.
func written(_ write: (inout Writer) throws -> Void) rethrows -> [UInt8] {
    var writer = Writer()
    try write(&writer)
    return writer.bytes
}

/// The code of the error that `body` throws; nil if it throws none or another error.
func code(_ body: () throws -> Void) -> MessagePackError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? MessagePackError)?.code
    }
}
