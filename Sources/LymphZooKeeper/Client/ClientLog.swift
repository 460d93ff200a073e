internal import CZooKeeper
internal import Logging
internal import Lymph
internal import ZeroMQ

/// Forwards the C client's log to swift-log, below `info`: anything that concerns users is logged by the registry.
///
/// The client does not say which handle a line is about, so all lines of a process go to the logger of the registry
/// that connected last.
enum ClientLog {
    private static let logger = Lock<Logger?>(nil)

    /// Sets the logger for all further lines.
    static func prepare(_ logger: Logger) {
        Self.logger.withLock { $0 = logger }
        zoo_set_debug_level(logger.logLevel <= .trace ? ZOO_LOG_LEVEL_DEBUG : ZOO_LOG_LEVEL_WARN)
    }

    static var callback: log_callback_fn {
        { line in
            if let line = unsafe line { ClientLog.write(unsafe String(cString: line)) }
        }
    }

    /// Lines look like `<time>,123:4567(0x7f12):ZOO_WARN@function@line: message`; time and thread are dropped.
    private static func write(_ line: String) {
        guard let logger = logger.withLock({ $0 }) else { return }
        let isProblem = line.contains("ZOO_WARN@") || line.contains("ZOO_ERROR@")
        var text = line[(line.firstRange(of: "ZOO_")?.lowerBound ?? line.startIndex)...]
        while text.last?.isNewline == true { text.removeLast() }
        logger.log(
            level: isProblem ? .debug : .trace, "ZooKeeper client", metadata: [LogKey.clientLine: "\(text)"])
    }
}
