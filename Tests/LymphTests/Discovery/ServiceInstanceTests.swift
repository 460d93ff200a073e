import Foundation
import Lymph
import Testing

@Suite struct ServiceInstanceTests {
    /// As Python lymph 0.15 writes it into ZooKeeper.
    private let python = #"""
        {"id": "c114266d2717119043461dd6eae183fe", "identity": "eede8e06992a5682e58f371ea0b82e50", "version": "1.5.0", \#
        "endpoint": "tcp://127.0.0.1:41768", "log_endpoint": "tcp://127.0.0.1:42001", \#
        "monitoring_endpoint": "tcp://127.0.0.1:42002", "backdoor_endpoint": null, "fqdn": "localhost", \#
        "hostname": "b\u00fcro", "ip": "127.0.0.1", "type": false}
        """#

    private func read(_ json: String, id: String? = nil) throws -> ServiceInstance {
        try ServiceInstance(json: Array(json.utf8), service: "echo", id: id)
    }

    private func text(_ instance: ServiceInstance) -> String {
        String(decoding: instance.json(), as: UTF8.self)
    }

    @Test func readsPythonsDocument() throws {
        let instance = try read(python)
        #expect(instance.id == "c114266d2717119043461dd6eae183fe")
        #expect(instance.service == "echo")
        #expect(instance.identity == "eede8e06992a5682e58f371ea0b82e50")
        #expect(instance.version == "1.5.0")
        #expect(instance.endpoint.description == "tcp://127.0.0.1:41768")
        #expect(instance.logEndpoint == "tcp://127.0.0.1:42001")
        #expect(instance.monitoringEndpoint == "tcp://127.0.0.1:42002")
        #expect(instance.backdoorEndpoint == nil)
        #expect(instance.fqdn == "localhost")
        #expect(instance.hostname == "büro")
        #expect(instance.ip == "127.0.0.1")
        #expect(!instance.isWorker)
        #expect(instance.features.isEmpty)
    }

    @Test func writesPythonsDocument() throws {
        #expect(text(try read(python)) == python.replacing(#"\u00fc"#, with: "ü"))
    }

    @Test func keepsWhatItDoesNotKnow() throws {
        let extra = #""a": [1, -2.5, null, true, {"b": "\u0001\"\\"}], "z": 9223372036854775807}"#
        let instance = try read(String(python.dropLast()) + ", " + extra)
        #expect(text(instance).hasSuffix(", " + extra))
        #expect(try read(text(instance)) == instance)
    }

    @Test func roundTripsEverything() throws {
        var instance = ServiceInstance(
            service: "echo", endpoint: try Endpoint(validating: "tcp://[::1]:4100"), version: "2.0.0-rc.1",
            identity: "me", features: ["cancel", "packed"])
        instance.hostname = "a\"b\\c\n\u{7F}😀"
        instance.fqdn = "f"
        instance.ip = "::1"
        instance.logEndpoint = "l"
        instance.monitoringEndpoint = "m"
        instance.backdoorEndpoint = "b"
        instance.isWorker = true
        #expect(try read(text(instance)) == instance)
        #expect(text(instance).contains(#""features": ["cancel", "packed"]"#))
        // Another parser agrees that it is JSON.
        let object = try JSONSerialization.jsonObject(with: Data(instance.json())) as? [String: Any]
        #expect(object?["hostname"] as? String == instance.hostname)
    }

    @Test func needsAnEndpointOnly() throws {
        let instance = try read(#"{"endpoint": "tcp://127.0.0.1:1"}"#)
        #expect(instance.version == nil)
        #expect(instance.id == "tcp://127.0.0.1:1")
        #expect(instance.identity == "tcp://127.0.0.1:1")
        #expect(try read(#"{"endpoint": "tcp://127.0.0.1:1"}"#, id: "node").id == "node")
        #expect(try read(#"{"endpoint": "tcp://127.0.0.1:1", "id": "own"}"#, id: "node").id == "own")
        #expect(try read(#"{"endpoint": "tcp://127.0.0.1:1", "version": "1.0.0"}"#).id == "tcp://127.0.0.1:1@1.0.0")
    }

    @Test(arguments: [
        #""version": "1.5""#, #""version": 3"#, #""version": """#, #""id": 7, "identity": {}"#,
        #""features": "cancel""#,
        #""features": [1]"#, #""type": 1"#, #""fqdn": false, "hostname": [], "ip": 0"#, #""log_endpoint": {}"#,
    ])
    func ignoresWrongTypes(members: String) throws {
        let endpoint = #"{"endpoint": "tcp://127.0.0.1:1""#
        #expect(try read("\(endpoint), \(members)}") == read(endpoint + "}"))
    }

    @Test(arguments: [
        "", "{", "[]", "null", "7", #""x""#, "{}", #"{"endpoint": null}"#, #"{"endpoint": 7}"#,
        #"{"endpoint": "ipc:///tmp/x"}"#, #"{"endpoint": "tcp://example.org:1"}"#, "{\"endpoint\": \"\u{0}\"}",
        #"{"endpoint": "tcp://127.0.0.1:1"} trailing"#, String(repeating: "[", count: 100_000),
        #"{"endpoint": "tcp://127.0.0.1:1", "x": \#(String(repeating: "[", count: 30_000))}"#,
    ])
    func refuses(json: String) throws {
        let error = try #require(throws: ServiceInstanceError.self) { try read(json) }
        #expect(error.service == "echo")
    }

    @Test func refusesRandomBytes() {
        for _ in 0..<2000 {
            var bytes = Array(python.utf8)
            for _ in 0..<3 { bytes[Int.random(in: 0..<bytes.count)] = UInt8.random(in: 0...255) }
            guard let instance = try? ServiceInstance(json: bytes, service: "echo") else { continue }
            #expect((try? ServiceInstance(json: instance.json(), service: "echo")) == instance)
        }
    }

    @Test func inventsIDs() throws {
        let endpoint = try Endpoint(validating: "tcp://127.0.0.1:1")
        let ids = (0..<1000).map { _ in ServiceInstance(service: "echo", endpoint: endpoint).id }
        #expect(Set(ids).count == 1000)
        #expect(ids.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
    }
}
