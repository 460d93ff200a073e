internal import Lymph
internal import MessagePack

/// What was observed about a peer.
struct PeerObservation: Sendable {
    let endpoint: Endpoint
    /// Its entries in the registry; empty if it was named by address.
    var registered: [ServiceInstance] = []
    var dial = Dial.Outcome.timeout
    /// How long a ping took, or how it failed; nil if none was sent.
    var ping: Result<Duration, FleetFailure>?
    /// Whether the answer came back on the connection of the request, which only swift-lymph does.
    var answersOnSameConnection = false
    var status: ServiceStatus?
    var inspection: Inspection?
    /// The address on which we wait for answers.
    var ownAddress = "127.0.0.1"
}

/// Judges what was observed about a peer.
struct PeerExamination {
    let seen: PeerObservation

    var findings: [Finding] {
        guard case .connected(let time) = seen.dial else { return [unreachable] }
        var findings = [
            Finding(check: "dial", verdict: .fine, message: "\(seen.endpoint) accepts connections (\(time.short))")
        ]
        switch seen.ping {
        case nil: break
        case .failure(let failure): findings.append(silent(failure))
        case .success(let time):
            let kind = seen.answersOnSameConnection ? "swift-lymph" : "Python lymph, or a peer that speaks like it"
            findings += [
                Finding(check: "handshake", verdict: .fine, message: "it speaks lymph's protocol; it is \(kind)"),
                Finding(check: "ping", verdict: .fine, message: "answered in \(time.short)"),
            ]
            findings += identity + versions
            findings.append(
                Finding(
                    check: "clock", verdict: .unknown,
                    message: "the protocol doesn't tell the peer's time; deadlines don't depend on it"))
        }
        return findings
    }

    private var unreachable: Finding {
        let reason =
            if case .refused(let text) = seen.dial { text } else { "no answer; a firewall may drop the packets" }
        let advice =
            seen.registered.isEmpty
            ? "is the process running, at this address and port?"
            : "\(seen.registered[0].service) is registered there: the process has died, or can't be reached from here"
        return Finding(check: "dial", verdict: .problem, message: "\(seen.endpoint): \(reason)", advice: advice)
    }

    private func silent(_ failure: FleetFailure) -> Finding {
        let text = failure.message
        switch failure.kind {
        case .notConnected:
            return Finding(
                check: "handshake", verdict: .problem,
                message: "something listens on \(seen.endpoint), but it doesn't speak ØMQ: \(text)",
                advice: "is another program using this port?")
        case .timeout where Self.isLoopback(seen.ownAddress) && !seen.endpoint.isLoopback:
            return Finding(
                check: "ping", verdict: .problem,
                message:
                    "\(text); a Python peer sends its answers to \(seen.ownAddress), which for it is its own machine",
                advice: "use --ip or --guess-external-ip")
        case .timeout:
            return Finding(
                check: "ping", verdict: .problem,
                message: "\(text): the process hangs, or it can't connect to \(seen.ownAddress) to answer",
                advice: "check its log and its load, and that no firewall blocks the way back")
        default:
            return Finding(check: "ping", verdict: .problem, message: text)
        }
    }

    /// Whether the process is the one that is registered.
    private var identity: [Finding] {
        guard let status = seen.status, let endpoint = status.endpoint else { return [] }
        guard endpoint == seen.endpoint.description else {
            return [
                Finding(
                    check: "identity clash", verdict: .problem,
                    message: "the process at \(seen.endpoint) calls itself \(endpoint)",
                    advice: "use that address, or set container.ip so that it is the one that others connect to")
            ]
        }
        let expected = Set(seen.registered.map(\.identity))
        guard let identity = status.identity, !expected.isEmpty, !expected.contains(identity) else {
            return [Finding(check: "identity", verdict: .fine, message: "it is the process that was expected")]
        }
        return [
            Finding(
                check: "identity clash", verdict: .problem,
                message: "the process at \(seen.endpoint) is \(identity.prefix(bytes: 10)), but the registry says "
                    + expected.sorted().map { String($0.prefix(bytes: 10)) }.joined(separator: ", "),
                advice: "another process has taken the port of one that died: remove the dead one's registration")
        ]
    }

    /// Whether it serves the registered versions. An interface without methods, as Python uses for events, is
    /// registered but does not appear in an inspection.
    private var versions: [Finding] {
        guard let inspection = seen.inspection else { return [] }
        let registered = seen.registered.filter { $0.service != BuiltinInterface.name }
        guard !registered.isEmpty else { return [] }
        let served = Set(inspection.methods.map(\.interface))
        let missing = registered.map { instance in
            instance.version.map { "\(instance.service)@\($0)" } ?? instance.service
        }.filter { name in
            !served.contains(name) && served.contains { $0.prefix { $0 != "@" } == name.prefix { $0 != "@" } }
        }
        guard !missing.isEmpty else {
            return [Finding(check: "versions", verdict: .fine, message: "it serves what the registry says")]
        }
        let shown = served.filter { !BuiltinInterface.isName($0) }.sorted()
        return [
            Finding(
                check: "version mismatch", verdict: .problem,
                message:
                    "\(seen.endpoint) is registered for \(Set(missing).sorted().joined(separator: ", ")), but serves "
                    + (shown.isEmpty ? "nothing" : shown.joined(separator: ", ")),
                advice: "restart the process, so that it registers what it serves")
        ]
    }

    private static func isLoopback(_ host: String) -> Bool {
        (try? Endpoint(host: host, port: 1))?.isLoopback ?? false
    }
}
