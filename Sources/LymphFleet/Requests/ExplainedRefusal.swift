package import Lymph

/// A refusal of a service, and what is wrong with the request as far as the service's methods tell.
package struct ExplainedRefusal: Error {
    /// What the service has answered.
    package let refusal: LymphError
    package let explanation: RefusalExplanation
    /// What to try.
    package let advice: String
}
