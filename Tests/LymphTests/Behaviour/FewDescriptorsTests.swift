import Foundation
import Testing
import ZeroMQ

@testable import Lymph

@Suite("Programs with few descriptors", .timeLimit(.minutes(2)))
struct FewDescriptorsTests {
    @Test("a program with a client and a service gets errors, but does not crash, whatever the limit")
    func embedded() async throws {
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "FewDescriptors")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        // All at once, because some of them wait for a second. Below 8 the runtime itself can't start.
        let script = """
            exec 2> /dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
            seq 8 64 | xargs -P 60 -n 1 sh -c 'text=$(ulimit -n $1; exec "$0"); echo "$1 $? $text"' "$0"
            """
        process.arguments = ["-c", script, program.path]
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let lines = text.split(separator: "\n")
        #expect(lines.count == 57)
        for line in lines {
            let parts = line.split(separator: " ", maxSplits: 2)
            #expect(parts.count == 3 && parts[1] == "0", "\(line)")
            #expect(parts.last == "FOO" || line.contains("LymphError"), "\(line)")
        }
        let refused = lines.filter { $0.contains("bindFailure") }
        #expect(refused.count > 10)
        for line in refused { #expect(line.contains("descriptors are allowed, see ulimit -n"), "\(line)") }
    }

    @Test("a lasting condition is reported only from time to time")
    func reminder() {
        var reminder = Reminder(every: .seconds(60))
        let start = Instant.now
        let said = [0, 59, 60, 61].map { reminder.claim(at: start + .seconds($0)) }
        #expect(said == [true, false, true, false])
    }

    @Test("the resource that limits the number of peers is named")
    func reason() {
        let few = PeerLimit(descriptors: 564, sockets: 16_384)
        #expect(few.count == 100 && few.reason == "the process may open 564 descriptors (ulimit -n)")
        let many = PeerLimit(descriptors: 1 << 20, sockets: 16_384)
        #expect(many.count == 5458 && many.reason == "a context of libzmq has at most 16384 sockets")
        #expect(PeerLimit(descriptors: 32, sockets: 16_384).count == 1)
    }

    @Test("the limit of peers is never raised, and one peer is always allowed")
    func peers() {
        #expect(strangers(after: [20]) == 8)
        #expect(strangers(after: [20, 4]) == 4)
        #expect(strangers(after: [4, 20]) == 4)
        #expect(strangers(after: [-10]) == 1)
    }

    /// How many strangers are dialled with a limit of 8 that is then lowered.
    private func strangers(after restrictions: [Int]) -> Int {
        var peers = Peers(limit: 8, byteLimit: 0)
        for limit in restrictions { peers.restrict(to: limit) }
        var count = 0
        while count < 100, (try? peers.admitAnswer(to: .number(count), at: .now)) != nil { count += 1 }
        return count
    }
}
