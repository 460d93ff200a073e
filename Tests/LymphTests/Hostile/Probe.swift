import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

extension Hostile {
    @Suite("Probe") struct Probe {
        @Test func stolen() async throws {
            try await withStage(.zeroMQ) { stage in
                let other = stage.fixture.client()
                try await withClient(other) { other in
                    let echo = other.proxy("echo")
                    let x: String = try await echo.upper(text: "a")
                    let tcp = RawTCP()
                    let victim = try #require(await other.poller.endpoint)
                    let connection = try await tcp.open(to: stage.endpoint, identity: Array(victim.description.utf8))
                    try await tcp.send(ZMTP.message(frames(kind: "nonsense")), on: connection)
                    try await eventually { await stage.poller.statistics.dropped(.kind) == 1 }
                    await tcp.closeAll()
                    let t = ContinuousClock.now
                    try await eventually(within: .seconds(50)) {
                        let text: String? = try? await echo.with(timeout: .milliseconds(200)).upper(text: "back")
                        return text == "BACK"
                    }
                    print("PROBE recovered after", ContinuousClock.now - t, x)
                }
            }
        }

        @Test func deadline() async throws {
            let fixture = Fixture(.inMemory)
            for round in 0..<3000 {
                var client: Client? = Client(
                    registry: fixture.registry, configuration: fixture.configuration(), logger: .quiet)
                let task: Task<Value, any Error>? = client?.proxy(
                    "tcp://127.0.0.1:9", interface: "x", timeout: .milliseconds(3)
                ).defer("y")
                task?.cancel()
                let end = ContinuousClock.now + .microseconds(2600 + (round % 200) * 8)
                _ = try? await task?.value
                while ContinuousClock.now < end {}
                client = nil
                if round % 500 == 0 { print("PROBE round", round) }
            }
        }

        @Test func ids() async throws {
            try await withStage(.zeroMQ, server: { $0.maxQueuedBytes = 1_000_000 }) { stage in
                let tcp = RawTCP()
                let c = try await tcp.open(to: stage.endpoint, identity: Array("tcp://127.0.0.1:1".utf8))
                let before = Memory.resident()
                for _ in 0..<64 {
                    try await tcp.send(
                        ZMTP.message(
                            frames(id: String(repeating: "i", count: 1_000_000), about: "lymph.ping", body: [0x80])),
                        on: c)
                }
                try await stage.expectService()
                try await Task.sleep(for: .milliseconds(500))
                print(
                    "PROBE undeliverable", await stage.poller.statistics.dropped(.undeliverable), "of 64; grown by",
                    (Memory.resident() - before) >> 20)
                await tcp.closeAll()
            }
        }

        @Test func starve() async throws {
            try await withStage(.zeroMQ, server: { $0.maxQueuedBytes = 8_000_000 }) { stage in
                let tcp = RawTCP()
                // never reads
                let c = try await tcp.open(to: stage.endpoint, identity: Array("tcp://127.0.0.1:1".utf8))
                let body = try (["text": .string(String(repeating: "i", count: 1000)), "times": 1000] as Value)
                    .encoded()
                let headers = try (["return": "same"] as Value).encoded()
                for _ in 0..<1200 {
                    try await tcp.send(ZMTP.message(frames(about: "echo.repeat", headers: headers, body: body)), on: c)
                }
                try await eventually { await stage.poller.statistics.dropped(.undeliverable) > 10 }
                print("PROBE undeliverable", await stage.poller.statistics.dropped(.undeliverable))
                let d = await stage.poller.statistics.dropped(.undeliverable)
                for _ in 0..<8000 {
                    try await tcp.send(ZMTP.message(frames(about: "lymph.ping", headers: headers, body: [0x80])), on: c)
                }
                try await eventually { await stage.poller.statistics.dropped(.undeliverable) > d + 10 }
                print("PROBE undeliverable", await stage.poller.statistics.dropped(.undeliverable))
                let other = try await RawPeer(stage.fixture, target: stage.endpoint)
                try await other.request("lymph.ping", [:], id: "new")
                try await Task.sleep(for: .seconds(1))
                let received = await raceNext(other)
                print("PROBE new peer got", received, await stage.poller.statistics.dropped(.undeliverable))
                let text: String? = try? await stage.echo.with(timeout: .seconds(1)).upper(text: "x")
                print("PROBE client", text as Any)
                await other.close()
                await tcp.closeAll()
            }
        }

        @Test func ownCalls() async throws {
            try await withStage(.zeroMQ, server: { $0.maxPeers = 8 }) { stage in
                let tcp = RawTCP()
                for n in 1...20 {
                    let c = try await tcp.open(to: stage.endpoint, identity: Array("tcp://127.0.0.1:\(n)".utf8))
                    try await tcp.send(ZMTP.message(frames(about: "lymph.ping", body: [0x80])), on: c)
                }
                try await eventually { await stage.poller.statistics.dropped(.undeliverable) == 13 }
                let second = try stage.fixture.container()
                try await withServiceContainer(second) { e in
                    do {
                        let x: String = try await stage.container.client.proxy(e.description, interface: "echo").upper(
                            text: "x")
                        print("PROBE", x)
                    } catch { print("PROBE", error) }
                }
                await tcp.closeAll()
            }
        }

        @Test func parts() async throws {
            try await withStage(.zeroMQ, server: { $0.maxMessageBytes = 1_000_000 }) { stage in
                let tcp = RawTCP()
                let c = try await tcp.open(to: stage.endpoint, identity: Array("tcp://127.0.0.1:1".utf8))
                let before = Memory.resident()
                let part = ZMTP.header(flags: 1, count: 100_000) + [UInt8](repeating: 0, count: 100_000)
                do { for _ in 0..<2000 { try await tcp.send(part, on: c) } } catch { print("PROBE", error) }
                try await stage.expectService()
                print("PROBE 200 MB of parts; grown by", (Memory.resident() - before) >> 20)
                let tiny =
                    [UInt8](repeating: 0, count: 20_000).enumerated().map { $0.offset % 2 == 0 ? 1 : 0 } as [UInt8]
                let before2 = Memory.resident()
                for _ in 0..<200 { try await tcp.send(tiny, on: c) }
                try await stage.expectService()
                print("PROBE 4 MB of empty parts; grown by", (Memory.resident() - before2) >> 20)
                await tcp.closeAll()
            }
        }

        @Test func levels() async throws {
            try await withStage(.zeroMQ) { stage in
                let t0 = ContinuousClock.now
                for _ in 0..<200 {
                    try await stage.peer.request("lymph.ping", ["x": 1], id: "p"); _ = await stage.peer.next()
                }
                print("PROBE 200 refused pings", ContinuousClock.now - t0)
                for n in 0..<5000 {
                    try await stage.peer.request(
                        "lymph.change_loglevel",
                        ["qualname": .string("label \(n)"), "loglevel": "INFO", "period": 86400], id: "l")
                    let a = await stage.peer.next()
                    if a.kind != "REP" { print("PROBE refused at", n); break }
                }
                let t1 = ContinuousClock.now
                for _ in 0..<200 {
                    try await stage.peer.request("lymph.ping", ["x": 1], id: "p"); _ = await stage.peer.next()
                }
                print("PROBE 200 refused pings", ContinuousClock.now - t1)
            }
        }

        @Test func gone() async throws {
            try await withStage(.inMemory) { stage in
                let nobody = try Endpoint(host: "127.0.0.1", port: 9)
                let headers = try (["return": "same"] as Value).encoded()
                for _ in 0..<10 {
                    stage.fixture.network.deliver(
                        frames(about: "lymph.ping", headers: headers, body: [0x80]), to: stage.endpoint,
                        over: .back(nobody))
                }
                try await Task.sleep(for: .seconds(2))
                print(
                    "PROBE empty", await stage.poller.outboxes.isEmpty(.back(nobody)), "retryAt",
                    await stage.poller.outboxes.retryAt as Any)
            }
        }

        @Test func many() async throws {
            try await withStage(.zeroMQ, server: { $0.maxPeers = 4096 }) { stage in
                func time() async throws -> Duration {
                    let t = ContinuousClock.now
                    for _ in 0..<300 { let x: String = try await stage.echo.upper(text: "a"); _ = x }
                    return (ContinuousClock.now - t) / 300
                }
                print("PROBE", try await time())
                let tcp = RawTCP()
                for n in 1...4000 {
                    let c = try await tcp.open(
                        to: stage.endpoint, identity: Array("tcp://127.0.\(n / 250).\(n % 250 + 1):9".utf8))
                    try await tcp.send(ZMTP.message(frames(about: "lymph.ping", body: [0x80])), on: c)
                    if n % 1000 == 0 {
                        try await Task.sleep(for: .seconds(1))
                        print("PROBE", await stage.poller.peers.count, try await time())
                    }
                    if n % 50 == 0 { try await eventually { await stage.poller.peers.count > n }; await tcp.closeAll() }
                }
            }
        }

        @Test func files() async throws {
            try await withStage(.zeroMQ) { stage in
                let tcp = RawTCP()
                for n in 1...600 {
                    let c = try await tcp.open(
                        to: stage.endpoint, identity: Array("tcp://127.0.\(n / 250).\(n % 250 + 1):9".utf8))
                    try await tcp.send(ZMTP.message(frames(about: "lymph.ping", body: [0x80])), on: c)
                    if n % 10 == 0 {
                        try await eventually(within: .seconds(2)) { await stage.poller.peers.count > n };
                        await tcp.closeAll()
                        print(
                            "PROBE", n, await stage.poller.peers.count,
                            await stage.poller.statistics.dropped(.undeliverable))
                    }
                }
            }
        }

        @Test func amplify() async throws {
            try await withStage(.zeroMQ) { stage in
                let before = Memory.resident()
                let t = ContinuousClock.now
                let n = 8_000_000
                let body =
                    [0x81] + Bad.string("payload") + [0xdd] + withUnsafeBytes(of: UInt32(n).bigEndian) { Array($0) }
                    + [UInt8](repeating: 1, count: n)
                let a = try await stage.answers(to: frames(about: "lymph.ping", body: body))
                print(
                    "PROBE ping of 8 MB", a.map(\.kind), ContinuousClock.now - t, "grown by",
                    (Memory.resident() - before) >> 20, "stride", MemoryLayout<Value>.stride)
                let h =
                    [0x81] + Bad.string("version") + [0xdd] + withUnsafeBytes(of: UInt32(n).bigEndian) { Array($0) }
                    + [UInt8](repeating: 1, count: n)
                let t2 = ContinuousClock.now
                let b = try await stage.answers(to: frames(about: "lymph.ping", headers: h, body: [0x80]))
                print("PROBE version of 8 MB", b.map(\.kind), ContinuousClock.now - t2)
            }
        }

        @Test func lines() async throws {
            try await withStage(.zeroMQ) { stage in
                let mega = String(repeating: "x", count: 1_000_000)
                for (name, message) in [
                    ("subject", frames(about: mega + ".x")), ("method", frames(about: "echo." + mega)),
                    ("id", frames(id: mega, kind: "REP", about: mega)),
                    ("version", frames(headers: try (["version": .string(mega)] as Value).encoded())),
                    (
                        "version array",
                        frames(
                            headers: try (["version": .array(Array(repeating: 1, count: 100_000))] as Value).encoded())
                    ),
                    ("argument", frames(body: try (Value.map([.string(mega): 1])).encoded())),
                    (
                        "argument value",
                        frames(body: try (["text": .array(Array(repeating: 1, count: 100_000))] as Value).encoded())
                    ),
                    (
                        "loglevel",
                        frames(
                            about: "lymph.change_loglevel",
                            body: try (["qualname": "x", "loglevel": .string(mega)] as Value).encoded())
                    ),
                    (
                        "qualname",
                        frames(
                            about: "lymph.change_loglevel",
                            body: try (["qualname": .string(mega), "loglevel": "TRACE"] as Value).encoded())
                    ),
                    (
                        "date",
                        frames(about: "echo.upper", body: try (["text": ["a": .string(mega)]] as Value).encoded())
                    ),
                    ("kind", frames(kind: mega)),
                    ("trace", frames(headers: try (["trace_id": .string(mega)] as Value).encoded())),
                    ("idreq", frames(id: mega)),
                ] {
                    let before = stage.log.count
                    let t = ContinuousClock.now
                    let a = try await stage.answers(
                        to: message,
                        fromMethod: ["REP"].contains(String(decoding: message[1], as: UTF8.self)) || name == "kind"
                            ? 0 : 1)
                    print(
                        "PROBE", name, ContinuousClock.now - t,
                        stage.log.lines(after: before).map { ($0.message, $0.size) }, a.map { $0.frames.map(\.count) })
                }
            }
        }
    }
}
func raceNext(_ peer: RawPeer) async -> String {
    let got = Lock("nothing")
    Task.detached {
        let k = await peer.next().kind; got.withLock { $0 = k }
    }
    try? await Task.sleep(for: .seconds(1))
    return got.withLock { $0 }
}
