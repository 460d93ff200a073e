/// The parts of an input for code that reads several things at once.
///
/// They are separated by a byte that occurs neither in UTF-8 nor as the first one of a MessagePack value. So a part can
/// grow or shrink without the others being cut in new places.
enum Parts {
    static let separator: UInt8 = 0xc1

    static func split(_ input: [UInt8]) -> [[UInt8]] {
        input.split(separator: separator, omittingEmptySubsequences: false).map { [UInt8]($0) }
    }

    static func join(_ parts: [UInt8]...) -> [UInt8] { [UInt8](parts.joined(separator: [separator])) }
}

extension [UInt8] {
    /// The bytes as text, whatever they are.
    var text: String { String(decoding: self, as: UTF8.self) }
}

extension String {
    /// The bytes of the text.
    var bytes: [UInt8] { [UInt8](utf8) }
}
