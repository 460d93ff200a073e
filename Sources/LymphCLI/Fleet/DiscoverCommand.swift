internal import ArgumentParser
internal import Glibc
internal import Lymph
internal import LymphFleet
internal import LymphService

/// `lymph discover`
struct DiscoverCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "discover",
        abstract: "Shows the services that are running.",
        discussion: """
            Each service is shown with the number of its processes.

            Examples:
              lymph discover
              lymph discover echo
              lymph discover echo@1.2
              lymph discover 'report*' --instances --full
              lymph discover --json | jq -r '.echo[].endpoint'
            """)

    @Argument(
        help: ArgumentHelp(
            "Show the instances of this service; with @VERSION, only compatible ones. * and ? match any characters.",
            valueName: "name"), completion: ShellCompletion.service)
    var service: String?

    @Flag(help: "Show the instances.")
    var instances = false

    @Flag(help: "Show each version of a service separately.")
    var versions = false

    @Flag(help: "Show everything that the instances have published.")
    var full = false

    @Flag(help: "Show services without instances, too.")
    var all = false

    @Flag(help: "Write one JSON document: the instances of each service.")
    var json = false

    @Option(help: ArgumentHelp("How long the registry may take.", valueName: "seconds"))
    var timeout = Seconds(5)

    @OptionGroup var fleet: FleetOptions

    var outputOptions: OutputOptions { fleet.output }

    func execute(_ console: Console) async throws {
        let (name, version) = try parts()
        let registry = try fleet.configured().registry()
        let isPattern = name?.contains { "*?[".contains($0) } ?? false
        var survey = try await Survey.take(
            registry, names: isPattern ? nil : name.map { [$0] }, includesEmpty: all, within: timeout.duration)
        if let name, isPattern { survey.services = survey.services.filter { fnmatch(name, $0.key, 0) == 0 } }
        if let version {
            survey.services = survey.services.mapValues { instances in
                instances.filter { $0.version?.isCompatible(with: version) == true }
            }
        }
        if json { return try console.print(survey.json) }
        let listing = ServiceListing(
            survey: survey, showsInstances: instances || full || name != nil, showsVersions: versions, isFull: full)
        guard !survey.services.isEmpty else {
            console.note(isPattern ? "no service matches \(name ?? "")" : Line(Self.nothing(in: registry)))
            return
        }
        try console.print(listing.lines(width: console.output.lineWidth))
    }

    /// Says where no services were found, and where else they may be.
    private static func nothing(in registry: any ServiceRegistry) -> String {
        guard let directory = registry as? DirectoryRegistry else { return "no services are registered" }
        let others = directory.elsewhere.map(\.path).joined(separator: " and ")
        let hint = others.isEmpty ? "" : "; there are some in \(others): \(OtherRegistry.advice)"
        return "no services are registered in \(directory.path)\(hint)"
    }

    /// The name and the version in the argument.
    private func parts() throws -> (name: String?, version: Version?) {
        guard let service, let at = service.firstIndex(of: "@") else { return (service, nil) }
        let text = String(service[service.index(after: at)...])
        guard let version = Version(coercing: text) else {
            throw Failure(.usage, "\(text.debugDescription) is not a version", advice: "write 1.2 or 1.2.3")
        }
        return (String(service[..<at]), version)
    }
}
