internal import ArgumentParser

/// How a command writes.
struct OutputOptions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: "Colours, or none. By default there are some on a terminal, unless NO_COLOR is set or TERM says nothing.")
    var color: Bool?

    /// Where the command writes.
    var console: Console { Console(color: color) }
}
