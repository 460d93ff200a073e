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
/// It has the options of Python's `lymph instance`; `--help` lists them together with environment variables, signals
/// and exit codes. Its configuration says which interfaces it serves under which names:
///
/// ```yaml
/// interfaces:
///     echo:
///         class: EchoService
/// ```
///
/// Without that section, each interface is served under the name of its type in lower case, minus a trailing
/// `Service` or `Interface`: `EchoService` becomes `echo`.
public protocol ServiceCommand {
    /// The actors that a configuration may use, by type name.
    static var interfaces: [any Interface.Type] { get }

    /// The kinds of registry that a configuration may use. `directory` and `static` are always available.
    static var registries: [RegistryClass] { get }

    /// The kinds of interceptor that a configuration may use, under `container.interceptors`.
    static var interceptors: [InterceptorClass] { get }

    /// Makes what the interfaces share, before they are created:
    ///
    /// ```swift
    /// static func prepare(_ setup: inout ServiceSetup) async throws {
    ///     let database = try Database(path: setup.configuration.get("database.path"))
    ///     setup.run(database)
    ///     setup.make(OrdersService.self) { context in OrdersService(context: context, database: database) }
    /// }
    /// ```
    ///
    /// The configuration has been read and checked by then. A signal that arrives before this returns ends the process
    /// at once: what has to be undone belongs into the `run()` of a service.
    ///
    /// - Throws: Any error; it ends the program.
    static func prepare(_ setup: inout ServiceSetup) async throws

    /// The name of the program in its help and messages. By default the name of its file.
    static var commandName: String { get }

    /// What the program does, in one line, for `--help`.
    static var abstract: String { get }

    /// The output of `--version`.
    static var version: String { get }
}

extension ServiceCommand {
    /// No registries other than `directory` and `static`.
    public static var registries: [RegistryClass] { [.directory, .static] }

    /// No interceptors.
    public static var interceptors: [InterceptorClass] { [] }

    /// Nothing is shared.
    public static func prepare(_ setup: inout ServiceSetup) async throws {}

    /// The name of the program's file.
    public static var commandName: String {
        CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "\(Self.self)"
    }

    /// A list of the interfaces.
    public static var abstract: String {
        "Serves \(interfaces.map { "\($0)" }.joined(separator: ", ")) to other services."
    }

    /// `unversioned`.
    public static var version: String { "unversioned" }

    /// Reads the command line and the configuration, and serves until a signal arrives; then it returns. After a failure
    /// it ends the process, with a status that says which.
    @MainActor public static func main() async { await main(nil) }

    /// - Parameter arguments: The command line; by default that of the process.
    @MainActor static func main(_ arguments: [String]?) async {
        // On the main thread, before the runtime starts another one, which opens descriptors.
        StandardStreams.openClosed()
        // Before anything else is opened: the runtime ends a process that runs out of descriptors.
        do { try ProcessDescriptors.prepare(40) } catch { exit(ServiceRun<Self>.report(error).rawValue) }
        let signals = SignalWatch(others: [SIGHUP])
        let options = ServiceOptions<Self>.parsedOrExit(arguments)
        let status = await ServiceRun(options, signals: signals).run()
        guard status == .success else { exit(status.rawValue) }
        await signals.cancel()
        await signals.restore()
    }
}
