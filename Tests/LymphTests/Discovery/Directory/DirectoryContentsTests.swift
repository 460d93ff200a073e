import RegistryBehaviour
import Testing

@testable import Lymph

@Suite struct DirectoryContentsTests {
    @Test func theFileWrittenLastCounts() throws {
        var contents = DirectoryContents()
        let (old, new) = (try ServiceInstance.sample(port: 1, id: "x"), try ServiceInstance.sample(port: 2, id: "x"))
        contents.update("b", of: "echo", to: .alive(new, written: 2))
        contents.update("a", of: "echo", to: .alive(old, written: 1))
        #expect(contents.instances(of: "echo") == [new])
        contents.update("b", of: "echo", to: .gone)
        #expect(contents.instances(of: "echo") == [old])
        contents.update("a", of: "echo", to: .foreign)
        #expect(contents.instances(of: "echo") == [])
        #expect(contents.files(of: "echo") == [])
        contents.replace(
            "echo",
            with: [
                SurveyedFile(name: "a", service: "echo", state: .alive(old, written: 1)),
                SurveyedFile(name: "b", service: "echo", state: .gone),
            ])
        #expect(contents.files(of: "echo") == ["a"])
        contents.keep([])
        #expect(contents.instances(of: "echo") == [])
    }
}
