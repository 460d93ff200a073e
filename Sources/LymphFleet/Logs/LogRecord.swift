/// A line of a service's log, as it comes from the network.
package struct LogRecord: Sendable, Hashable {
    package let level: PythonLevel

    /// Where it was published, as the publisher says.
    package let source: String

    /// The whole line, as the publisher formatted it.
    package let text: String

    package init(level: PythonLevel, source: String, text: String) {
        self.level = level
        self.source = source
        self.text = text
    }

    /// Reads the frames of a message: level, source and text. Anything else is nil.
    package init?(frames: [[UInt8]]) {
        guard frames.count == 3 else { return nil }
        let texts = frames.map { String(decoding: $0, as: UTF8.self) }
        guard let level = PythonLevel(rawValue: texts[0]) else { return nil }
        self.init(level: level, source: texts[1], text: texts[2])
    }

    /// The parts of the line.
    package var parts: Parts { Parts(of: text, level: level) }

    /// What a line in lymph's own format is made of:
    /// `2015-11-23 12:34:56,789 [INFO] echo: the message - trace_id="…"`.
    ///
    /// A service may have another format; then the whole line is the message.
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
            // The trace stands behind the message; a traceback may follow it, which belongs to the message.
            guard let trace = message.ranges(of: " - trace_id=\"").last,
                let (id, end) = Self.unquoted(message[trace.upperBound...])
            else { return }
            message.removeSubrange(trace.lowerBound..<end)
            // How Python writes that there is none.
            traceID = id == "None" ? nil : id
        }

        /// What stands before a closing quote, and where that ends. A quote that belongs to the text has a backslash before it.
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
