internal import ZeroMQ

extension RawRepresentable {
    /// The raw values of all cases, if they can be listed.
    static var rawCases: [RawValue]? {
        guard let cases = EnumCases.all(of: Self.self) else { return nil }
        let values = cases.map(\.rawValue)
        // A case that isn't made by its own raw value isn't one.
        return values.allSatisfy { Self(rawValue: $0) != nil } ? values : nil
    }
}

extension CaseIterable where Self: RawRepresentable {
    /// The raw values of the listed cases; nil if there are very many.
    static var listedRawCases: [RawValue]? {
        let cases = allCases.prefix(257)
        return cases.count <= 256 ? cases.map(\.rawValue) : nil
    }
}
