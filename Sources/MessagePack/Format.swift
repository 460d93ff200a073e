/// The first bytes of the formats, as the MessagePack specification numbers them.
enum Format {
    static let fixmap: UInt8 = 0x80
    static let fixarray: UInt8 = 0x90
    static let fixstr: UInt8 = 0xa0
    static let `nil`: UInt8 = 0xc0
    static let `false`: UInt8 = 0xc2
    static let `true`: UInt8 = 0xc3
    static let bin8: UInt8 = 0xc4
    static let bin16: UInt8 = 0xc5
    static let bin32: UInt8 = 0xc6
    static let ext8: UInt8 = 0xc7
    static let ext16: UInt8 = 0xc8
    static let ext32: UInt8 = 0xc9
    static let float32: UInt8 = 0xca
    static let float64: UInt8 = 0xcb
    static let uint8: UInt8 = 0xcc
    static let uint16: UInt8 = 0xcd
    static let uint32: UInt8 = 0xce
    static let uint64: UInt8 = 0xcf
    static let int8: UInt8 = 0xd0
    static let int16: UInt8 = 0xd1
    static let int32: UInt8 = 0xd2
    static let int64: UInt8 = 0xd3
    static let fixext1: UInt8 = 0xd4
    static let fixext2: UInt8 = 0xd5
    static let fixext4: UInt8 = 0xd6
    static let fixext8: UInt8 = 0xd7
    static let fixext16: UInt8 = 0xd8
    static let str8: UInt8 = 0xd9
    static let str16: UInt8 = 0xda
    static let str32: UInt8 = 0xdb
    static let array16: UInt8 = 0xdc
    static let array32: UInt8 = 0xdd
    static let map16: UInt8 = 0xde
    static let map32: UInt8 = 0xdf

    /// Whether a value that starts with this byte is an extension of any type.
    static func isExt(_ head: UInt8) -> Bool {
        (ext8...ext32).contains(head) || (fixext1...fixext16).contains(head)
    }

    /// Whether a value that starts with this byte is an array.
    static func isArray(_ head: UInt8) -> Bool {
        (0x90...0x9f).contains(head) || head == array16 || head == array32
    }

    /// Whether a value that starts with this byte is a map.
    static func isMap(_ head: UInt8) -> Bool {
        (0x80...0x8f).contains(head) || head == map16 || head == map32
    }

    /// Whether a value that starts with this byte is a string.
    static func isString(_ head: UInt8) -> Bool {
        (0xa0...0xbf).contains(head) || (str8...str32).contains(head)
    }

    /// Whether a value that starts with this byte is binary data.
    static func isBinary(_ head: UInt8) -> Bool {
        (bin8...bin32).contains(head)
    }

    /// Whether a value that starts with this byte can be a name: a string or, from Python 2, binary data.
    static func isText(_ head: UInt8) -> Bool {
        isString(head) || isBinary(head)
    }

    /// Whether a value that starts with this byte is an integer.
    static func isInteger(_ head: UInt8) -> Bool {
        head <= 0x7f || head >= 0xe0 || (uint8...int64).contains(head)
    }

    /// What a value that starts with this byte is, for error messages.
    static func name(of head: UInt8) -> String {
        switch head {
        case `nil`: "nil"
        case `false`, `true`: "a bool"
        case bin8...bin32: "binary data"
        case float32, float64: "a float"
        case 0xc1: "the unassigned format 0xc1"
        case _ where isExt(head): "an extension"
        case _ where isArray(head): "an array"
        case _ where isMap(head): "a map"
        case _ where isString(head): "a string"
        default: "an integer"
        }
    }
}

/// The extension types with a meaning of their own.
enum ExtensionType {
    /// The timestamp of the MessagePack specification.
    static let timestamp: Int8 = -1
    /// Python lymph's embedded MessagePack: the payload is itself a message.
    static let embedded: Int8 = 101
}
