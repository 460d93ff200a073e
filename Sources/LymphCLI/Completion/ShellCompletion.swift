internal import ArgumentParser
internal import Lymph
internal import LymphFleet

/// Completes names of services, methods and parameters in a shell, by asking the fleet. A shell that waits is a
/// nuisance, so there is little time for it, and no error is shown.
enum ShellCompletion {
    private static let timeout = Duration.seconds(1)

    /// The name of a service.
    static let service = CompletionKind.custom { words, index, prefix in
        await complete(words, index, prefix) { line, fleet in
            Candidates.services(of: try await names(in: fleet), for: line.word)
        }
    }

    /// `interface.method`
    static let subject = CompletionKind.custom { words, index, prefix in
        await complete(words, index, prefix) { line, fleet in
            if let address = line.options["--address"] {
                return try await Candidates.subjects(in: inspect(address, nil, fleet), for: line.word)
            }
            let services = Candidates.services(of: try await names(in: fleet), for: line.word)
            guard services.count == 1 else { return services.map { $0 + "." } }
            return try await Candidates.subjects(in: inspect(services[0], nil, fleet), for: line.word)
        }
    }

    /// `name=value`
    static let argument = CompletionKind.custom { words, index, prefix in
        await complete(words, index, prefix) { line, fleet in
            let given = line.arguments.dropFirst()
            guard let text = given.first, let subject = try? RequestSubject(text) else { return [] }
            let target = line.options["--address"] ?? subject.interface
            let inspection = try await inspect(target, subject.version, fleet)
            let asked = Inspection.Asked(subject.version, of: target)
            guard let method = inspection.method(subject.method, asked) else { return [] }
            return Candidates.arguments(
                of: method, given: Array(given.dropFirst()), for: line.word, isValueOnly: isSplit)
        }
    }

    /// Whether the shell takes `=` and `:` for words of their own.
    private static var isSplit: Bool { CompletionShell.requesting == .bash }

    private static func complete(
        _ words: [String], _ index: Int, _ prefix: String,
        _ find: (UnfinishedLine, Fleet) async throws -> [String]
    ) async -> [String] {
        let line = UnfinishedLine(words, index, prefix, isSplit: isSplit)
        do { return try await find(line, options(of: line).fleet()) } catch { return [] }
    }

    /// The options of the line that decide where services are found.
    private static func options(of line: UnfinishedLine) throws -> FleetOptions {
        let names = ["--config", "-c", "--vars", "--registry", "--ip"]
        return try FleetOptions.parse(names.flatMap { name in line.options[name].map { [name, $0] } ?? [] })
    }

    private static func names(in fleet: Fleet) async throws -> [String] {
        try await TimeLimit.run(timeout, waitingFor: fleet.registry) { try await fleet.registry.services() }
    }

    private static func inspect(_ target: String, _ version: String?, _ fleet: Fleet) async throws -> Inspection {
        try await fleet.withClient(for: target) { client in
            try await Inspection.take(of: target, version: version, by: client, within: timeout)
        }
    }
}
