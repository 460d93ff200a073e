@testable import Lymph

extension Statistics {
    /// How many messages were dropped for a reason.
    func dropped(_ reason: DropReason) -> Int {
        all.first { $0.name == "lymph.dropped" && $0.tags["reason"] == reason.rawValue }?.value ?? 0
    }
}
