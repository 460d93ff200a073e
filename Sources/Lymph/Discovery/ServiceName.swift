internal import MessagePack

/// The rules for service names, the same in every registry.
package enum ServiceName {
    /// The maximum length of an escaped name in bytes, so that it fits in a file name with room to spare.
    package static let longestEscaped = 200

    /// Checks that a name can be registered: not empty, printable, without slashes, not too long.
    ///
    /// - Throws: ``RegistryError`` with the code `invalidName` and the broken rule.
    package static func validate(_ name: String) throws(RegistryError) {
        let printable = String(name.prefix(bytes: 60)).unicodeScalars.filter(isPrintable)
        let shown = "\"\(printable)\" can't be the name of a service: "
        guard !name.isEmpty else { throw RegistryError(.invalidName, "the name of a service can't be empty") }
        guard !name.utf8.contains(UInt8(ascii: "/")) else {
            throw RegistryError(.invalidName, shown + "it contains a slash")
        }
        guard name.unicodeScalars.allSatisfy(isPrintable) else {
            throw RegistryError(.invalidName, shown + "it contains a control character")
        }
        let length = escape(name).utf8.count
        guard length <= longestEscaped else {
            throw RegistryError(
                .invalidName,
                shown + "it is too long, \(length) of at most \(longestEscaped) bytes"
                    + " (letters outside ASCII and most punctuation count as three each)")
        }
    }

    /// Turns a name into a part of a file name: ASCII letters, digits, `-`, `_` and inner dots stay as they are,
    /// every other byte becomes `%` and two hexadecimal digits.
    package static func escape(_ name: String) -> String {
        var escaped = ""
        for (index, byte) in name.utf8.enumerated() {
            if isPlain(byte), byte != UInt8(ascii: ".") || index > 0 {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                escaped += (byte < 16 ? "%0" : "%") + String(byte, radix: 16)
            }
        }
        return escaped
    }

    /// Reverses ``escape(_:)``; nil for anything that ``escape(_:)`` doesn't return.
    package static func unescape(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        guard let name = String(validating: bytes, as: UTF8.self), !name.isEmpty else { return nil }
        return escape(name) == text ? name : nil
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        Version.isIdentifierByte(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        Character(Unicode.Scalar(digit)).hexDigitValue.map(UInt8.init)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }
}
