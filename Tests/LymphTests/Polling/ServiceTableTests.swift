import Testing

@testable import Lymph

@Suite("Services that are called by name")
struct ServiceTableTests {
    private func instance(_ number: Int, _ version: Version? = nil) -> ServiceInstance {
        ServiceInstance(service: "echo", endpoint: .number(number), version: version, id: "\(number)")
    }

    @Test("the registry is asked once, whoever else waits")
    func lookup() {
        var services = ServiceTable()
        #expect(services.find("echo", version: nil, for: 1) == .lookUp)
        #expect(services.find("echo", version: nil, for: 2) == .wait)
        #expect(services.find("echo", version: "1.0.0", for: 3) == .wait)
        #expect(services.find("other", version: nil, for: 4) == .lookUp)
        #expect(services.update("echo", [instance(1)]) == [1, 2, 3])
        #expect(services.update("echo", [instance(1)]) == [])
        #expect(services.find("echo", version: nil, for: 1) == .instance(instance(1)))
        #expect(services.update("other", []) == [4])
    }

    @Test("an update replaces the list")
    func update() {
        var services = ServiceTable()
        _ = services.update("echo", [instance(1)])
        _ = services.update("echo", [instance(2)])
        for id in UInt128(0)..<100 { #expect(services.find("echo", version: nil, for: id) == .instance(instance(2))) }
    }

    @Test("a service that is forgotten is looked up again")
    func remove() {
        var services = ServiceTable()
        #expect(services.find("echo", version: nil, for: 1) == .lookUp)
        #expect(services.find("echo", version: nil, for: 2) == .wait)
        #expect(services.remove("echo") == [1, 2])
        #expect(services.remove("echo") == [])
        #expect(services.find("echo", version: nil, for: 3) == .lookUp)
        #expect(services.update("echo", [instance(1)]) == [3])
        #expect(services.remove("echo") == [])
        #expect(services.find("echo", version: nil, for: 4) == .lookUp)
    }

    @Test("a service without instances is known, and the error says so")
    func nobody() {
        var services = ServiceTable()
        _ = services.update("echo", [])
        let none = ServiceTable.Found.none("no instance of echo is running")
        #expect(services.find("echo", version: nil, for: 1) == none)
        #expect(services.find("echo", version: "1.0.0", for: 1) == none)
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
        var found: Set<Int> = []
        for id in UInt128(0)..<500 {
            guard case .instance(let instance) = services.find("echo", version: asked, for: id) else {
                Issue.record("nobody was found")
                return
            }
            found.insert(Int(instance.id) ?? -1)
        }
        #expect(found == expected)
    }

    @Test("the error for a version that nobody has names those that there are, each once")
    func noVersion() {
        var services = ServiceTable()
        _ = services.update(
            "echo", [instance(1, "2.0.0"), instance(2), instance(3, "1.5.0"), instance(4, "2.0.0"), instance(5)])
        #expect(
            services.find("echo", version: "1.6.0", for: 1)
                == .none("no instance of echo is compatible with 1.6.0; there are 1.5.0, 2.0.0, without a version"))
        #expect(
            services.find("echo", version: "3.0.0", for: 1)
                == .none("no instance of echo is compatible with 3.0.0; there are 1.5.0, 2.0.0, without a version"))
        _ = services.update("echo", [instance(1)])
        #expect(
            services.find("echo", version: "1.0.0", for: 1)
                == .none("no instance of echo is compatible with 1.0.0; there are without a version"))
    }

    @Test("calls are spread evenly")
    func distribution() {
        var services = ServiceTable()
        _ = services.update("echo", (0..<10).map { instance($0) })
        var counts = [Int](repeating: 0, count: 10)
        for id in UInt128(0)..<20_000 {
            guard case .instance(let instance) = services.find("echo", version: nil, for: id) else { continue }
            counts[Int(instance.id) ?? 0] += 1
        }
        // 2000 each are expected, with a standard deviation of 43: this allows for more than ten of them.
        #expect(counts.allSatisfy { (1500...2500).contains($0) }, "\(counts)")
        #expect(counts.reduce(0, +) == 20_000)
    }

    @Test("two tables choose differently")
    func seeds() {
        let choices = (0..<2).map { _ in
            var services = ServiceTable()
            _ = services.update("echo", (0..<10).map { instance($0) })
            return (UInt128(0)..<50).map { services.find("echo", version: nil, for: $0) }
        }
        #expect(choices[0] != choices[1])
    }
}
