/// What the script for a shell needs besides what ArgumentParser generates.
enum CompletionScript {
    /// - Parameter arguments: The command line with the option that asks for the script.
    static func addition(for arguments: [String]) -> String {
        let option = "--generate-completion-script"
        let isForBash =
            arguments.contains(option + "=bash")
            || zip(arguments, arguments.dropFirst()).contains { $0 == (option, "bash") }
        return isForBash ? bash : ""
    }

    /// Bash would add a space after a name that is to be continued, and quote the equals sign.
    private static let bash = """


        _lymph_unfinished() {
            _lymph "$@"
            case "${COMPREPLY[0]-}" in
            *= | *.) compopt -o nospace +o filenames ;;
            esac
        }
        complete -o filenames -F _lymph_unfinished lymph
        """
}
