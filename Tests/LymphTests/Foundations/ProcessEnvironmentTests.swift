import Testing

@testable import Lymph

@Suite("The environment")
struct ProcessEnvironmentTests {
    @Test("one variable is what it is among all")
    func one() {
        let all = ProcessEnvironment.all
        #expect(all["PATH"] != nil)
        for (name, value) in all { #expect(ProcessEnvironment[name] == value) }
    }

    @Test("what is not set is nil")
    func none() {
        #expect(ProcessEnvironment["LYMPH_NOBODY_SETS_THIS"] == nil)
    }
}
