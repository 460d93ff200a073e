internal import ArgumentParser

/// Options for a command's output.
struct OutputOptions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: "Use colours or not. By default only on a terminal, unless NO_COLOR is set or TERM is unset or dumb.")
    var color: Bool?

    /// The destination of the command's output.
    var console: Console { Console(color: color) }
}
