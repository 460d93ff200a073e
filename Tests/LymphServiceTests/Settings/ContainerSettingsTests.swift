import Lymph
import LymphService
import Testing

@Suite("container")
struct ContainerSettingsTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test("all settings are read")
    func all() throws {
        let configuration = try folder.load(
            """
            container:
                ip: localhost
                port: 4100
                handler_executor: poller
                timeout: 5
                load_balancing: random
                unversioned_calls: newest
                max_message_bytes: 100000
                max_concurrent_requests: 10
                max_queued_bytes: 1MiB
                max_peers: 5
                startup_grace: 1m
                drain_delay: 50ms
                drain_timeout: 2s
                io_threads: 2
                log_endpoint: tcp://127.0.0.1:4200
                metrics: {class: 'lymph.core.monitoring.aggregator:Aggregator', tags: {zone: a, rack: 5}}
                rpc: {class: 'lymph.core.rpc:ZmqRPCServer', connection: {heartbeat_interval: 1, timeout: 3}}
                events: {class: 'lymph.events.null:NullEventSystem'}
            """)
        let container = try configuration.peerConfiguration()
        #expect(container.ip == "127.0.0.1")
        #expect(container.port == 4100)
        #expect(container.handlerExecutor == .poller)
        #expect(container.timeout == .seconds(5))
        #expect(container.loadBalancing == .random)
        #expect(container.unversionedCalls == .newest)
        #expect(configuration.warnings.count == 1)
        #expect(container.maxMessageBytes == 100_000)
        #expect(container.maxConcurrentRequests == 10)
        #expect(container.maxQueuedBytes == 1 << 20)
        #expect(container.maxPeers == 5)
        #expect(container.startupGrace == .seconds(60))
        #expect(container.drainDelay == .milliseconds(50))
        #expect(container.drainTimeout == .seconds(2))
        #expect(container.ioThreads == 2)
        #expect(try configuration.logEndpoint()?.description == "tcp://127.0.0.1:4200")
        #expect(container.metricsTags == ["zone": "a", "rack": "5"])
    }

    @Test("address, port and pool size are also read from Python's keys")
    func python() throws {
        let container = try folder.load("container: {ip: , rpc: {ip: 127.0.0.5, port: 4}, pool: {size: 7}}")
            .peerConfiguration()
        #expect(container.port == 4)
        #expect(container.maxConcurrentRequests == 7)
    }

    @Test("defaults apply without settings")
    func defaults() throws {
        let container = try folder.load("").peerConfiguration()
        #expect(container.ip == "127.0.0.1")
        #expect(container.port == 0)
        #expect(container.timeout == PeerConfiguration().timeout)
        #expect(container.startupGrace == .seconds(10))
    }

    @Test(
        "mistakes",
        arguments: [
            ("prot: 1", "container.prot: unknown key; did you mean port? allowed: debug, drain_delay, "),
            ("port: 70000", "container.port: found the number 70000; allowed: a whole number from 0 to 65535"),
            ("port: abc", #"container.port: found the string "abc"; allowed: a whole number from 0 to 65535"#),
            ("ip: 300.1.1.1", #"container.ip: found the string "300.1.1.1"; allowed: an IP address"#),
            ("ip: 5", "container.ip: found the number 5; allowed: a string: put it in quotes"),
            ("drain_timeout: soon", #"container.drain_timeout: found the string "soon"; allowed: a time in seconds"#),
            ("max_peers: 0", "container.max_peers: found the number 0; allowed: a whole number from 1"),
            (
                "max_message_bytes: 1",
                "container.max_message_bytes: found the number 1; allowed: a size in bytes, or with a unit"
            ),
            ("max_message_bytes: 7KiB", #"container.max_message_bytes: found the string "7KiB"; allowed: a size"#),
            ("max_queued_bytes: 1Kb", #"container.max_queued_bytes: found the string "1Kb"; allowed: a size"#),
            ("handler_executor: x", #"container.handler_executor: found the string "x"; allowed: pool, poller"#),
            ("rpc: {conection: {}}", "container.rpc.conection: unknown key; did you mean connection?"),
            ("rpc: {connection: {timeot: 1}}", "container.rpc.connection.timeot: unknown key; did you mean timeout?"),
        ])
    func mistakes(line: String, expected: String) {
        let mistake = folder.mistake("container:\n    \(line)") { _ = try $0.peerConfiguration() }
        #expect(mistake.hasPrefix("conf.yml:2: \(expected)"), "\(mistake)")
    }

    @Test("events are a mistake in a service, but not in a client")
    func events() throws {
        let text = "container:\n    events: {class: 'lymph.events.kombu:KombuEventSystem'}"
        #expect(try folder.load(text).peerConfiguration().ip == "127.0.0.1")
        let mistake = folder.mistake(text) { try $0.checkEvents() }
        #expect(
            mistake.hasPrefix(
                "conf.yml:2: container.events.class: found the string \"lymph.events.kombu:KombuEventSystem\": events are not"
            ), "\(mistake)")
    }

    @Test("Python's own key for the address takes precedence")
    func rpcAddress() throws {
        let text = "container: {ip: 127.0.0.4, rpc: {ip: 127.0.0.5}}"
        #expect(try folder.load(text).peerConfiguration().ip == "127.0.0.5")
        #expect(try folder.load("container: {rpc: {ip: 127.0.0.5}}").peerConfiguration().ip == "127.0.0.5")
    }

    @Test("all mistakes are reported together, each once")
    func several() {
        let mistake = folder.mistake(
            """
            container:
              ip: 5
              prot: 1
              port: x
              max_peers: 0
              io_threads: 0
              drain_delay: soon
              metrics: {tags: {a: [1], b: {}}}
              rpc: {port: -1, connection: {timeout: x, idle: 1}}
            """
        ) { _ = try $0.peerConfiguration() }
        let lines = mistake.split(separator: "\n").map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
        #expect(
            lines == [
                "conf.yml:2: container.ip:", "conf.yml:3: container.prot:", "conf.yml:4: container.port:",
                "conf.yml:5: container.max_peers:", "conf.yml:6: container.io_threads:",
                "conf.yml:7: container.drain_delay:", "conf.yml:8: container.metrics.tags.a:",
                "conf.yml:8: container.metrics.tags.b:", "conf.yml:9: container.rpc.port:",
                "conf.yml:9: container.rpc.connection.timeout:", "conf.yml:9: container.rpc.connection.idle:",
            ], "\(mistake)")
        let limits = folder.mistake("container: {max_peers: 0, io_threads: 0, pool: {size: 0}}") {
            _ = try $0.peerConfiguration()
        }
        #expect(limits.split(separator: "\n").count == 3)
    }

    @Test(
        "an address that nobody can connect to",
        arguments: ["0.0.0.0", "'::'", "0.0.0.1", "224.0.0.1", "255.255.255.255", "'ff02::1'", "'::ffff:0.0.0.0'"])
    func unreachable(ip: String) {
        for text in ["ip: \(ip)", "rpc: {ip: \(ip)}"] {
            let mistake = folder.mistake("container: {\(text)}") { _ = try $0.peerConfiguration() }
            #expect(
                mistake.hasSuffix(
                    "allowed: an IP address of this machine that peers can reach; --guess-external-ip finds one"),
                "\(mistake)")
            #expect(mistake.contains(ip.replacing("'", with: "")))
        }
    }

    @Test("such addresses are refused for the published log and in the environment, too")
    func unreachableElsewhere() throws {
        #expect(
            folder.mistake("container: {log_endpoint: 'tcp://0.0.0.0:4200'}") { _ = try $0.logEndpoint() }
                .hasPrefix(
                    #"conf.yml:1: container.log_endpoint: found the string "tcp://0.0.0.0:4200"; allowed: an addr"#))
        #expect(
            folder.mistake("", environment: ["LYMPH_NODE_IP": "0.0.0.0"]) { _ = try $0.peerConfiguration() }
                .hasPrefix(#"environment variable LYMPH_NODE_IP: container.ip: found the string "0.0.0.0"; allowed: "#))
        var configuration = try folder.load("container: {rpc: {ip: 0.0.0.0}}")
        configuration.set("container.ip", to: "127.0.0.7", option: "--ip")
        #expect(try configuration.peerConfiguration().ip == "127.0.0.7")
    }

    @Test("invalid tags and log endpoints are mistakes")
    func others() {
        #expect(
            folder.mistake("container: {metrics: {tags: {a: [1]}}}") { _ = try $0.peerConfiguration() }
                == "conf.yml:1: container.metrics.tags.a: found a list; allowed: a string")
        #expect(
            folder.mistake("container: {log_endpoint: x}") { _ = try $0.logEndpoint() }
                .hasPrefix("conf.yml:1: container.log_endpoint: "))
    }
}
