internal import Lymph
internal import LymphFleet

extension FuzzTarget {
    /// Texts of strangers and of people that are shown or understood: log lines, names, addresses, sizes.
    static let texts = FuzzTarget(
        "texts",
        seeds: [
            Parts.join(
                "INFO".bytes, "tcp://127.0.0.1:1".bytes,
                "2015-11-23 12:34:56,789 [INFO] echo: text - trace_id=\"a\\\"b\"".bytes),
            Parts.join("echo.upper@1.2".bytes), Parts.join("1.5 GiB".bytes), Parts.join("tcp://[::1]:1".bytes),
            Parts.join("a\u{301}\u{200d}\u{202e}аb\u{7}".bytes),
        ],
        words: ["CRITICAL", " [ERROR] ", "trace_id=\"", "\\\"", "KiB", "0.5", "\u{200c}", "\u{430}", "\u{301}", "\r\n"]
    ) { input throws(BrokenProperty) in
        let frames = Parts.split(input)
        if let record = LogRecord(frames: frames) { _ = record.parts }
        let text = frames[0].text
        try checkShown(text)
        if let size = ByteCount(text) { try demand(ByteCount(size.description) == size, "\(size) is read back") }
        if let address = try? FleetAddress(text) { try demand(!address.service.isEmpty, "an address names something") }
        if let subject = try? RequestSubject(text) {
            try demand(subject.method.hasPrefix(subject.interface + "."), "\(subject) has its parts")
        }
        _ = (PythonLevel(named: text), NearNames.question(String(text.prefix(40)), frames.map(\.text)))
    }

    private static func checkShown(_ text: String) throws(BrokenProperty) {
        for shown in [text.shown, text.visible] {
            try demand(shown.unicodeScalars.allSatisfy(\.isShown), "\(shown.debugDescription) can be shown")
        }
        try demand(text.shown.shown == text.shown, "what is shown is shown the same again")
        try demand(text.visible.shown == text.visible, "what is visible is shown unchanged")
    }
}
