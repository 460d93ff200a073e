internal import CZooKeeper
internal import Logging
internal import Lymph
internal import ZeroMQ

/// What the C client logs goes to swift-log, below `info`: what concerns users is logged by the registry.
///
/// The client does not say which handle a line is about, so all lines of a process go to the logger of the registry that
/// has connected last.
enum ClientLog {
    private static let logger = Lock<Logger?>(nil)

    /// Uses a logger from now on.
    static func prepare(_ logger: Logger) {
        Self.logger.withLock { $0 = logger }
        zoo_set_debug_level(logger.logLevel <= .trace ? ZOO_LOG_LEVEL_DEBUG : ZOO_LOG_LEVEL_WARN)
    }

    static var callback: log_callback_fn {
        { line in
            if let line = unsafe line { ClientLog.write(unsafe String(cString: line)) }
        }
    }

    /// A line is like `<time>,123:4567(0x7f12):ZOO_WARN@function@line: message`; the time and the thread say nothing new.
    private static func write(_ line: String) {
        guard let logger = logger.withLock({ $0 }) else { return }
        let isProblem = line.contains("ZOO_WARN@") || line.contains("ZOO_ERROR@")
        var text = line[(line.firstRange(of: "ZOO_")?.lowerBound ?? line.startIndex)...]
        while text.last?.isNewline == true { text.removeLast() }
        logger.log(
            level: isProblem ? .debug : .trace, "ZooKeeper client", metadata: [LogKey.clientLine: "\(text)"])
    }
}
