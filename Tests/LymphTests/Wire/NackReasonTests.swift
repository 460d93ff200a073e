import Testing

@testable import Lymph

@Suite("Reasons of a NACK")
struct NackReasonTests {
    @Test(
        "each reason has its name, and says whether the method ran",
        arguments: [
            (.rejected, "rejected", true), (.overloaded, "overloaded", true), (.draining, "draining", true),
            (.expired, "expired", true), (.unauthorized, "unauthorized", true), (.failed, "failed", false),
            // Nothing is known for an unknown reason.
            (NackReason("tired"), "tired", false), (NackReason(""), "", false),
            (NackReason("Rejected"), "Rejected", false),
        ] as [(NackReason, String, Bool)])
    func texts(reason: NackReason, text: String, isSurelyNotExecuted: Bool) {
        #expect(reason.description == text)
        #expect(reason == NackReason(text))
        #expect(reason.isSurelyNotExecuted == isSurelyNotExecuted)
    }
}
