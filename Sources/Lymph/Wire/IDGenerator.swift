internal import Glibc

/// Makes message and trace ids that nobody can guess.
///
/// Whoever can guess the id of a call can answer it, so the bytes come from the system's generator. It is asked for
/// 16 ids at a time, because asking costs more than everything else about making one.
package struct IDGenerator {
    private var numbers: [UInt128] = []
    private let fill: @Sendable (UnsafeMutableRawBufferPointer) -> Void

    package init() {
        self.init { buffer in
            let code = buffer.baseAddress.map { getentropy($0, buffer.count) }
            precondition(code == 0, "getentropy failed with error \(errno)")
        }
    }

    /// - Parameter fill: Fills memory with random bytes.
    package init(fill: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void) { self.fill = fill }

    package mutating func next() -> UInt128 {
        if numbers.isEmpty { refill() }
        return numbers.removeLast()
    }

    private mutating func refill() {
        // 256 bytes are the most that the system's generator returns in one call.
        numbers = [UInt128](repeating: 0, count: 16)
        numbers.withUnsafeMutableBytes(fill)
    }
}
