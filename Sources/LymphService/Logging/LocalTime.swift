internal import Glibc

/// The time in the format of Python's logging: in the machine's time zone, with milliseconds.
enum LocalTime {
    static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return text(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
    }

    /// `2015-11-23 12:34:56,789`
    static func text(seconds: Int, nanoseconds: Int) -> String {
        var seconds = seconds
        var parts = tm()
        localtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 32)
        let count = strftime(&buffer, buffer.count, "%Y-%m-%d %H:%M:%S", &parts)
        let text = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let milliseconds = String(nanoseconds / 1_000_000)
        return text + "," + String(repeating: "0", count: 3 - milliseconds.count) + milliseconds
    }
}
