internal import ArgumentParser

/// A span of time as an option, in seconds: `2`, `0.25`.
struct Seconds: ExpressibleByArgument, Equatable {
    let duration: Duration

    /// A year: more is a mistake.
    private static let longest = 366.0 * 86_400

    init(_ seconds: Double) { duration = .seconds(seconds) }

    init?(argument: String) {
        guard let seconds = Double(argument), seconds > 0, seconds <= Self.longest else { return nil }
        self.init(seconds)
    }

    var defaultValueDescription: String { "\(duration.inSeconds)" }
}

extension Duration {
    /// The span in seconds.
    var inSeconds: Double { self / .seconds(1) }

    /// The span in milliseconds.
    var inMilliseconds: Double { self / .milliseconds(1) }
}
