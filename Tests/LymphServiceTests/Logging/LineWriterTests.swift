import Foundation
import Glibc
import Testing

@testable import LymphService

@Suite("Lines written by a thread", .timeLimit(.minutes(1)))
struct LineWriterTests {
    /// A pipe whose reader stalls until it is told to read.
    private struct StalledPipe {
        let pipe = Pipe()
        var descriptor: Int32 { pipe.fileHandleForWriting.fileDescriptor }

        /// Reads lines until one of them contains a text.
        func lines(until text: String) -> [String] {
            var bytes = Data()
            while !String(decoding: bytes, as: UTF8.self).contains(text) {
                bytes += pipe.fileHandleForReading.availableData
            }
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    @Test("all lines arrive in order if there is a reader")
    func order() async throws {
        let pipe = StalledPipe()
        let writer = LineWriter(descriptor: pipe.descriptor)
        let expected = (0..<50_000).map { "line \($0)" } + ["end"]
        async let read = pipe.lines(until: "end\n")
        for line in expected { writer.write(line) }
        #expect(await read == expected)
        writer.wait()
        #expect(writer.isIdle && writer.error == nil)
    }

    @Test("a stalled reader blocks no writer; later it gets what was kept, and how many lines are missing")
    func stalled() async throws {
        let pipe = StalledPipe()
        let writer = LineWriter(descriptor: pipe.descriptor, limit: 100_000) { "\($1) of \($0) dropped" }
        // 2 MB, of which the pipe holds 64 KiB.
        for number in 0..<100_000 { writer.write("this is line \(number)") }
        #expect(!writer.flush(limit: .milliseconds(20)))
        #expect(!writer.isIdle)
        async let read = pipe.lines(until: "end\n")
        writer.wait()
        writer.write("end")
        let lines = await read
        #expect(lines.count > 3000 && lines.count < 50_000)
        // Each line is in its place, or counted among those reported missing there.
        var next = 0
        for line in lines.dropLast() {
            let words = line.split(separator: " ")
            if words.last == "dropped", let count = Int(words[0]) {
                next += count
            } else if line == "this is line \(next)" {
                next += 1
            }
        }
        #expect(next == 100_000)
    }

    @Test("without a notice, the number of dropped lines can be asked for")
    func untold() async throws {
        let pipe = StalledPipe()
        let writer = LineWriter(descriptor: pipe.descriptor, limit: 1000)
        for _ in 0..<100_000 { writer.write("line") }
        async let read = pipe.lines(until: "end\n").count
        writer.wait()
        let dropped = writer.takeDropped()
        #expect(writer.takeDropped() == 0)
        writer.write("end")
        #expect(await dropped + read == 100_001)
    }

    @Test("a reader that has gone is an error; later lines that are written report how many are missing")
    func broken() throws {
        let folder = try Folder()
        let fifo = "\(folder.path)/fifo"
        try #require(mkfifo(fifo, 0o600) == 0)
        #expect(throws: LogOutput.Failure.self) { try OutputFile(path: fifo) }
        let reader = open(fifo, O_RDONLY | O_NONBLOCK)
        let writer = LineWriter(try OutputFile(path: fifo)) { "\($1) dropped" }
        close(reader)
        writer.write("one")
        writer.wait()
        #expect(writer.error == EPIPE)
        writer.write("two")
        writer.wait()
        let other = open(fifo, O_RDONLY | O_NONBLOCK)
        defer { close(other) }
        writer.write("three")
        writer.wait()
        #expect(writer.error == nil)
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = read(other, &bytes, bytes.count)
        #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self) == "2 dropped\nthree\n")
    }

    @Test("output after a partly written line begins on a new line")
    func torn() async throws {
        let folder = try Folder()
        let fifo = "\(folder.path)/fifo"
        try #require(mkfifo(fifo, 0o600) == 0)
        let first = open(fifo, O_RDONLY | O_NONBLOCK)
        try #require(fcntl(first, F_SETFL, O_RDONLY) == 0)
        let writer = LineWriter(try OutputFile(path: fifo)) { "\($1) dropped" }
        writer.write("whole\n" + String(repeating: "x", count: 1 << 20))
        writer.write("lost")
        // Only the beginning of the second line fits.
        var bytes = [UInt8](repeating: 0, count: 6)
        for _ in 1...2 { #expect(read(first, &bytes, bytes.count) > 0) }
        close(first)
        writer.wait()
        #expect(writer.error == EPIPE)
        // Opened before the next line is written, so that what the pipe holds is still there.
        let second = try #require(FileHandle(forReadingAtPath: fifo))
        writer.write("three")
        var text = ""
        while !text.hasSuffix("three\n") { text += String(decoding: second.availableData, as: UTF8.self) }
        let lines = text.split(separator: "\n")
        #expect(lines.first?.allSatisfy { $0 == "x" } == true)
        #expect(lines.dropFirst() == ["2 dropped", "three"])
    }

    @Test("a reopened file gets the lines that a stalled pipe of that name did not take")
    func reopened() throws {
        let folder = try Folder()
        let path = "\(folder.path)/log"
        try #require(mkfifo(path, 0o600) == 0)
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        let writer = LineWriter(try OutputFile(path: path), limit: 1 << 20)
        for number in 0..<10_000 { writer.write("this is line \(number)") }
        #expect(!writer.flush(limit: .milliseconds(20)))
        #expect(rename(path, path + ".1") == 0)
        writer.reopen()
        writer.write("end")
        writer.wait()
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(lines.last == "end")
        #expect(lines.dropLast().suffix(5000) == (5000..<10_000).map { "this is line \($0)" }[...])
    }
}
