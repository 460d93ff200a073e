import Lymph
import MessagePack
import Testing

@testable import LymphFleet

struct DoctorPartsTests {
    private func instance(
        _ service: String, _ host: String, port: UInt16 = 4100, identity: String = "a", version: Version? = nil
    ) throws -> ServiceInstance {
        ServiceInstance(
            service: service, endpoint: try Endpoint(host: host, port: port), version: version, identity: identity)
    }

    private func registry(_ instances: [ServiceInstance], isLocal: Bool = true) -> [Finding] {
        RegistryExamination(instances: instances, isLocal: isLocal).findings
    }

    @Test func twoProcessesAtOneAddressAreAProblem() throws {
        let found = registry([
            try instance("echo", "10.0.0.1", identity: "a"), try instance("other", "10.0.0.1", identity: "b"),
        ])
        #expect(found.map(\.check) == ["identity clash"])
        #expect(found[0].verdict == .problem)
        #expect(found[0].message.contains("(a, b) for echo, other"))
    }

    @Test func oneIdentityAtTwoAddressesIsAProblem() throws {
        let found = registry([try instance("echo", "10.0.0.1"), try instance("echo", "10.0.0.2")])
        #expect(found.map(\.verdict) == [.problem])
        #expect(found[0].message.contains("tcp://10.0.0.1:4100 and tcp://10.0.0.2:4100"))
    }

    @Test func addressesThatOthersCannotUse() throws {
        let loopback = try instance("echo", "127.0.0.1")
        #expect(registry([loopback]).map(\.verdict) == [.fine])
        #expect(registry([loopback], isLocal: false).map(\.verdict) == [.warning])
        #expect(registry([try instance("echo", "0.0.0.0")]).map(\.verdict) == [.problem])
        #expect(registry([]).isEmpty)
    }

    private func seen(_ change: (inout PeerObservation) throws -> Void = { _ in }) throws -> PeerObservation {
        var seen = PeerObservation(endpoint: try Endpoint(host: "10.0.0.1", port: 4100))
        seen.dial = .connected(after: .milliseconds(1))
        seen.ping = .success(.milliseconds(2))
        seen.status = ServiceStatus(["endpoint": "tcp://10.0.0.1:4100", "identity": "a"])
        seen.ownAddress = "10.0.0.2"
        try change(&seen)
        return seen
    }

    private func problems(_ seen: PeerObservation) -> [Finding] {
        PeerExamination(seen: seen).findings.filter { $0.verdict == .problem }
    }

    @Test func aHealthyPeerHasNoProblem() throws {
        let findings = PeerExamination(seen: try seen()).findings
        #expect(findings.map(\.check) == ["dial", "handshake", "ping", "identity", "clock"])
        #expect(findings.map(\.verdict) == [.fine, .fine, .fine, .fine, .unknown])
    }

    @Test func eachStepHasItsProblem() throws {
        #expect(
            problems(try seen { $0.dial = .refused("Connection refused") })[0].message.hasSuffix("Connection refused"))
        #expect(problems(try seen { $0.dial = .timeout })[0].message.contains("firewall"))
        let silent = try seen { $0.ping = .failure(FleetFailure(.notConnected, "x")) }
        #expect(problems(silent).map(\.check) == ["handshake"])
        let hanging = try seen { $0.ping = .failure(FleetFailure(.timeout, "x")) }
        #expect(problems(hanging)[0].message.contains("hangs"))
        let oneWay = try seen {
            $0.ping = .failure(FleetFailure(.timeout, "x"))
            $0.ownAddress = "127.0.0.1"
        }
        #expect(problems(oneWay)[0].advice?.contains("--ip") == true)
    }

    @Test func aStrangerAtTheAddressIsAClash() throws {
        let renamed = try seen { $0.status = ServiceStatus(["endpoint": "tcp://10.0.0.9:4100", "identity": "a"]) }
        #expect(problems(renamed).map(\.check) == ["identity clash"])
        let replaced = try seen { $0.registered = [try instance("echo", "10.0.0.1", identity: "b")] }
        #expect(problems(replaced).map(\.check) == ["identity clash"])
        let expected = try seen { $0.registered = [try instance("echo", "10.0.0.1", identity: "a")] }
        #expect(problems(expected).isEmpty)
    }

    @Test func whatIsRegisteredMustBeServed() throws {
        let observed = try seen {
            $0.registered = [try instance("echo", "10.0.0.1", version: "1.5.0"), try instance("lymph", "10.0.0.1")]
            $0.inspection = try Inspection(
                ["methods": [["name": "echo.upper", "version": "2.0.0"]]], address: "x", endpoint: nil)
        }
        let found = problems(observed)
        #expect(found.map(\.check) == ["version mismatch"])
        #expect(found.first?.message.contains("echo@1.5.0, but serves echo@2.0.0") == true)
    }

    @Test func anInterfaceWithoutMethodsIsNoProblem() throws {
        let observed = try seen {
            $0.registered = [try instance("echo", "10.0.0.1", version: "2.0.0"), try instance("audit", "10.0.0.1")]
            $0.inspection = try Inspection(
                ["methods": [["name": "echo.upper", "version": "2.0.0"]]], address: "x", endpoint: nil)
        }
        #expect(problems(observed).isEmpty)
    }

    @Test func theDiagnosisSumsUp() {
        var diagnosis = Diagnosis(findings: [
            Finding(check: "dial", verdict: .fine, message: "yes"),
            Finding(check: "x", verdict: .warning, message: "hm"),
        ])
        #expect(!diagnosis.hasProblems && diagnosis.json["ok"] == .bool(true))
        diagnosis.findings.append(Finding(check: "identity", verdict: .problem, message: "no", advice: "do"))
        #expect(diagnosis.hasProblems && diagnosis.json["ok"] == .bool(false))
    }
}
