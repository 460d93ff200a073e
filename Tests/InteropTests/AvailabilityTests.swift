import Foundation
import Testing

@Suite("Python lymph is available")
struct AvailabilityTests {
    @Test("On a CI machine nothing is skipped for lack of Python", .enabled(if: PythonPeer.isRequired))
    func required() {
        #expect(
            PythonPeer.interpreter != nil,
            """
            CI is set and LYMPH_PYTHON is not: no test against the real Python lymph has run. \
            Tests/Interop/setup installs it and prints the path that belongs into LYMPH_PYTHON.
            """)
    }

    @Test("The interpreter can be executed", .needsPython)
    func interpreter() throws {
        let path = try #require(PythonPeer.interpreter)
        #expect(FileManager.default.isExecutableFile(atPath: path), "LYMPH_PYTHON is \(path)")
    }
}
