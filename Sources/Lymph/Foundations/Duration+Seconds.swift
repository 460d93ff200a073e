extension Duration {
    /// The time in seconds.
    package var inSeconds: Double {
        // A 64-bit number of attoseconds covers nine seconds, enough for nearly all times here; converting 128 bits
        // takes much longer.
        Int64(exactly: attoseconds).map { Double($0) * 1e-18 } ?? self / .seconds(1)
    }
}
