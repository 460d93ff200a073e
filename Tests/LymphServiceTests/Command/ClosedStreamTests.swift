import Foundation
import Glibc
import Lymph
import Testing

@Suite("A service whose standard streams are closed", .timeLimit(.minutes(1)))
struct ClosedStreamTests {
    @Test("it serves, and nothing else has their numbers")
    func closed() async throws {
        let folder = try Folder()
        let shell = try ServiceProcess(
            shell: "\"$0\" <&- >&- 2>&- & echo $!; wait $!; echo status $?", "Echo", in: folder)
        let pid = try #require(await shell.line("").flatMap { Int32($0) })
        while (try? await folder.registry.instances(of: "echo").first { !$0.isEmpty }) == nil {
            try await Task.sleep(for: .milliseconds(20))
        }
        for stream in 0...2 {
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\(stream)") == "/dev/null")
        }
        kill(pid, SIGTERM)
        #expect(await shell.line("status") == "status 0")
    }
}
