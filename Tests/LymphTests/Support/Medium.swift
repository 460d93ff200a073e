import Testing

/// The transport of a test; the same expectations hold for each.
enum Medium: CaseIterable, Sendable, CustomTestStringConvertible {
    case zeroMQ, inMemory

    var testDescription: String {
        switch self {
        case .zeroMQ: "ØMQ"
        case .inMemory: "in memory"
        }
    }
}
