internal import Synchronization
internal import ZeroMQ

/// Runs handlers, in tasks that belong to the container's `run()`, which waits for them or cancels them.
extension Poller {
    /// Hands a request to a worker.
    func run(_ work: Work) { follow(server.workers.add(work)) }

    private func follow(_ step: Workers<Work, IdleWorker>.Step) {
        switch step {
        case .nothing: break
        case .wake(let worker, let work):
            handover.store(true, ordering: .releasing)
            worker.resume(returning: work.map(WorkOrder.handle) ?? .take)
        case .start(let work): start(work)
        }
    }

    private func start(_ work: Work?) {
        server.lastNumber += 1
        let number = server.lastNumber
        server.tasks[number] =
            if let work {
                Task.detached { await self.workElsewhere(number, work) }
            } else {
                Task.detached(executorPreference: taskExecutor) { await self.workOnThread(number) }
            }
        // What waited may only begin now.
        if server.isCancelled { server.tasks[number]?.cancel() }
    }

    @concurrent private nonisolated func workOnThread(_ number: Int) async {
        var order = WorkOrder.take
        while case .take = order {
            var next = takeHere(isCalled: true)
            while let work = next.take() {
                switch await runHandlers(work, on: work.handler.interface, for: self) {
                case .nothing: break
                case .request(let other): next = other
                case .answer(let work, let answer):
                    finishHere(work, answer)
                    next = takeHere(isCalled: false)
                }
            }
            order = await withUnsafeContinuation { parkHere($0) }
        }
        ended(number)
    }

    @concurrent private nonisolated func workElsewhere(_ number: Int, _ first: Work) async {
        var next: Work? = first
        // Taken out: a worker that waits must not keep the last request.
        while let work = next.take() {
            let answer = await work.handler.run(work.request)
            let order = await withUnsafeContinuation { worker in
                submit {
                    $0.finish(work, answer)
                    $0.parkWorker(worker)
                }
            }
            // The runtime orders what was before the resumption and what follows, but not so that the thread sanitizer sees it if the
            // worker was resumed before it began to wait.
            _ = handover.load(ordering: .acquiring)
            if case .handle(let work) = order { next = work }
        }
        ended(number)
    }

    private nonisolated func ended(_ number: Int) { submit { $0.server.tasks[number] = nil } }

    /// - Parameter isCalled: Whether the worker begins because it was called.
    func takeWork(isCalled: Bool) -> Work? {
        if isCalled { server.workers.begun() }
        guard let (work, step) = server.workers.take() else { return nil }
        follow(step)
        return work
    }

    func parkWorker(_ worker: IdleWorker) {
        if case .closed = state { return worker.resume(returning: .end) }
        if !server.workers.park(worker) { worker.resume(returning: .end) }
    }

    // MARK: Answers

    func finish(_ work: Work, _ answer: Answer) {
        let request = work.request
        switch answer {
        case .reply(let body): self.answer(request.address, .reply, .bytes(body))
        case .error(let error): self.answer(request.address, .error, .bytes(error.body))
        case .nack(let refusal): refuse(request.message.subject, request.address, refusal)
        case .channel: break
        }
        guard server.workers.handled() else { return }
        for continuation in server.whenIdle { continuation.resume() }
        server.whenIdle = []
    }

    /// Cancels every handler that runs, and those that begin later.
    func cancelHandlers() {
        server.isCancelled = true
        for task in server.tasks.values { task.cancel() }
    }

    /// Returns when no handler runs.
    func handlersEnded() async {
        await withCheckedContinuation { continuation in
            if runningRequests == 0 { continuation.resume() } else { server.whenIdle.append(continuation) }
        }
    }

    /// Ends the workers, those that handle something after that.
    func endWorkers() {
        for worker in server.workers.takeIdle() { worker.resume(returning: .end) }
    }
}

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
private func runHandlers(_ first: Work, on interface: isolated any Actor, for poller: Poller) async -> Leftover {
    var work = first
    while true {
        let answer = await work.handler.run(work.request)
        guard poller.thread.isCurrent else { return .answer(work, answer) }
        poller.finishHere(work, answer)
        guard let next = poller.takeHere(isCalled: false) else { return .nothing }
        guard next.handler.interface === interface else { return .request(next) }
        work = next
    }
}
