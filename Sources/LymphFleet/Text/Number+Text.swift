internal import Lymph

extension Double {
    /// The number with a fixed number of decimal places.
    package func fixed(_ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (magnitude * scale).rounded()
        guard scaled < 1e15 else { return description }
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + String(Int(scaled)) }
        let fraction = String(Int(scaled) % Int(scale))
        return sign + String(Int(scaled) / Int(scale)) + "."
            + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}

extension Duration {
    /// The span in milliseconds.
    package var inMilliseconds: Double { self / .milliseconds(1) }

    /// The span with three significant digits in a suitable unit: `53.1 µs`, `1.20 ms`, `2.50 s`.
    package var short: String {
        let seconds = inSeconds
        let (value, unit) =
            switch seconds.magnitude {
            case 0.9995...: (seconds, "s")
            case 0.000_999_5...: (seconds * 1e3, "ms")
            default: (seconds * 1e6, "µs")
            }
        let digits =
            switch value.magnitude {
            case 99.95...: 0
            case 9.995...: 1
            default: 2
            }
        return value.fixed(digits) + " " + unit
    }
}
