extension Value: DirectlyEncodable {
    func encode(directlyInto encoding: Encoding) throws { try encoding.state.writer.write(self) }
}

extension Map: DirectlyEncodable {
    func encode(directlyInto encoding: Encoding) throws { try encoding.state.writer.write(self) }
}

extension Timestamp: DirectlyEncodable {
    func encode(directlyInto encoding: Encoding) throws { encoding.state.writer.write(self) }
}

extension DateTime: DirectlyEncodable {
    func encode(directlyInto encoding: Encoding) throws { try encoding.state.writer.writeObject(.datetime, self) }
}

extension CalendarDate: DirectlyEncodable {
    func encode(directlyInto encoding: Encoding) throws { try encoding.state.writer.writeObject(.date, self) }
}

extension TimeOfDay: DirectlyEncodable {
    func encode(directlyInto encoding: Encoding) throws { try encoding.state.writer.writeObject(.time, self) }
}

extension ExactDecimal: DirectlyEncodable {
    func encode(directlyInto encoding: Encoding) throws { try encoding.state.writer.writeObject(.decimal, description) }
}

extension UniqueIdentifier: DirectlyEncodable {
    func encode(directlyInto encoding: Encoding) throws { try encoding.state.writer.writeObject(.uuid, self) }
}

extension Bool: DirectlyEncodable {
    func encode(directlyInto encoding: Encoding) throws { encoding.state.writer.write(self) }
}

extension String: DirectlyEncodable {
    func encode(directlyInto encoding: Encoding) throws { try encoding.state.writer.writeChecked(self) }
}

extension Double: DirectlyEncodable {
    func encode(directlyInto encoding: Encoding) throws { encoding.state.writer.write(self) }
}

extension Float: DirectlyEncodable {
    func encode(directlyInto encoding: Encoding) throws { encoding.state.writer.write(self) }
}

extension Int: DirectlyEncodable {}
extension Int8: DirectlyEncodable {}
extension Int16: DirectlyEncodable {}
extension Int32: DirectlyEncodable {}
extension Int64: DirectlyEncodable {}
extension UInt: DirectlyEncodable {}
extension UInt8: DirectlyEncodable {}
extension UInt16: DirectlyEncodable {}
extension UInt32: DirectlyEncodable {}
extension UInt64: DirectlyEncodable {}

extension DirectlyEncodable where Self: FixedWidthInteger {
    func encode(directlyInto encoding: Encoding) throws { encoding.state.writer.writeInteger(self) }
}

extension Writer {
    /// Writes an integer of any of the standard widths up to 64 bits.
    @inline(__always)
    mutating func writeInteger(_ value: some FixedWidthInteger) {
        if value >= 0 {
            write(UInt64(truncatingIfNeeded: value))
        } else {
            write(Int64(truncatingIfNeeded: value))
        }
    }
}
