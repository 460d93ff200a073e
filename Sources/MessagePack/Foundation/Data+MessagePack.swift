#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension Value {
    /// Creates binary data.
    ///
    /// - Parameter data: The data.
    public init(_ data: Data) {
        self = .binary([UInt8](data))
    }

    /// The binary data; nil for other values.
    public var dataValue: Data? {
        binaryValue.map { Data($0) }
    }
}

extension Data: DirectlyEncodable, DirectlyDecodable {
    func encode(directlyInto encoding: Encoding) throws {
        try encoding.state.writer.checkLength(count)
        withUnsafeBytes { encoding.state.writer.writeBinary($0) }
    }

    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> Data {
        if Format.isBinary(try reader.peek()) { return Data(try reader.takeBinary()) }
        return Data(try [UInt8].decode(directlyFrom: &reader, at: site))
    }
}
