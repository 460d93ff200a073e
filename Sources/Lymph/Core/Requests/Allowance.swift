/// Whom a method allows to call it, besides what the ``AccessPolicy`` says: both have to agree.
///
/// ```swift
/// RPC("refund", "order", allow: .peers("billing")) { orders, order in try await orders.refund(order) }
/// ```
public struct Allowance: Sendable, Hashable {
    private let names: Set<String>?

    /// Everybody whom the policy allows.
    public static let everybody = Allowance(names: nil)

    /// Only these, by the names that the policy gives them. Nobody has a name without a policy, so that the method can't be
    /// called then.
    public static func peers(_ names: String...) -> Allowance { Allowance(names: Set(names)) }

    /// Whether a peer with this name is allowed.
    func includes(_ name: String?) -> Bool {
        guard let names else { return true }
        return name.map(names.contains) ?? false
    }
}
