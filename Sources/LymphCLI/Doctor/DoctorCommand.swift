internal import ArgumentParser
internal import Lymph
internal import LymphFleet
internal import LymphService

/// `lymph doctor`
struct DoctorCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Finds out why services can't be reached, and says what to do.",
        usage: "lymph doctor [<options>] [<address>]",
        discussion: """
            Checks the configuration, the registry and what is registered there, then each process: connects to it, \
            pings it, and compares what it says about itself with what the registry says. With a name or an address, \
            it checks only those processes.

            The exit code is 0 if there are no problems, and \(ExitStatus.problemsFound.rawValue) if there are.

            Examples:
              lymph doctor
              lymph doctor echo
              lymph doctor tcp://10.0.0.7:4100 --json
            """)

    @Argument(
        help: "The name or address of a service: echo, echo@1.2, tcp://127.0.0.1:4100.",
        completion: ShellCompletion.service)
    var address: String?

    @Option(help: ArgumentHelp("How long each step may take.", valueName: "seconds"))
    var timeout = Seconds(2)

    @Flag(help: "Write one JSON document.")
    var json = false

    @OptionGroup var fleet: FleetOptions

    var outputOptions: OutputOptions { fleet.output }

    func execute(_ console: Console) async throws {
        let target = try address.map { try FleetAddress($0) }
        let diagnosis = await examine(target)
        if json {
            try console.print(diagnosis.json)
        } else {
            try console.print(diagnosis.lines(width: console.output.lineWidth))
        }
        if diagnosis.hasProblems { throw Failure.quietly(.problemsFound) }
    }

    private func examine(_ target: FleetAddress?) async -> Diagnosis {
        var diagnosis = Diagnosis()
        let configuration: ProcessConfiguration
        let fleet: Fleet
        do {
            let configured = try self.fleet.configured()
            configuration = configured.configuration
            fleet = try configured.fleet()
        } catch {
            let failure = Failure(error)
            diagnosis.findings += ([failure.message ?? ""] + failure.details.map { String($0.drop { $0 == " " }) })
                .map { Finding(check: "configuration", verdict: .problem, message: $0, advice: failure.advice) }
            return diagnosis
        }
        diagnosis.findings += ConfigurationExamination(configuration: configuration).findings
        let doctor = Doctor(fleet: fleet, timeout: timeout.duration) { error in
            // Other commands advise `lymph doctor`, which is already running here.
            Failure(error).advice.flatMap { $0.contains("`lymph doctor`") ? nil : $0 }
        }
        diagnosis.findings += await doctor.examine(target)
        return diagnosis
    }
}
