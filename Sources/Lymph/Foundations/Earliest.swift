package import ZeroMQ

/// The earlier of two moments that may never come.
package func earliest(_ a: Instant?, _ b: Instant?) -> Instant? {
    guard let a, let b else { return a ?? b }
    return min(a, b)
}
