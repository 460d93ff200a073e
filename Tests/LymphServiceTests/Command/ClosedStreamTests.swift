import Foundation
import Glibc
import Lymph
import Testing

@Suite("A service whose standard streams are closed", .timeLimit(.minutes(1)))
struct ClosedStreamTests {
    @Test("it serves, and nothing else gets their descriptor numbers")
    func closed() async throws {
        let folder = try Folder()
        let echo = try ServiceProcess(shell: "exec \"$0\" <&- >&- 2>&-", "Echo", in: folder)
        while (try? await folder.registry.instances(of: "echo").first { !$0.isEmpty }) == nil {
            try await Task.sleep(for: .milliseconds(20))
        }
        for stream in 0...2 {
            let target = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(echo.id)/fd/\(stream)")
            #expect(target == "/dev/null")
        }
        echo.signal(SIGTERM)
        #expect(await echo.exitStatus() == 0)
    }

    @Test("a help text that can't be written is a failure")
    func help() async throws {
        let folder = try Folder()
        let echo = try ServiceProcess(shell: "\"$0\" --help >&-; echo status $?", "Echo", in: folder)
        let lines = await echo.rest()
        #expect(lines == ["Echo: the output can't be written: Bad file descriptor", "status 1"])
    }
}
