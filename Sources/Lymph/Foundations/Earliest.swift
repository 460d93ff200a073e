package import ZeroMQ

/// The earlier of two moments; nil means never.
package func earliest(_ a: Instant?, _ b: Instant?) -> Instant? {
    guard let a, let b else { return a ?? b }
    return min(a, b)
}
