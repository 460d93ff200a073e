internal import ArgumentParser
internal import Lymph
internal import LymphFleet

/// A span of time as an option, in seconds: `2`, `0.25`.
struct Seconds: ExpressibleByArgument, Equatable {
    let duration: Duration

    /// A year. Anything longer is a mistake.
    private static let longest = 366.0 * 86_400

    init(_ seconds: Double) { duration = .seconds(seconds) }

    init?(argument: String) {
        guard let seconds = Double(argument), seconds > 0, seconds <= Self.longest else { return nil }
        self.init(seconds)
    }

    var defaultValueDescription: String { "\(duration.inSeconds)" }
}
