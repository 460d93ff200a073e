internal import Synchronization

/// Runs handlers, in tasks that belong to the container's `run()`, which waits for them or cancels them.
extension Poller {
    func follow(_ step: Requests<IdleWorker>.Step) {
        switch step {
        case .nothing: break
        case .wake(let worker, let work):
            handover.store(true, ordering: .releasing)
            worker.resume(returning: work.map(WorkOrder.handle) ?? .take)
        case .start(let number, let work): start(number, work)
        }
    }

    private func start(_ number: Int, _ work: Work?) {
        workerTasks[number] =
            if let work {
                Task.detached(executorPreference: loop.pool) { await self.workElsewhere(number, work) }
            } else {
                Task.detached(executorPreference: taskExecutor) { await self.workOnLoop(number) }
            }
        // What waited may only begin now.
        if requests.areCancelled { workerTasks[number]?.cancel() }
    }

    @concurrent private nonisolated func workOnLoop(_ number: Int) async {
        var order = WorkOrder.take
        while true {
            var next: Work?
            switch order {
            case .end: return ended(number)
            case .handle(let work): next = work
            case .take: next = take(number, isCalled: true)
            }
            // Taken out: a worker that waits must not keep the last request.
            while let work = next.take() {
                switch await runHandlers(work, on: work.handler.interface, by: number, for: self) {
                case .nothing: break
                case .request(let other): next = other
                case .answer(let work, let answer):
                    guard loop.enter() else {
                        submit { $0.finish(work, answer) }
                        break
                    }
                    finishHere(work, answer)
                    next = takeHere(number, isCalled: false)
                    loop.leave()
                }
            }
            order = await withUnsafeContinuation { park(number, $0) }
        }
    }

    /// Takes the next request for a worker that was called, wherever that runs now.
    private nonisolated func take(_ number: Int, isCalled: Bool) -> Work? {
        guard loop.enter() else { return nil }
        defer { loop.leave() }
        return takeHere(number, isCalled: isCalled)
    }

    /// Lets a worker wait, wherever it runs now. One that has left the loop is given what has come meanwhile.
    private nonisolated func park(_ number: Int, _ worker: IdleWorker) {
        guard loop.enter() else {
            return submit { poller in
                if let work = poller.takeWork(number, isCalled: true) {
                    worker.resume(returning: .handle(work))
                } else {
                    poller.parkWorker(number, worker)
                }
            }
        }
        parkHere(number, worker)
        loop.leave()
    }

    @concurrent private nonisolated func workElsewhere(_ number: Int, _ first: Work) async {
        var next: Work? = first
        // Taken out: a worker that waits must not keep the last request.
        while let work = next.take() {
            let answer = await work.handler.run(work, #isolation)
            let order = await withUnsafeContinuation { worker in
                submit {
                    $0.finish(work, answer)
                    $0.parkWorker(number, worker)
                }
            }
            // The runtime orders what was before the resumption and what follows, but not so that the thread sanitizer sees it if the
            // worker was resumed before it began to wait.
            _ = handover.load(ordering: .acquiring)
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

    /// - Parameter isCalled: Whether the worker begins because it was called.
    func takeWork(_ number: Int, isCalled: Bool) -> Work? {
        if isCalled { requests.begun() }
        while let (work, step, isCancelled) = requests.take(by: number) {
            follow(step)
            if !isCancelled { return work }
            finish(work, .channel())
        }
        return nil
    }

    func parkWorker(_ number: Int, _ worker: IdleWorker) {
        if case .open = state, requests.park(number, worker) { return }
        worker.resume(returning: .end)
    }

    /// Takes back a request that somebody has sent: its handler's task is cancelled, and what the method returns is not sent. What is
    /// handled beside it and after it does not notice. A reply channel that the method has kept still sends.
    func cancel(_ request: MessageID, over route: Route) {
        if let worker = requests.cancel(request, over: route) { workerTasks[worker]?.cancel() }
    }

    // MARK: Answers

    func finish(_ work: Work, _ answer: Answer) {
        if requests.finish(work) { send(answer, to: work.message, work.address) }
        guard requests.running == 0 else { return }
        for continuation in whenIdle { continuation.resume() }
        whenIdle = []
    }

    /// Cancels every handler that runs, and those that begin later.
    func cancelHandlers() {
        requests.cancelAll()
        for task in workerTasks.values { task.cancel() }
    }

    /// Returns when no handler runs.
    func handlersEnded() async {
        await withCheckedContinuation { continuation in
            if runningRequests == 0 { continuation.resume() } else { whenIdle.append(continuation) }
        }
    }
}

/// What a worker that waits is told.
enum WorkOrder: Sendable {
    case handle(Work)
    /// Something waits, or did.
    case take
    case end
}

/// A worker that waits for its next order. Each is resumed once: whoever does it has taken it out of ``Requests`` before.
typealias IdleWorker = UnsafeContinuation<WorkOrder, Never>

/// What a worker on the poll thread still has to do.
private enum Leftover {
    case nothing
    /// A request for another interface.
    case request(Work)
    /// A request and its answer.
    case answer(Work, Answer)
}

/// Handles a request and what follows for the same interface.
///
/// It runs on the interface's actor, so that only the first request waits for that. An actor that has no executor of its own runs
/// on the thread too, as the worker does; but another thread may be running it just then, for somebody else who calls it.
private func runHandlers(
    _ first: Work, on interface: isolated any Actor, by worker: Int, for poller: Poller
) async -> Leftover {
    var work = first
    while true {
        let answer = await work.handler.run(work, #isolation)
        guard poller.loop.enter() else { return .answer(work, answer) }
        poller.finishHere(work, answer)
        let following = poller.takeHere(worker, isCalled: false)
        poller.loop.leave()
        guard let next = following else { return .nothing }
        guard next.handler.interface === interface else { return .request(next) }
        work = next
    }
}
