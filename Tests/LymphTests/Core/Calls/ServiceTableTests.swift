import Testing

@testable import Lymph

@Suite("Services that are called by name")
struct ServiceTableTests {
    private func instance(_ number: Int, _ version: Version? = nil) -> ServiceInstance {
        ServiceInstance(service: "echo", endpoint: .number(number), version: version, id: "\(number)")
    }

    @Test("the registry is asked once, however many wait")
    func lookup() {
        var services = ServiceTable()
        #expect(services.find("echo", version: nil) == .lookUp)
        #expect(services.find("echo", version: nil) == .wait)
        #expect(services.find("echo", version: "1.0.0") == .wait)
        #expect(services.find("other", version: nil) == .lookUp)
        #expect(services.update("echo", [instance(1)]) == [instance(1)])
        #expect(services.update("echo", [instance(1)]) == [])
        #expect(services.find("echo", version: nil) == .instances([instance(1)]))
        #expect(services.find("other", version: nil) == .wait)
    }

    @Test("an update replaces the list")
    func update() {
        var services = ServiceTable()
        #expect(services.update("echo", [instance(1)]) == [instance(1)])
        #expect(services.find("echo", version: nil) == .instances([instance(1)]))
        #expect(services.update("echo", [instance(1), instance(2, "1.0.0")]) == [instance(2, "1.0.0")])
        #expect(services.find("echo", version: "1.0.0") == .instances([instance(2, "1.0.0")]))
        #expect(services.update("echo", [instance(2, "1.0.0"), instance(3, "1.1.0")]) == [instance(3, "1.1.0")])
        let both = [instance(2, "1.0.0"), instance(3, "1.1.0")]
        #expect(services.find("echo", version: nil) == .instances(both))
        #expect(services.find("echo", version: "1.0.0") == .instances(both))
    }

    @Test("a call without a version takes the newest major version, if so configured")
    func newest() {
        let instances = [
            instance(1), instance(2, "1.9.0"), instance(3, "2.0.0"), instance(4, "2.1.0"), instance(5, "3.0.0-rc.1"),
        ]
        var services = ServiceTable(.newest)
        _ = services.update("echo", instances)
        #expect(services.find("echo", version: nil) == .instances([instances[2], instances[3]]))
        #expect(services.find("echo", version: "1.0.0") == .instances([instances[1]]))
        #expect(services.candidates(for: "echo", version: nil) == [instances[2], instances[3]])
        _ = services.update("echo", [instances[0], instances[4]])
        #expect(services.find("echo", version: nil) == .instances([instances[4]]))
        _ = services.update("echo", [instances[0]])
        #expect(services.find("echo", version: nil) == .instances([instances[0]]))
        #expect(services.takeMixed("echo") == false)
    }

    @Test("mixed versions are reported once for each service")
    func mixed() {
        var services = ServiceTable()
        let both = [instance(1, "1.0.0"), instance(2, "2.0.0")]
        _ = services.update("echo", both)
        _ = services.update("other", [instance(1, "1.0.0"), instance(2, "1.5.0")])
        #expect(services.takeMixed("other") == false)
        #expect(services.takeMixed("echo") == true)
        #expect(services.takeMixed("echo") == false)
        _ = services.update("echo", both)
        #expect(services.takeMixed("echo") == false)
        _ = services.update("other", [instance(1), instance(2, "1.5.0")])
        #expect(services.takeMixed("other") == true)
        _ = services.update("third", both)
        services.remove("third")
        #expect(services.takeMixed("third") == false)
    }

    @Test("a forgotten service is looked up again, unless a look-up is in progress")
    func remove() {
        var services = ServiceTable()
        #expect(services.find("echo", version: nil) == .lookUp)
        #expect(services.find("echo", version: nil) == .wait)
        services.remove("echo")
        #expect(services.find("echo", version: nil) == .lookUp)
        #expect(services.update("echo", [instance(1)]) == [instance(1)])
        services.remove("echo")
        services.askAgain("echo")
        #expect(services.find("echo", version: nil) == .wait)
        // Earlier instances are not remembered.
        #expect(services.candidates(for: "echo", version: nil) == [])
        #expect(services.update("echo", [instance(1)]) == [instance(1)])
    }

    @Test("a service without instances is known, and the error says so")
    func nobody() {
        var services = ServiceTable()
        _ = services.update("echo", [])
        let none = ServiceTable.Found.none("no instance of echo is running")
        #expect(services.find("echo", version: nil) == none)
        #expect(services.find("echo", version: "1.0.0") == none)
    }

    @Test("a service is still empty until its first instance, and not when that leaves")
    func empty() {
        var services = ServiceTable()
        #expect(!services.isStillEmpty("echo"))
        _ = services.update("echo", [])
        _ = services.update("echo", [])
        #expect(services.isStillEmpty("echo") && !services.isStillEmpty("other"))
        _ = services.update("echo", [instance(1)])
        #expect(!services.isStillEmpty("echo"))
        _ = services.update("echo", [])
        #expect(!services.isStillEmpty("echo"))
        services.remove("echo")
        #expect(!services.isStillEmpty("echo"))
    }

    @Test(
        "which instances serve a version",
        arguments: [
            (nil, [0, 1, 2, 3, 4]), ("1.0.0", [1, 2]), ("1.5.0", [1, 2]), ("1.5.1", [2]), ("2.0.0", [3, 4]),
            ("2.0.1", [4]),
        ] as [(Version?, Set<Int>)])
    func versions(asked: Version?, expected: Set<Int>) {
        var services = ServiceTable()
        _ = services.update(
            "echo",
            [instance(0), instance(1, "1.5.0"), instance(2, "1.6.0"), instance(3, "2.0.0"), instance(4, "2.1.0")])
        guard case .instances(let found) = services.find("echo", version: asked) else {
            Issue.record("nobody was found")
            return
        }
        #expect(Set(found.compactMap { Int($0.id) }) == expected)
    }

    @Test("a call may wait until there is a compatible instance")
    func waitForReady() {
        var services = ServiceTable()
        _ = services.update("echo", [])
        #expect(services.find("echo", version: "1.0.0", waitsForReady: true) == .wait)
        _ = services.update("echo", [instance(1, "2.0.0")])
        #expect(services.find("echo", version: "1.0.0", waitsForReady: true) == .wait)
        _ = services.update("echo", [instance(1, "2.0.0"), instance(2, "1.0.0")])
        #expect(
            services.find("echo", version: "1.0.0", waitsForReady: true) == .instances([instance(2, "1.0.0")]))
    }

    @Test("the error for a missing version names the existing ones, each once")
    func noVersion() {
        var services = ServiceTable()
        _ = services.update(
            "echo", [instance(1, "2.0.0"), instance(2), instance(3, "1.5.0"), instance(4, "2.0.0"), instance(5)])
        #expect(
            services.find("echo", version: "1.6.0")
                == .none(
                    "no instance of echo is compatible with 1.6.0; there are 1.5.0, 2.0.0, instances without a version")
        )
        #expect(
            services.find("echo", version: "3.0.0")
                == .none(
                    "no instance of echo is compatible with 3.0.0; there are 1.5.0, 2.0.0, instances without a version")
        )
        _ = services.update("echo", [instance(1)])
        #expect(
            services.find("echo", version: "1.0.0")
                == .none("no instance of echo is compatible with 1.0.0; there are instances without a version"))
    }

    @Test("looking for candidates changes nothing")
    func candidates() {
        var services = ServiceTable()
        #expect(services.candidates(for: "echo", version: nil) == [])
        #expect(services.find("echo", version: nil, waitsForReady: true) == .lookUp)
        #expect(services.update("echo", []) == [])
        #expect(services.find("echo", version: nil, waitsForReady: true) == .wait)
        for _ in 0..<3 { #expect(services.candidates(for: "echo", version: nil) == []) }
        #expect(services.update("echo", [instance(1)]) == [instance(1)])
        #expect(services.candidates(for: "echo", version: nil) == [instance(1)])
        #expect(services.candidates(for: "echo", version: "1.0.0") == [])
    }
}
