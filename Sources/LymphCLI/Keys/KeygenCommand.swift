internal import ArgumentParser
internal import Lymph

/// `lymph keygen`
struct KeygenCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Makes the keys of an encrypted service or client.",
        usage: "lymph keygen [<options>] <name>",
        discussion: """
            Two files are written, which pyzmq and czmq can read, too. NAME.key_secret is for the process alone: only \
            you can read it. NAME.key has the public key, which others know the process by. Existing files are never \
            overwritten.

            Examples:
              lymph keygen echo
              lymph keygen web --directory /etc/lymph
              lymph keygen web --json | jq -r .public_key
            """)

    @Argument(help: "The name of the files, and of the peer in policies.")
    var name: String

    @Option(help: ArgumentHelp("Where the files are written.", valueName: "directory"), completion: .directory)
    var directory = "."

    @Flag(help: "Write one JSON document.")
    var json = false

    @OptionGroup var outputOptions: OutputOptions

    func execute(_ console: Console) throws {
        let pair = try KeyPair.generate()
        let paths = try pair.write(name: name, to: directory)
        let keys = NewKeys(
            name: name, publicKey: pair.publicKey, publicPath: paths.publicKey, secretPath: paths.secretKey)
        if json { return try console.print(keys.json) }
        try console.print(keys.lines)
    }
}
