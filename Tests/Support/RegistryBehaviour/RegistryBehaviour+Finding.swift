import Lymph
import Testing

/// Registered instances can be found.
extension RegistryBehaviour {
    static func findsWhatWasRegistered(of kind: RegistryUnderTest) async throws {
        let views = try await kind.open()
        let instance = try ServiceInstance.sample()
        try await views.here.register(instance)
        for view in [views.here, views.there] {
            var lists = try await view.instances(of: "echo").makeAsyncIterator()
            #expect(await lists.next() == [instance])
            #expect(try await view.services() == ["echo"])
        }
    }

    static func namesSimilarServicesWhenThereIsNone(of kind: RegistryUnderTest) async throws {
        let views = try await kind.open()
        #expect(try await views.here.services() == [])
        var error = try await #require(throws: RegistryError.self) { try await views.here.instances(of: "ehco") }
        #expect(error.code == .lookupFailure)
        #expect(!error.message.contains("did you mean"))

        try await views.here.register(.sample())
        error = try await #require(throws: RegistryError.self) { try await views.there.instances(of: "ehco") }
        #expect(error.code == .lookupFailure)
        #expect(error.message.contains("\"ehco\""))
        #expect(error.message.contains("did you mean \"echo\"?"))
    }

    static func aServiceStaysKnownWithoutInstances(of kind: RegistryUnderTest) async throws {
        let views = try await kind.open()
        try await views.here.register(.sample())
        await views.here.unregister(try .sample())
        #expect(try await views.there.services() == [])
        var lists = try await views.there.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next() == [])
        try await views.here.register(.sample())
        #expect(await lists.next() == [try .sample()])
    }

    static func keepsServicesApart(of kind: RegistryUnderTest) async throws {
        let views = try await kind.open()
        let names = ["echo", "echo.v2", "Echo", "echo~known", "größe 😀", "..", "100%", "a@b"]
        for (index, name) in names.enumerated() {
            try await views.here.register(.sample(name, port: UInt16(index + 1), id: "same"))
        }
        #expect(try await views.there.services() == names.sorted())
        for (index, name) in names.enumerated() {
            var lists = try await views.there.instances(of: name).makeAsyncIterator()
            #expect(await lists.next() == [try .sample(name, port: UInt16(index + 1), id: "same")])
        }
    }

    static func refusesNames(of kind: RegistryUnderTest) async throws {
        let views = try await kind.open()
        for name in ["", "a/b", "a\0b", "a\nb", String(repeating: "x", count: 300)] {
            let instance = try ServiceInstance.sample(name)
            var error = try await #require(throws: RegistryError.self) { try await views.here.register(instance) }
            #expect(error.code == .invalidName, "\(name.debugDescription)")
            error = try await #require(throws: RegistryError.self) { try await views.here.instances(of: name) }
            #expect(error.code == .invalidName, "\(name.debugDescription)")
            await views.here.unregister(instance)
        }
        #expect(try await views.there.services() == [])
    }
}
