/// Code that reads what others wrote, and what must be true of it for every input.
package struct FuzzTarget: Sendable {
    /// The word that chooses the target on the command line.
    package let name: String

    /// Inputs that are close to what the code meets: where fuzzing begins.
    package let seeds: [[UInt8]]

    /// Words that the code knows, of which inputs are also put together.
    package let words: [String]

    /// The length of the longest input, in bytes.
    package let longest: Int

    private let body: @Sendable ([UInt8]) throws(BrokenProperty) -> Void

    init(
        _ name: String, seeds: [[UInt8]], words: [String] = [], longest: Int = 1024,
        _ body: @escaping @Sendable ([UInt8]) throws(BrokenProperty) -> Void
    ) {
        self.name = name
        self.seeds = seeds
        self.words = words
        self.longest = longest
        self.body = body
    }

    /// Tries an input.
    ///
    /// - Throws: ``BrokenProperty`` if something is not true of it.
    package func run(_ input: [UInt8]) throws(BrokenProperty) { try body(input) }
}

/// What should have been true of an input.
package struct BrokenProperty: Error, CustomStringConvertible {
    /// The property and what was found instead.
    package let description: String
}

/// Demands that something is true.
func demand(_ isTrue: Bool, _ property: @autoclosure () -> String) throws(BrokenProperty) {
    guard isTrue else { throw BrokenProperty(description: property()) }
}
