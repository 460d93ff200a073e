extension Duration {
    /// The time in seconds.
    package var inSeconds: Double {
        // Up to nine seconds, as nearly all times here: to convert a number of 128 bits takes much longer.
        Int64(exactly: attoseconds).map { Double($0) * 1e-18 } ?? self / .seconds(1)
    }
}
