package import Lymph

/// A refused request, and what is wrong with it according to the service's list of methods.
package struct ExplainedRefusal: Error {
    /// The service's answer.
    package let refusal: LymphError
    package let explanation: RefusalExplanation
    /// What to try.
    package let advice: String
}
