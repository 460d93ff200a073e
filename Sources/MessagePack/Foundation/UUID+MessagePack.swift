#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension UniqueIdentifier {
    /// Creates the identifier with the same bytes.
    ///
    /// - Parameter uuid: The UUID.
    public init(_ uuid: UUID) {
        self = withUnsafeBytes(of: uuid.uuid) { bytes in
            UniqueIdentifier(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }
}

extension UUID {
    /// Creates the UUID with the same bytes.
    ///
    /// - Parameter identifier: The identifier.
    public init(_ identifier: UniqueIdentifier) {
        let halves = (identifier.high.bigEndian, identifier.low.bigEndian)
        self.init(uuid: withUnsafeBytes(of: halves) { $0.loadUnaligned(as: uuid_t.self) })
    }
}

extension Value {
    /// Creates a UUID.
    ///
    /// - Parameter uuid: The UUID.
    public init(_ uuid: UUID) {
        self = .uuid(UniqueIdentifier(uuid))
    }

    /// The UUID; nil for other values.
    public var uuidValue: UUID? {
        guard case .uuid(let value) = self else { return nil }
        return UUID(value)
    }
}

extension UUID: DirectlyEncodable, DirectlyDecodable {
    func encode(directlyInto encoding: Encoding) throws {
        try encoding.state.writer.writeObject(.uuid, UniqueIdentifier(self))
    }

    static func decode(directlyFrom reader: inout Reader, at site: DecodingSite) throws -> UUID {
        UUID(try reader.readObject(.uuid, UniqueIdentifier.init(text:)))
    }
}
