/// Maps names of services and ids of instances to names of nodes.
///
/// Nearly every name stays as it is, which is how Python lymph finds it. What ZooKeeper does not allow (the names `.`
/// and `..`, slashes, control characters, characters beyond U+D7FF) is written as `%` and two hexadecimal digits for
/// each byte. So is a `%` that could be mistaken for such an escape.
enum NodeName {
    static func encode(_ name: String) -> String {
        if name == "." || name == ".." { return String(repeating: "%2e", count: name.utf8.count) }
        var encoded = ""
        var rest = name.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if isAllowed(scalar), scalar != "%" || !rest.prefix(2).isByte {
                encoded.unicodeScalars.append(scalar)
            } else {
                for byte in UTF8.encode(scalar) ?? .init() {
                    encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16)
                }
            }
        }
        return encoded
    }

    /// Reverses ``encode(_:)``. Names that others chose and that are not encoded stay as they are.
    static func decode(_ name: String) -> String {
        guard name.utf8.contains(UInt8(ascii: "%")) else { return name }
        var bytes: [UInt8] = []
        var rest = name.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar == "%", rest.prefix(2).isByte, let byte = UInt8(String(rest.prefix(2)), radix: 16) {
                bytes.append(byte)
                rest = rest.dropFirst(2)
            } else {
                bytes += Array(UTF8.encode(scalar) ?? .init())
            }
        }
        guard let decoded = String(validating: bytes, as: UTF8.self), encode(decoded) == name else { return name }
        return decoded
    }

    /// The server checks UTF-16 code units, so it refuses every character that needs two of them.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1f, 0x2f, 0x7f...0x9f, 0xd800...: false
        default: true
        }
    }
}

extension Substring.UnicodeScalarView {
    /// Whether these are two hexadecimal digits.
    fileprivate var isByte: Bool {
        count == 2 && allSatisfy { ("0"..."9").contains($0) || ("a"..."f").contains($0) }
    }
}
