internal import Logging

/// An interface of a container: its type, and the name and version under which it is reached.
public struct InterfaceDefinition: Sendable {
    /// The name that callers use.
    public let name: String

    /// The version, if the interface has one.
    public let version: Version?

    /// The name of the interface's type.
    public let typeName: String

    private let make: @Sendable (_ title: String, Client, Logger) throws -> InstalledInterface
    private let methods: [(name: String, parameters: [String])]

    /// Defines an interface.
    ///
    /// - Parameters:
    ///   - type: The actor.
    ///   - name: The name that callers use; by default the type's name.
    ///   - version: The version. One name may be used for several interfaces with different versions.
    ///   - configuration: The configuration in the interface's context.
    public init<I: Interface>(
        _ type: I.Type, as name: String? = nil, version: Version? = nil, configuration: Configuration = [:]
    ) {
        let name = name ?? "\(type)"
        let routes = I.routes.routes
        self.name = name
        self.version = version
        typeName = "\(type)"
        methods = routes.map { ($0.name, $0.parameters) }
        make = { title, client, logger in
            let context = InterfaceContext(
                name: name, version: version, configuration: configuration, client: client, logger: logger)
            let scope = Scope(interface: context.scope, trace: Scope.current?.trace)
            let interface = try Scope.$current.withValue(scope) { try I(context: context) }
            let handlers = routes.map { Handler($0, of: interface, in: context) }
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
    func install(_ client: Client, _ logger: Logger) throws -> InstalledInterface {
        try make(fullTitle, client, logger)
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
        var seen: Set<String> = []
        for method in methods {
            if method.name.isEmpty || method.name.contains(".") {
                throw fail(
                    "a method can't be named \(method.name.debugDescription): a name has at least one character and no dot"
                )
            }
            guard seen.insert(method.name).inserted else {
                throw fail("there are two methods \(method.name.debugDescription)")
            }
            var parameters: Set<String> = []
            for parameter in method.parameters {
                if parameter.isEmpty {
                    throw fail("method \(method.name.debugDescription) has a parameter without a name")
                }
                guard parameters.insert(parameter).inserted else {
                    throw fail(
                        "method \(method.name.debugDescription) has two parameters \(parameter.debugDescription)")
                }
            }
        }
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
