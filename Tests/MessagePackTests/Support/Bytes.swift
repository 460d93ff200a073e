import MessagePack

/// The bytes that a string such as `"81 a1 61"` spells in hexadecimal; spaces are ignored.
func hex(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count / 2)
    var high: UInt8?
    for digit in text.utf8 where digit != UInt8(ascii: " ") {
        let value = digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
        if let half = high {
            bytes.append(half << 4 | value)
            high = nil
        } else {
            high = value
        }
    }
    return bytes
}

/// The hexadecimal digits of the bytes.
func hexText(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// The bytes of a string.
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
