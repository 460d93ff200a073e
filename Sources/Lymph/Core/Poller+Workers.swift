internal import Logging
internal import ZeroMQ

/// Runs handlers in worker tasks. The container's `run()` waits for these, or cancels them.
extension Poller {
    func follow(_ step: Requests<IdleWorker>.Step) {
        switch step {
        case .nothing: break
        case .wake(let worker, let work):
            worker.resume(returning: work.map(WorkOrder.handle) ?? .take)
        case .start(let number, let work): start(number, work)
        }
    }

    private func start(_ number: Int, _ work: Work?) {
        workerTasks[number] =
            if let work {
                loop.startTask { await self.workElsewhere(number, work) }
            } else {
                Task.detached(executorPreference: taskExecutor) { await self.workOnLoop(number) }
            }
        // The request may have been queued since before `cancelHandlers()`.
        if requests.areCancelled { workerTasks[number]?.cancel() }
    }

    @concurrent private nonisolated func workOnLoop(_ number: Int) async {
        var order = WorkOrder.take
        while true {
            var next: Work?
            switch order {
            case .end: return ended(number)
            case .handle(let work): next = work
            case .take: next = take(number)
            }
            // `take()` leaves nil, so that a parked worker does not retain its last request.
            while let work = next.take() {
                switch await runHandlers(work, on: work.handler.interface, by: number, for: self) {
                case .nothing: break
                case .request(let other): next = other
                case .answer(let work, let answer):
                    guard loop.enter() else {
                        submit { $0.finish(work, answer) }
                        break
                    }
                    next = finishAndTake(work, answer, by: number)
                    loop.leave()
                }
            }
            order = await withUnsafeContinuation { park(number, $0) }
        }
    }

    /// Takes the next request for a worker that was woken or started. Off the loop it returns nil: then `park` takes
    /// the request.
    private nonisolated func take(_ number: Int) -> Work? {
        guard loop.enter() else { return nil }
        defer { loop.leave() }
        return Self.taking(self, number)
    }

    /// Parks a worker. Off the loop it first tries to take a request, because `take` could not.
    private nonisolated func park(_ number: Int, _ worker: IdleWorker) {
        guard loop.enter() else {
            return submit { poller in
                if let work = poller.takeWhenCalled(number) {
                    worker.resume(returning: .handle(work))
                } else {
                    poller.parkWorker(number, worker)
                }
            }
        }
        Self.parking(self, (number, worker))
        loop.leave()
    }

    @concurrent private nonisolated func workElsewhere(_ number: Int, _ first: Work) async {
        var next: Work? = first
        // `take()` leaves nil, so that a parked worker does not retain its last request.
        while let work = next.take() {
            let answer = await work.handler.run(work, #isolation)
            let order = await withUnsafeContinuation { worker in
                submit {
                    $0.finish(work, answer)
                    $0.parkWorker(number, worker)
                }
            }
            if case .handle(let work) = order { next = work }
        }
        ended(number)
    }

    private nonisolated func ended(_ number: Int) {
        submit {
            $0.workerTasks[number] = nil
            $0.requests.end(number)
        }
    }

    private static let taking = IsolatedEntry<Poller, Int, Work?> { $0.takeWhenCalled($1) }

    /// Takes a request for a worker that was woken or started in order to take one.
    private func takeWhenCalled(_ number: Int) -> Work? {
        requests.begun()
        expireInTurn()
        return takeWork(number)
    }

    /// Ends the requests whose deadline has passed while a handler kept the loop from noticing.
    private func expireInTurn() {
        if requests.nextDeadline != nil { expireRequests(at: clock.now(on: loop)) }
    }

    private func takeWork(_ number: Int) -> Work? {
        while let (work, step, isCancelled) = requests.take(by: number) {
            follow(step)
            if !isCancelled {
                clock.passTime()
                return work
            }
            finish(work, .channel())
        }
        return nil
    }

    private static let parking = IsolatedEntry<Poller, (Int, IdleWorker), Void> { $0.parkWorker($1.0, $1.1) }

    private func parkWorker(_ number: Int, _ worker: IdleWorker) {
        if case .open = state, requests.park(number, worker) { return }
        worker.resume(returning: .end)
    }

    // MARK: Answers

    /// Ends a worker's request and takes its next one; only on the loop.
    fileprivate nonisolated func finishAndTake(_ work: Work, _ answer: Answer, by number: Int) -> Work? {
        Self.finishing(self, (work, answer, number))
    }

    private static let finishing = IsolatedEntry<Poller, (Work, Answer, Int), Work?> { poller, turn in
        poller.expireInTurn()
        poller.finish(turn.0, turn.1)
        return poller.takeWork(turn.2)
    }

    private func finish(_ work: Work, _ answer: Answer) {
        let mayAnswerLater = if case .channel = answer { true } else { false }
        if requests.finish(work, mayAnswerLater: mayAnswerLater) {
            send(answer, to: work.message, work.address, headers: work.ownHeaders)
        }
        guard requests.running == 0 else { return }
        for continuation in whenIdle { continuation.resume() }
        whenIdle = []
    }

    /// Cancels every running handler, and every one that starts later.
    func cancelHandlers() {
        requests.cancelAll()
        for number in workerTasks.keys.sorted() { workerTasks[number]?.cancel() }
    }

    /// Returns when no handler runs.
    func handlersEnded() async {
        await withCheckedContinuation { continuation in
            if runningRequests == 0 { continuation.resume() } else { whenIdle.append(continuation) }
        }
    }
}

/// What a parked worker is told to do.
enum WorkOrder: Sendable {
    case handle(Work)
    /// Take a request: one is queued, unless another worker took it.
    case take
    case end
}

/// A worker parked until its next order. The code that resumes it must have removed it from ``Requests`` first, so
/// that it is resumed only once.
typealias IdleWorker = UnsafeContinuation<WorkOrder, Never>

/// What is left for a worker on the poll thread when it has left an interface's actor.
private enum Leftover {
    case nothing
    /// A request for another interface.
    case request(Work)
    /// An answered request whose answer could not be handed over here, because the thread has left the loop.
    case answer(Work, Answer)
}

/// Handles a request and the following ones for the same interface.
///
/// It runs on the interface's actor, so only the first request pays for the executor hop. An actor without an executor
/// of its own runs on the poll thread too, like the worker. But another thread may be running that actor just then, on
/// behalf of another caller.
private func runHandlers(
    _ first: Work, on interface: isolated any Actor, by worker: Int, for poller: Poller
) async -> Leftover {
    var work = first
    while true {
        let answer = await work.handler.run(work, #isolation)
        guard poller.loop.enter() else { return .answer(work, answer) }
        let following = poller.finishAndTake(work, answer, by: worker)
        poller.loop.leave()
        guard let next = following else { return .nothing }
        guard next.handler.interface === interface else { return .request(next) }
        work = next
    }
}
