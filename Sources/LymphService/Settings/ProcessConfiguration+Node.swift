public import Lymph

/// Processes that a node runs: one entry of `instances`.
public struct InstanceSettings: Sendable, Hashable {
    /// The name of the entry, which becomes the service's name in logs.
    public var name: String

    /// The program and its arguments.
    public var command: [String]

    /// How many processes run the command.
    public var processes: Int

    /// Creates an entry.
    public init(name: String, command: [String], processes: Int = 1) {
        self.name = name
        self.command = command
        self.processes = processes
    }
}

/// A socket that a node opens for its processes: one entry of `sockets`.
public struct SocketSettings: Sendable, Hashable {
    /// The name of the entry; in a list, its index.
    public var name: String

    /// The address to listen on; nil means that of the node.
    public var host: String?

    /// The port to listen on.
    public var port: UInt16

    /// Creates an entry.
    public init(name: String, host: String? = nil, port: UInt16) {
        self.name = name
        self.host = host
        self.port = port
    }
}

extension ProcessConfiguration {
    private struct Instance: Decodable {
        var command: Configuration
        var numprocesses: WholeNumber<ProcessCount>?
    }

    private struct Socket: Decodable {
        var host: String?
        var port: WholeNumber<ChosenPort>
    }

    /// The processes that a node runs: the section `instances`, in the order of the file.
    ///
    /// - Throws: ``/Lymph/ConfigurationError`` with all mistakes.
    public func instances() throws(ConfigurationError) -> [InstanceSettings] {
        try collect(root.child("instances")?.children ?? []) { name, part throws(ConfigurationError) in
            var mistakes = ConfigurationMistakes()
            let instance = mistakes.attempt { () throws(ConfigurationError) in try part.decode(Instance.self) }
            let words = part.child("command").flatMap { command in
                mistakes.attempt { () throws(ConfigurationError) in try Self.words(command) }
            }
            try mistakes.check()
            return InstanceSettings(
                name: name, command: words ?? [], processes: instance?.numprocesses?.value ?? 1)
        }
    }

    /// The sockets that a node opens for its processes: the section `sockets`, a map or a list, in the order of the
    /// file.
    ///
    /// - Throws: ``/Lymph/ConfigurationError`` with all mistakes.
    public func sockets() throws(ConfigurationError) -> [SocketSettings] {
        guard let section = root.child("sockets"), !section.isNull else { return [] }
        let listed = section.elements?.enumerated().map { (key: "\($0)", value: $1) }
        guard listed != nil || section.node.entries != nil else { throw section.mismatch(allowed: "a map or a list") }
        return try collect(listed ?? section.children) { name, part throws(ConfigurationError) in
            let socket = try part.decode(Socket.self)
            return SocketSettings(name: name, host: socket.host, port: UInt16(socket.port.value))
        }
    }

    private func collect<R>(
        _ parts: [(key: String, value: Configuration)],
        _ body: (String, Configuration) throws(ConfigurationError) -> R
    ) throws(ConfigurationError) -> [R] {
        var mistakes = ConfigurationMistakes()
        let results = parts.compactMap { key, part in
            mistakes.attempt { () throws(ConfigurationError) in try body(key, part) }
        }
        try mistakes.check()
        return results
    }

    /// A command is a list of words, or a text that is split at spaces outside quotes.
    private static func words(_ command: Configuration) throws(ConfigurationError) -> [String] {
        let words: [String] =
            command.elements == nil ? try split(command) : try command.decode([String].self)
        guard words.first.map({ !$0.isEmpty }) ?? false else { throw command.error("the command is empty") }
        return words
    }

    private static func split(_ command: Configuration) throws(ConfigurationError) -> [String] {
        guard let text = command.node.text else { throw command.mismatch(allowed: "a string, or a list of strings") }
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in text {
            switch (character, quote) {
            case (let mark, let open?) where mark == open: quote = nil
            case ("\"", nil), ("'", nil):
                quote = character
                word = word ?? ""
            case (_, nil) where character.isWhitespace:
                if let finished = word { words.append(finished) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { throw command.error("a quote in the command is not closed") }
        return words + [word].compactMap(\.self)
    }
}
