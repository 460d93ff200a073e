import MessagePack
import Testing
import ZeroMQ

@testable import Lymph

/// Plays the poller and its workers, which begin, handle and end only when a test says so.
final class RequestBench {
    var requests: Requests<Int>

    /// Workers that were woken and have not begun.
    private(set) var called: [Int] = []
    /// The requests that workers are handling.
    private(set) var busy: [(worker: Int, work: Work)] = []
    /// Workers that have ended.
    private(set) var ended: [Int] = []
    /// The requests that were handled, and those that were answered, in order.
    private(set) var handledWork: [Work] = []
    private(set) var answeredWork: [Work] = []
    /// Who handled which request, by its number.
    private(set) var handlers: [Int: Int] = [:]
    private let isElsewhere: Bool

    init(_ place: Workers<Work, Int>.Place, limit: Int = 1000) {
        isElsewhere = place == .elsewhere
        requests = Requests(place, limit: limit)
        var router = Router()
        for version in ["1.0.0", "1.5.0"] as [Version] {
            router.add(Router.Entry(version: version, handlers: ["upper": Self.handler]), as: "echo")
        }
        requests.serve(router)
    }

    private static let handler = Handler(name: "upper", interface: StubInterface(calls: 0)) {
        _, _ in .channel()
    }

    // MARK: Requests

    func begin(_ id: Int, over route: Route = .back(.number(1)), timeout: UInt32? = nil) {
        begin(.number(UInt128(id)), over: route, timeout: timeout)
    }

    /// - Parameter timeout: In milliseconds from the origin of time.
    func begin(_ id: MessageID, over route: Route = .back(.number(1)), timeout: UInt32? = nil) {
        let headers = Headers.made(for: route, timeout.map(TimeoutHeader.init(milliseconds:)))
        let message = Message(
            id: id, kind: .request, purpose: .call("echo.upper"), headers: headers, payload: .bytes([0x80]))
        let address = ReplyAddress(of: message, from: route.peer, trace: TraceID("abc"), at: .origin)
        follow(requests.begin(Self.handler, message, from: address, Nobody()))
    }

    /// - Returns: The number of the worker whose task is to be cancelled.
    func cancel(_ id: MessageID, over route: Route = .back(.number(1))) -> Int? {
        requests.cancel(id, from: route.peer)?.worker
    }

    func cancel(_ id: Int, over route: Route = .back(.number(1))) -> Int? {
        cancel(.number(UInt128(id)), over: route)
    }

    func withdraw(_ id: Int) -> Ended? { requests.cancel(.number(UInt128(id)), from: .number(1)).map(Ended.init) }

    func expire(at time: Instant) -> Ended? { requests.takeExpired(now: time).map(Ended.init) }

    /// A request that nobody waits for any more.
    struct Ended: Equatable {
        let id: MessageID
        let worker: Int?
        let hasBegun: Bool

        init(_ request: RequestTable.Abandoned) {
            (id, worker, hasBegun) = (request.address.id, request.worker, request.hasBegun)
        }
    }

    /// - Returns: How many requests there were, and the workers whose tasks are to be cancelled.
    func cancelAll(of caller: Endpoint) -> (count: Int, workers: [Int]) {
        let requests = requests.cancelAll(of: caller)
        return (requests.count, requests.compactMap(\.worker))
    }

    func hasRequests(of caller: Endpoint) -> Bool { requests.hasRequests(of: caller) }

    // MARK: Workers

    private func follow(_ step: Requests<Int>.Step) {
        switch step {
        case .nothing: break
        case .wake(let worker, let work?), .start(let worker, let work?): handle(work, by: worker)
        case .wake(let worker, nil), .start(let worker, nil): called.append(worker)
        }
    }

    private func handle(_ work: Work, by worker: Int) {
        busy.append((worker, work))
        handledWork.append(work)
        handlers[work.number] = worker
    }

    /// A woken worker begins, if there is one.
    func turn() {
        guard !called.isEmpty else { return }
        let worker = called.removeFirst()
        requests.begun()
        take(worker)
    }

    private func take(_ worker: Int) {
        while let (work, step, isCancelled) = requests.take(by: worker) {
            follow(step)
            if !isCancelled { return handle(work, by: worker) }
            let isWanted = requests.finish(work)
            #expect(!isWanted)
        }
        park(worker)
    }

    private func park(_ worker: Int) {
        guard !requests.park(worker, worker) else { return }
        requests.end(worker)
        ended.append(worker)
    }

    /// A worker has handled a request.
    func finish(_ id: Int) {
        guard let index = busy.firstIndex(where: { $0.work.number == id }) else {
            Issue.record("\(id) is not handled")
            return
        }
        finish(at: index)
    }

    func finish(at index: Int) {
        let (worker, work) = busy.remove(at: index)
        if requests.finish(work) { answeredWork.append(work) }
        if isElsewhere { park(worker) } else { take(worker) }
    }

    /// Runs everything until nothing is left to do.
    func run() {
        while !busy.isEmpty || !called.isEmpty {
            if busy.isEmpty { turn() } else { finish(at: 0) }
        }
    }
}

/// Questions that tests ask.
extension RequestBench {
    var handled: [Int] { handledWork.map(\.number) }
    var answered: [Int] { answeredWork.map(\.number) }
    func isBusy(with id: Int) -> Bool { busy.contains { $0.work.number == id } }
    var answeredIDs: [MessageID] { answeredWork.map(\.address.id) }
    var routes: [Route] { answeredWork.map(\.address.route) }
}

extension Work {
    /// The number of the request, if it has a small one.
    fileprivate var number: Int {
        if case .number(let number) = address.id { Int(clamping: number) } else { 0 }
    }
}

extension Headers {
    /// The route of a peer that reads answers on its own connection, or of one that is dialled.
    fileprivate static func made(for route: Route, _ timeout: TimeoutHeader?) -> Headers {
        if case .dial = route { return Headers() }
        return (try? Headers.request(version: nil, trace: TraceID("abc"), timeout: timeout, extra: [:])) ?? Headers()
    }
}

/// Nothing is answered here.
private final class Nobody: Responder {
    func send(
        _ kind: MessageKind, _ body: [UInt8], reason: NackReason?, detail: String?, headers: [String: [UInt8]],
        over channel: OpenChannel
    ) {}

    func report(_ refusal: Refusal, of subject: String, to address: ReplyAddress) {}

    var time: any TimeSource { Origin() }
}

private struct Origin: TimeSource {
    var now: Instant { .origin }
}
