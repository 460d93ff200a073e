internal import ArgumentParser

/// Options for a command's output.
struct OutputOptions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: "Colours, or none. By default there are some on a terminal, unless NO_COLOR is set or TERM says nothing.")
    var color: Bool?

    /// The destination of the command's output.
    var console: Console { Console(color: color) }
}
