/// Which calls a peer can be told of that have ended without its answer.
///
/// Only what the peer has said on the present connection tells whether it reads such notices. The calls that end before
/// that are kept until then.
package struct AbandonedCalls: Sendable {
    /// What to do when a call has ended.
    package enum Notice: Sendable, Hashable {
        /// Nothing: the peer can't read a notice, or the call is kept.
        case none
        /// Send a notice.
        case send
        /// The call is kept: ask the peer for a sign of life.
        case ask
    }

    /// Nil before the peer has said anything.
    private var features: Features?
    private var kept: [UInt128] = []

    /// How many calls are kept. More are left to their deadlines.
    package static let most = 1000

    package init() {}

    /// Whether calls are kept.
    package var isEmpty: Bool { kept.isEmpty }

    /// A call has ended.
    package mutating func add(_ call: UInt128) -> Notice {
        if let features { return features.contains(.cancel) ? .send : .none }
        guard kept.count < Self.most else { return .none }
        kept.append(call)
        return kept.count == 1 ? .ask : .none
    }

    /// The peer has sent a message, which says that it supports these protocol extensions.
    ///
    /// - Returns: The calls to send notices of now.
    package mutating func hear(_ announced: Features) -> [UInt128] {
        let known = features ?? []
        features = known.union(announced)
        // Nearly always there are none.
        guard !kept.isEmpty else { return [] }
        defer { kept = [] }
        return features?.contains(.cancel) == true ? kept : []
    }
}
