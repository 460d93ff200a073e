internal import Lymph
internal import LymphFleet
internal import LymphService

/// The part of `lymph request --help` beyond the options.
enum RequestHelp {
    static let text = """
        The arguments are a JSON object, single ones also name=value. If the service tells the types of its methods \
        (see `lymph inspect`), it is asked for them first, for at most half of the timeout and 2 s: then a string is read as the \
        date, decimal number, UUID or bytes that the method takes, and arguments that don't fit are explained instead of \
        sent. Otherwise integers stay integers and floats stay floats, as 1 and 1.0, and values that JSON can't express \
        are written {"__type__": NAME, "_": VALUE}:

        \(types)

        With --json, the result is plain JSON, where such values are their text; with --tagged, they keep this format.

        Examples:
          lymph request echo.upper text=foo
          lymph request echo.upper '{"text": "foo"}'
          lymph request calendar.add@1.2 day=2015-11-23
          lymph request calendar.add '{"day": {"__type__": "date", "_": "2015-11-23"}}' --no-check
          lymph request calendar.days@1.2.0 '{}' --address tcp://127.0.0.1:4100
          lymph request echo.upper --address tcp://127.0.0.1:4100 - < arguments.json
          lymph request echo.upper '{"text": "foo"}' -N 10000 -C 50

        With -N, the time of each request is measured from sending it to receiving its answer. If interrupted, the \
        command summarises what was done so far. A slow answer delays the next request, so the numbers are not those \
        of callers that don't wait for each other. The exit code is that of the most frequent failure and says nothing \
        about the other requests; a code that says that nothing was executed is used only if that is true of all \
        failed requests.

        \(ExitStatus.table(of: statuses))
        """

    /// The codes with which a request can end.
    private static let statuses = ExitStatus.ofCommands.filter { $0 != .problemsFound }

    private static var types: String {
        let widest = TypedName.allCases.map(\.rawValue.count).max() ?? 0
        return TypedName.allCases.map { "  " + $0.rawValue.padded(to: widest) + "  " + $0.example }
            .joined(separator: "\n")
    }
}
