import Lymph
import Testing

/// Watchers of a service learn of every change.
extension RegistryBehaviour {
    static func followsChanges(of kind: RegistryUnderTest) async throws {
        let views = try await kind.open()
        let (one, two) = (try ServiceInstance.sample(port: 1), try ServiceInstance.sample(port: 2))
        try await views.here.register(one)
        var lists = try await views.there.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next() == [one])
        try await views.here.register(two)
        #expect(await lists.next() == [one, two])
        await views.here.unregister(one)
        #expect(await lists.next() == [two])
        await views.here.unregister(two)
        #expect(await lists.next() == [])
        try await views.here.register(one)
        #expect(await lists.next() == [one])
    }

    static func replacesAnInstanceWithTheSameID(of kind: RegistryUnderTest) async throws {
        let views = try await kind.open()
        let old = try ServiceInstance.sample(port: 1, id: "x")
        let new = try ServiceInstance.sample(port: 2, id: "x")
        try await views.here.register(old)
        var lists = try await views.there.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next() == [old])
        try await views.here.register(new)
        #expect(await lists.next() == [new])
        await views.here.unregister(old)
        #expect(await lists.next() == [])
    }

    static func saysNothingTwice(of kind: RegistryUnderTest) async throws {
        let views = try await kind.open()
        let (one, two) = (try ServiceInstance.sample(port: 1), try ServiceInstance.sample(port: 2))
        try await views.here.register(one)
        let stream = try await views.there.instances(of: "echo")
        let reader = Task {
            var seen: [[ServiceInstance]] = []
            for await list in stream {
                seen.append(list)
                if list.count == 2 { break }
            }
            return seen
        }
        for _ in 0..<20 {
            try await views.here.register(one)
            try await views.here.register(.sample("other", port: 3))
            await views.here.unregister(try .sample(port: 9))
        }
        try await views.here.register(two)
        let seen = await reader.value
        #expect(seen == [[one], [one, two]] || seen == [[one, two]])
    }

    static func aSlowReaderGetsTheLastList(of kind: RegistryUnderTest) async throws {
        let views = try await kind.open()
        try await views.here.register(.sample(port: 1))
        let stream = try await views.there.instances(of: "echo")
        for port in UInt16(2)...9 { try await views.here.register(.sample(port: port)) }
        var lists = stream.makeAsyncIterator()
        let ids = (1...9).map { "echo-\($0)" }
        #expect(await lists.next(ids: ids)?.count == 9)
    }

    static func takesManyRegistrationsAtOnce(of kind: RegistryUnderTest) async throws {
        let views = try await kind.open()
        try await views.here.register(.sample(port: 1))
        var lists = try await views.there.instances(of: "echo").makeAsyncIterator()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for port in UInt16(2)...200 {
                let view = port % 2 == 0 ? views.here : views.there
                group.addTask { try await view.register(.sample(port: port)) }
            }
            try await group.waitForAll()
        }
        let ids = (1...200).map { "echo-\($0)" }.sorted()
        #expect(await lists.next(ids: ids)?.count == 200)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for port in UInt16(2)...200 {
                let view = port % 2 == 0 ? views.here : views.there
                let instance = try ServiceInstance.sample(port: port)
                group.addTask { await view.unregister(instance) }
            }
        }
        #expect(await lists.next(ids: ["echo-1"]) != nil)
    }

    static func cancellationEndsTheStream(of kind: RegistryUnderTest) async throws {
        let views = try await kind.open()
        try await views.here.register(.sample())
        let stream = try await views.there.instances(of: "echo")
        let (started, signal) = AsyncStream.makeStream(of: Void.self)
        let reader = Task {
            var count = 0
            for await _ in stream {
                count += 1
                signal.yield()
            }
            return count
        }
        var first = started.makeAsyncIterator()
        await first.next()
        reader.cancel()
        #expect(await reader.value == 1)
        // Others are not affected.
        var lists = try await views.there.instances(of: "echo").makeAsyncIterator()
        #expect(await lists.next()?.count == 1)
    }

    static func servesManyWatchers(of kind: RegistryUnderTest) async throws {
        let views = try await kind.open()
        try await views.here.register(.sample(port: 1))
        var all: [AsyncStream<[ServiceInstance]>.Iterator] = []
        for _ in 0..<20 { all.append(try await views.there.instances(of: "echo").makeAsyncIterator()) }
        try await views.here.register(.sample(port: 2))
        for index in all.indices { #expect(await all[index].next(ids: ["echo-1", "echo-2"]) != nil) }
    }
}
