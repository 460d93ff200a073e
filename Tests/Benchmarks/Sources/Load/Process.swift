import Dispatch
import Glibc

/// Nanoseconds of the monotonic clock.
@inlinable
public func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Writes a line to standard output at once.
public func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    precondition(write(1, bytes, bytes.count) == bytes.count)
}

/// Ends the process because a result would mean nothing.
public func fail(_ text: String) -> Never {
    let bytes = Array((text + "\n").utf8)
    _ = write(2, bytes, bytes.count)
    exit(1)
}

/// Returns when the parent process closes standard input. Blocks the thread.
public func waitForEndOfInput() {
    var byte: UInt8 = 0
    while read(0, &byte, 1) > 0 {}
}

/// Ends the process when the parent process closes standard input.
public func exitAtEndOfInput() {
    DispatchQueue(label: "end of input").async {
        waitForEndOfInput()
        exit(0)
    }
}
