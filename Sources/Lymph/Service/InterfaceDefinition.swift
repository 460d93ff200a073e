internal import Logging

/// An interface of a container: how it is made, and the name and version under which it is reached.
///
/// ```swift
/// let container = try ServiceContainer(interfaces: [
///     .init(EchoService.self, as: "echo"),
///     .init(as: "orders", version: "2.0.0") { context in
///         try OrdersService(context: context, database: database)
///     },
/// ])
/// ```
public struct InterfaceDefinition: Sendable {
    /// The name that callers use.
    public let name: String

    /// The version, if the interface has one.
    public let version: Version?

    /// The name of the interface's type.
    public var typeName: String { "\(type)" }

    package let configuration: Configuration
    package let type: any Interface.Type

    private let make: @Sendable (_ title: String, Client, Logger) async throws -> InstalledInterface
    /// The methods of the type; those of the instance are not known yet.
    private let methods: MethodNames

    /// Defines an interface that the container makes with ``Interface/init(context:)`` or ``Interface/init()``.
    ///
    /// - Parameters:
    ///   - type: The actor.
    ///   - name: The name that callers use; by default the type's in lower case, minus a trailing `Service` or
    ///     `Interface`.
    ///   - version: The version. One name may be used for several interfaces with different versions.
    ///   - configuration: The configuration in the interface's context.
    public init<I: Interface>(
        _ type: I.Type, as name: String? = nil, version: Version? = nil, configuration: Configuration = [:]
    ) {
        self.init(as: name, version: version, configuration: configuration) { try I.make(in: $0) }
    }

    /// Defines an interface that a closure makes, so that it can be given what it needs besides its context.
    ///
    /// - Parameters:
    ///   - name: The name that callers use; by default the type's in lower case, minus a trailing `Service` or
    ///     `Interface`.
    ///   - version: The version. One name may be used for several interfaces with different versions.
    ///   - configuration: The configuration in the interface's context.
    ///   - make: Makes the interface, each time that the container runs. What it throws ends the container.
    public init<I: Interface>(
        as name: String? = nil, version: Version? = nil, configuration: Configuration = [:],
        _ make: @escaping @Sendable (InterfaceContext) async throws -> I
    ) {
        let name = name ?? I.defaultName
        self.name = name
        self.version = version
        self.configuration = configuration
        type = I.self
        methods = MethodNames(I.routes)
        self.make = { title, client, logger in
            let context = InterfaceContext(
                name: name, version: version, configuration: configuration, client: client, logger: logger)
            let scope = Scope(context.scope, Scope.current?.origin ?? .none)
            let interface = try await Scope.$current.withValue(scope) { try await make(context) }
            let routes = interface.routes
            guard routes.isDeclared else {
                throw LymphError(
                    .configuration,
                    "interface \(title): it has no routes; declare them: static var routes: Routes<\(I.self)> { … }")
            }
            try MethodNames(routes).validate(title)
            let handlers = routes.all.map { Handler($0, of: interface, in: context) }
            return InstalledInterface(
                name: name, title: title,
                entry: .init(version: version, handlers: Dictionary(handlers.map { ($0.name, $0) }) { $1 }),
                start: { try await Scope.$current.withValue(scope) { try await interface.start() } },
                stop: { await Scope.$current.withValue(scope) { await interface.stop() } })
        }
    }

    /// The name with the version, for people.
    var title: String { "\(VersionedName(name, version))" }

    /// The name with the version and the type, for people.
    var fullTitle: String { "\(title) (\(typeName))" }

    /// Creates the instance.
    func install(_ client: Client, _ logger: Logger) async throws -> InstalledInterface {
        try await make(fullTitle, client, logger)
    }

    /// Checks what the type system can't: names and versions.
    ///
    /// - Throws: ``LymphError`` with code `configuration` that names the mistake.
    func validate() throws(LymphError) {
        func fail(_ text: String) -> LymphError {
            LymphError(.configuration, "interface \(fullTitle): \(text)")
        }
        if name == BuiltinInterface.name { throw fail("the name \(name) belongs to the built-in interface") }
        if name.contains("@") { throw fail("a name has no @: the version is given separately") }
        do throws(RegistryError) { try ServiceName.validate(name) } catch { throw fail(error.message) }
        try methods.validate(fullTitle)
    }

    /// Checks each of a container's interfaces, and that no two collide.
    static func validate(_ definitions: [InterfaceDefinition]) throws(LymphError) {
        var seen: Set<String> = []
        for definition in definitions {
            try definition.validate()
            guard seen.insert(definition.title).inserted else {
                throw LymphError(.configuration, "there are two interfaces \(definition.title)")
            }
        }
    }
}

/// An instance of an interface in a running container.
struct InstalledInterface: Sendable {
    let name: String
    /// The name with the version and the type, for people.
    let title: String
    let entry: Router.Entry
    let start: @Sendable () async throws -> Void
    let stop: @Sendable () async -> Void
}

extension Interface {
    /// The name of an interface that is given none: the type's in lower case, minus a trailing `Service` or `Interface`.
    package static var defaultName: String {
        let name = "\(Self.self)"
        let suffix = ["Service", "Interface"].first { name.hasSuffix($0) && name != $0 }
        return name.dropLast(suffix?.count ?? 0).lowercased()
    }
}
