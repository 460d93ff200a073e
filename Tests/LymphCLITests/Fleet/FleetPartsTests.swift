import Lymph
import LymphFleet
import LymphService
import MessagePack
import Testing

@testable import LymphCLI

struct FleetPartsTests {
    @Test func sumsUpPings() {
        var statistics = PingStatistics()
        statistics.succeed(after: .milliseconds(1))
        statistics.succeed(after: .milliseconds(3))
        statistics.fail(Failure(.timeout, "late"))
        statistics.fail(Failure(.notConnected, "away"))
        #expect(
            statistics.lines(of: "echo").plain == [
                "", "--- echo ping statistics ---", "4 requests sent, 2 answered, 50 % lost",
                "round trip min/avg/max/mdev = 1.000/2.000/3.000/1.000 ms",
            ])
        #expect(statistics.status == .success)
        #expect(statistics.json(of: "echo")["loss"] == .double(0.5))
    }

    @Test func showsAnyStatus() {
        let connection: Value = [
            "endpoint": "tcp://127.0.0.1:1", "state": "responsive", "rtt": 0.0012, "phi": 0.24, "outstanding": 3,
        ]
        let strange: Value = ["rtt": .double(.infinity), "phi": .double(.nan), "outstanding": "\u{1b}"]
        let status = ServiceStatus(["endpoint": "a", "identity": "b", "connections": [connection, strange]])
        #expect(
            status.lines(width: 80).plain == [
                "a", "identity b", "",
                "connection to      state       round trip  phi  outstanding",
                "tcp://127.0.0.1:1  responsive     1.20 ms  0.2            3",
                "?                  ?                    –  nan     \"\\u001b\"",
            ])
        #expect(
            ServiceStatus(["endpoint": "a", "connections": []]).lines(width: 80).plain.last == "no connections")
        #expect(ServiceStatus(.nil).lines(width: 80).plain == ["?"])
    }

    @Test func pingsWithoutAnswerEndAsTheLastOneFailed() {
        var statistics = PingStatistics()
        #expect(statistics.status == .interrupted)
        statistics.fail(Failure(.notConnected, "away"))
        #expect(statistics.status == .notConnected)
        #expect(statistics.json(of: "x")["rtt_ms"] == nil)
    }

    @Test func namesWhoHasAnswered() throws {
        let inspection = try Inspection(
            ["methods": [["name": "echo.upper", "params": ["text"]]]], address: "echo", endpoint: "tcp://127.0.0.1:1")
        #expect(
            inspection.lines(width: 80).plain == [
                "RPC interfaces of echo at tcp://127.0.0.1:1", "", "echo", "  rpc upper(text)",
            ])
    }

    @Test func builtinsComeLastAndHelpIsWrapped() throws {
        let help = Value.string(String(repeating: "word ", count: 30))
        let inspection = try Inspection(
            [
                "methods": [
                    ["name": "lymph.ping", "version": "0.15.0", "help": help], ["name": "zebra.run", "help": "a\n  b"],
                ]
            ],
            address: "z", endpoint: nil)
        let lines = inspection.lines(width: 40).plain
        #expect(lines.filter { !$0.hasPrefix(" ") } == ["RPC interfaces of z", "", "zebra", "", "lymph@0.15.0"])
        #expect(lines.allSatisfy { $0.displayWidth <= 40 })
        #expect(lines.contains("        b"))
    }

    @Test func showsTypesIfTheServiceTellsThem() throws {
        let order: Value = [
            "name": "shop.place", "params": ["lines", "note", "copies"], "help": "Places an order.",
            "types": ["lines": ["list", ["ref", "Line"]], "note": ["optional", "string"], "copies": "int64"],
            "defaults": ["note": nil, "copies": 1], "returns": ["ref", "Order"],
            "raises": [["OutOfStock", ["sku", "string"]]], "idempotent": true,
            "defs": [
                ["Order", "object", [["lines", ["list", ["ref", "Line"]]], ["state", ["ref", "State"]]]],
                ["Line", "object", [["sku", "string"], ["quantity", "int64"], ["note", "string", false]]],
                ["State", "enum", ["open", "closed"]],
            ],
        ]
        let inspection = try Inspection(
            ["methods": [order, ["name": "shop.raw", "params": ["a"]]]], address: "shop", endpoint: nil)
        #expect(
            inspection.lines(width: 60).plain == [
                "RPC interfaces of shop", "", "shop",
                "  rpc place(lines: [Line], note: String?, copies: Int = 1) -> Order", "      Places an order.",
                "      Line: sku: String, quantity: Int, note: String?", "      Order: lines: [Line], state: State",
                #"      State: "open" | "closed""#, "      raises: OutOfStock(sku: String)",
                "      idempotent: may run twice for one call", "  rpc raw(a)",
            ])
        #expect(
            inspection.lines(width: 36).plain.contains("      Line: sku: String, quantity:")
                && inspection.lines(width: 36).plain.contains("        Int, note: String?"))
    }

    @Test func listsServices() throws {
        let endpoint = try Endpoint(host: "127.0.0.1", port: 4100)
        let instances = ["1.10.0", "1.9.0"].map {
            ServiceInstance(
                service: "echo", endpoint: endpoint, version: Version($0), id: $0, identity: "0123456789abc")
        }
        var listing = ServiceListing(
            survey: Survey(services: ["echo": instances, "away": []]), showsInstances: true, showsVersions: true,
            isFull: false)
        #expect(
            listing.lines(width: 80).plain == [
                "away [0]", "", "echo@1.9.0 [1]", "[0123456789]  1.9.0  tcp://127.0.0.1:4100", "", "echo@1.10.0 [1]",
                "[0123456789]  1.10.0  tcp://127.0.0.1:4100",
            ])
        listing = ServiceListing(survey: listing.survey, showsInstances: false, showsVersions: false, isFull: false)
        #expect(listing.lines(width: 80).plain == ["away [0]", "echo [1]"])
    }

    @Test(
        arguments: [
            ("directory", "directory", nil, nil), ("directory:/a:b", "directory", "path", "/a:b"),
            ("zookeeper:a:1,b:2/c", "zookeeper", "hosts", "a:1,b:2/c"),
        ] as [(String, String, String?, String?)])
    func readsRegistryOptions(text: String, name: String, key: String?, value: String?) throws {
        let choice = try RegistryChoice(text)
        #expect(choice.name == name)
        #expect(choice.setting?.key == key)
        #expect(choice.setting?.value == value)
    }

    @Test(arguments: ["", "nix", "directory:", "static:a"])
    func refusesOtherRegistryOptions(text: String) {
        #expect(throws: Failure.self) { try RegistryChoice(text) }
    }

    @Test func usageErrorsAreOneLine() {
        let message =
            "Error: Unknown option '--nix'.\nUsage: lymph discover [<name>]\n  See 'lymph discover --help' for more information."
        #expect(
            UsageError.failure(message)
                == Failure(.usage, "Unknown option '--nix'", advice: "`lymph discover --help` shows what is allowed"))
        #expect(
            UsageError.unknownCommand("dscover", known: ["discover", "ping"]).message
                == "there is no command dscover; did you mean discover?")
    }

    @Test(
        arguments: [
            ("2", 2.0), ("0.25", 0.25), ("0", nil), ("-1", nil), ("x", nil), ("inf", nil), ("nan", nil), ("1e99", nil),
        ] as [(String, Double?)])
    func readsSeconds(text: String, seconds: Double?) {
        #expect(Seconds(argument: text) == seconds.map { Seconds($0) })
    }
}
