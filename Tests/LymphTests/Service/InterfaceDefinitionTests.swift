import MessagePack
import Testing

@testable import Lymph

// Interfaces with one mistake each.

private actor TwoMethods: Interface {
    static let routes = Routes<TwoMethods> {
        RPC("get") { _ in 1 }
        RPC("set") { _ in }
        RawRPC("get") { _, _, _ in }
    }
}

private actor TwoParameters: Interface {
    static let routes = Routes<TwoParameters> {
        RPC("f", "a", "b", "a") { (_, _: Int, _: Int, _: Int) in }
    }
}

private actor Dotted: Interface {
    static let routes = Routes<Dotted> { RPC("a.b") { _ in } }
}

private actor Nameless: Interface {
    static let routes = Routes<Nameless> { RPC("") { _ in } }
}

private actor NamelessParameter: Interface {
    static let routes = Routes<NamelessParameter> { RPC("f", "a", "") { (_, _: Int, _: Int) in } }
}

private actor Good: Interface {
    static let routes = Routes<Good> {
        RPC("f", "a", "b") { (_, _: Int, _: Int) in }
        RPC("F", "a") { (_, _: Int) in }
    }
}

private actor Failing: Interface {
    init(context: InterfaceContext) throws { throw CancellationError() }
    static let routes = Routes<Failing> {}
}

/// Compiles, although an initialiser with default arguments satisfies neither `init()` nor `init(context:)`.
private actor Unmakeable: Interface {
    private let stock: [String: Int]
    init(stock: [String: Int] = [:]) { self.stock = stock }
    static let routes = Routes<Unmakeable> {}
}

private actor Knowing: Interface {
    let context: InterfaceContext
    let bound: String?
    init(context: InterfaceContext) {
        self.context = context
        bound = InterfaceContext.current(in: Scope.current)?.name
    }
    static let routes = Routes<Knowing> {
        RPC("names") { me in [me.context.name, me.bound, InterfaceContext.current.name] }
    }
}

@Suite("Definitions of interfaces")
struct InterfaceDefinitionTests {
    private func message(_ definitions: InterfaceDefinition...) -> String {
        let error = #expect(throws: LymphError.self) { try InterfaceDefinition.validate(definitions) }
        #expect(error?.code == .configuration)
        return error?.message ?? ""
    }

    @Test("valid definitions are accepted, including one name in several versions")
    func good() throws {
        try InterfaceDefinition.validate([])
        try InterfaceDefinition.validate([
            .init(Good.self), .init(Good.self, as: "Good"), .init(Good.self, as: "good", version: "1.0.0"),
            .init(Good.self, as: "good", version: "1.0.1"), .init(Good.self, as: "good", version: "1.0.0+b"),
            .init(Good.self, as: "my.good"), .init(Good.self, as: "gööd"), .init(Good.self, as: "Lymph"),
            .init(Good.self, as: "lymph.good"), .init(StubInterface.self),
        ])
    }

    @Test("the name is derived from the type's unless another is given")
    func names() {
        let plain = InterfaceDefinition(Good.self)
        #expect(plain.name == "good")
        #expect(plain.typeName == "Good")
        #expect(plain.version == nil)
        #expect(plain.title == "good")
        #expect(InterfaceDefinition(StubInterface.self).name == "stub")
        let named = InterfaceDefinition(Good.self, as: "good", version: "1.5.0")
        #expect(named.name == "good")
        #expect(named.typeName == "Good")
        #expect(named.version == "1.5.0")
        #expect(named.title == "good@1.5.0")
    }

    @Test("two methods with one name are refused")
    func methods() {
        #expect(
            message(.init(TwoMethods.self, as: "x", version: "1.0.0"))
                == #"interface x@1.0.0 (TwoMethods): there are two methods "get""#)
    }

    @Test("duplicate and empty parameter names are refused")
    func parameters() {
        #expect(
            message(.init(TwoParameters.self)) == "interface twoparameters (TwoParameters): "
                + #"method "f" has two parameters "a""#)
        #expect(
            message(.init(NamelessParameter.self, as: "x"))
                == #"interface x (NamelessParameter): method "f" has a parameter without a name"#)
    }

    @Test("methods that nobody could call are refused")
    func methodNames() {
        let rule = ": a name has at least one character and no dot"
        #expect(
            message(.init(Dotted.self, as: "x")) == #"interface x (Dotted): a method can't be named "a.b""# + rule)
        #expect(
            message(.init(Nameless.self, as: "x")) == #"interface x (Nameless): a method can't be named """# + rule)
    }

    @Test(
        "invalid names of interfaces are refused",
        arguments: [
            ("lymph", "interface lymph (Good): the name lymph belongs to the built-in interface"),
            ("", "interface  (Good): the name of a service can't be empty"),
            ("a/b", #"interface a/b (Good): "a/b" can't be the name of a service: it contains a slash"#),
        ])
    func interfaceNames(name: String, expected: String) {
        #expect(message(.init(Good.self, as: name)) == expected)
    }

    @Test("two interfaces with one name and version are refused")
    func interfaces() {
        #expect(message(.init(Good.self), .init(Good.self)) == "there are two interfaces good")
        #expect(
            message(
                .init(Good.self, as: "x"), .init(Good.self, as: "x", version: "1.0.0"),
                .init(StubInterface.self, as: "y"),
                .init(StubInterface.self, as: "x", version: "1.0.0")) == "there are two interfaces x@1.0.0")
    }

    @Test("a container can't be created from them")
    func container() async {
        await expect(.configuration, "two interfaces echo") {
            try ServiceContainer(
                interfaces: [.init(EchoService.self, as: "echo"), .init(EchoService.self, as: "echo")],
                registry: StaticRegistry(), logger: .quiet
            ).client.configuration
        }
    }

    @Test("the error for an actor without a suitable initialiser names it")
    func unmakeable() async {
        let definition = InterfaceDefinition(Unmakeable.self, as: "stock", version: "1.0.0")
        let error = await #expect(throws: LymphError.self) {
            try await definition.install(Fixture(.inMemory).client(), .quiet)
        }
        #expect(error?.code == .configuration)
        #expect(
            error?.message.hasPrefix(
                "interface stock@1.0.0 (Unmakeable): it can't be created, because it has neither init() ")
                == true)
        await expect(.configuration, "Unmakeable") {
            try await Fixture(.inMemory).container([definition]).run()
        }
    }

    @Test("an instance is created and called within its context")
    func install() async throws {
        let bench = ServingBench()
        let client = Fixture(.inMemory).client()
        let definition = InterfaceDefinition(Knowing.self, as: "known", version: "1.5.0")
        let installed = try await definition.install(client, .quiet)
        #expect(installed.name == "known")
        #expect(installed.entry.version == "1.5.0")
        #expect(Array(installed.entry.handlers.keys) == ["names"])
        let handler = try #require(installed.entry.handlers["names"])
        let answer = try bench.describe(await handler.run(bench.request([0x80]), nil))
        #expect(answer == #"REP ["known", "known", "known"]"#)
        await #expect(throws: CancellationError.self) {
            try await InterfaceDefinition(Failing.self).install(client, .quiet)
        }
        #expect(Scope.current == nil)
    }
}
