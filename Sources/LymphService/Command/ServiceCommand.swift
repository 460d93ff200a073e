internal import ArgumentParser
internal import Glibc
public import Lymph

/// An executable that serves interfaces.
///
/// ```swift
/// @main struct Echo: ServiceCommand {
///     static let interfaces: [any Interface.Type] = [EchoService.self]
/// }
/// ```
///
/// It has the options of Python's `lymph instance`; `--help` lists them with the environment, signals and exit codes. Which
/// interfaces it serves under which names is in its configuration:
///
/// ```yaml
/// interfaces:
///     echo:
///         class: EchoService
/// ```
///
/// Without that section each of them is served under the name of its type in lower case, without `Service` or `Interface` at
/// its end: `EchoService` as `echo`.
public protocol ServiceCommand {
    /// The actors that a configuration may name, by the name of their type.
    static var interfaces: [any Interface.Type] { get }

    /// The kinds of registry that a configuration may name. `directory` and `static` are always among them.
    static var registries: [RegistryClass] { get }

    /// The name of the program in its help and its messages. The default is the name of its file.
    static var commandName: String { get }

    /// What the program does, in one line, for `--help`.
    static var abstract: String { get }

    /// What `--version` says.
    static var version: String { get }
}

extension ServiceCommand {
    /// None but `directory` and `static`.
    public static var registries: [RegistryClass] { [.directory, .static] }

    /// The name of the program's file.
    public static var commandName: String {
        CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "\(Self.self)"
    }

    /// A list of the interfaces.
    public static var abstract: String {
        "Serves \(interfaces.map { "\($0)" }.joined(separator: ", ")) to other services."
    }

    /// Says that the program has no version.
    public static var version: String { "unversioned" }

    /// Reads the command line and the configuration, serves until a signal comes, and ends the process.
    @MainActor public static func main() async {
        // On the main thread, before there is another one: with that the runtime opens descriptors of its own.
        StandardStreams.openClosed()
        // Before anything is opened: the runtime ends a process that finds no descriptors.
        do { try ProcessDescriptors.prepare(40) } catch { exit(ServiceRun<Self>.report(error).rawValue) }
        let signals = SignalWatch(others: [SIGHUP])
        let options = ServiceOptions<Self>.parsedOrExit()
        exit(await ServiceRun(options, signals: signals).run().rawValue)
    }
}
