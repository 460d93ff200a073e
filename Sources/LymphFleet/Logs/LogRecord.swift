/// A log line of a service, as received from the network.
package struct LogRecord: Sendable, Hashable {
    package let level: PythonLevel

    /// The address where it was published, according to the publisher.
    package let source: String

    /// The whole line, as the publisher formatted it.
    package let text: String

    package init(level: PythonLevel, source: String, text: String) {
        self.level = level
        self.source = source
        self.text = text
    }

    /// Parses the frames of a message: level, source and text; nil for anything else.
    package init?(frames: [[UInt8]]) {
        guard frames.count == 3 else { return nil }
        let texts = frames.map { String(decoding: $0, as: UTF8.self) }
        guard let level = PythonLevel(rawValue: texts[0]) else { return nil }
        self.init(level: level, source: texts[1], text: texts[2])
    }

    /// The parts of the line.
    package var parts: Parts { Parts(of: text, level: level) }

    /// The parts of a line in lymph's own format:
    /// `2015-11-23 12:34:56,789 [INFO] echo: the message - trace_id="…"`.
    ///
    /// A service may use another format; then the whole line is the message.
    package struct Parts: Sendable, Hashable {
        package private(set) var time: String?
        package private(set) var logger: String?
        package private(set) var message: String
        package private(set) var traceID: String?

        init(of text: String, level: PythonLevel) {
            message = text
            guard let mark = text.firstRange(of: " [\(level.rawValue)] "), Self.isTime(text[..<mark.lowerBound]),
                let colon = text[mark.upperBound...].firstRange(of: ": ")
            else { return }
            time = String(text[..<mark.lowerBound])
            logger = String(text[mark.upperBound..<colon.lowerBound])
            message = String(text[colon.upperBound...])
            // The trace follows the message. A traceback after it belongs to the message.
            guard let trace = message.ranges(of: " - trace_id=\"").last,
                let (id, end) = Self.unquoted(message[trace.upperBound...])
            else { return }
            message.removeSubrange(trace.lowerBound..<end)
            // Python's text for no trace id.
            traceID = id == "None" ? nil : id
        }

        /// The text up to a closing quote, and where that ends. Quotes within the text are escaped with a backslash.
        private static func unquoted(_ text: Substring) -> (text: String, end: String.Index)? {
            var result = ""
            var isEscaped = false
            for index in text.indices {
                switch text[index] {
                case "\\" where !isEscaped:
                    isEscaped = true
                    continue
                case "\"" where !isEscaped: return (result, text.index(after: index))
                case "\"", "\\": break
                default: if isEscaped { result += "\\" }
                }
                result.append(text[index])
                isEscaped = false
            }
            return nil
        }

        /// Whether a text has the shape of `2015-11-23 12:34:56,789`.
        private static func isTime(_ text: Substring) -> Bool {
            let pattern = "dddd-dd-dd dd:dd:dd,ddd"
            return text.count == pattern.count
                && zip(text, pattern).allSatisfy { $1 == "d" ? $0.isASCII && $0.isNumber : $0 == $1 }
        }
    }
}
