import Testing

@testable import Lymph

@Suite("Environment of the process")
struct ProcessEnvironmentTests {
    @Test("a single variable has the same value as among all")
    func one() {
        let all = ProcessEnvironment.all
        #expect(all["PATH"] != nil)
        for (name, value) in all { #expect(ProcessEnvironment[name] == value) }
    }

    @Test("a variable that is not set is nil")
    func none() {
        #expect(ProcessEnvironment["LYMPH_NOBODY_SETS_THIS"] == nil)
    }
}
