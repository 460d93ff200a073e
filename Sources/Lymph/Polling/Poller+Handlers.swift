/// Runs handlers, in tasks that belong to the container's `run()`, which waits for them or cancels them.
extension Poller {
    /// Hands a request to a worker.
    func run(_ work: Work) { follow(server.workers.add(work)) }

    private func follow(_ step: Workers<Work, IdleWorker>.Step) {
        switch step {
        case .nothing: break
        case .wake(let worker, let work): worker.resume(returning: work.map(WorkOrder.handle) ?? .take)
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
    }

    private nonisolated func workOnThread(_ number: Int) async {
        var order = WorkOrder.take
        while case .take = order {
            begun()
            while let work = take() {
                let answer = await work.handler.run(work.request)
                finishHere(work, answer)
            }
            order = await withUnsafeContinuation { park($0) }
        }
        ended(number)
    }

    private nonisolated func workElsewhere(_ number: Int, _ first: Work) async {
        var order = WorkOrder.handle(first)
        while case .handle(let work) = order {
            let answer = await work.handler.run(work.request)
            order = await withUnsafeContinuation { worker in
                submit {
                    $0.finish(work.request, answer)
                    $0.parkHere(worker)
                }
            }
        }
        ended(number)
    }

    // MARK: Steps of a worker on the thread

    private nonisolated func begun() { assumeIsolated { $0.server.workers.begun() } }

    private nonisolated func take() -> Work? {
        assumeIsolated { poller in
            guard let (work, step) = poller.server.workers.take() else { return nil }
            poller.follow(step)
            return work
        }
    }

    private nonisolated func finishHere(_ work: Work, _ answer: Answer) {
        assumeIsolated { $0.finish(work.request, answer) }
    }

    private nonisolated func park(_ worker: IdleWorker) { assumeIsolated { $0.parkHere(worker) } }

    private func parkHere(_ worker: IdleWorker) {
        if case .closed = state { return worker.resume(returning: .end) }
        if !server.workers.park(worker) { worker.resume(returning: .end) }
    }

    private nonisolated func ended(_ number: Int) { submit { $0.server.tasks[number] = nil } }

    // MARK: Answers

    private func finish(_ request: ServerRequest, _ answer: Answer) {
        switch answer {
        case .reply(let body): self.answer(request.address, .reply, .bytes(body))
        case .error(let error): self.answer(request.address, .error, .bytes(error.body))
        case .nack(let reason, let text):
            logFailure(request.message.subject, reason, text, request.address.trace)
            self.answer(request.address, .nack, .nil, reason: reason)
        case .channel: break
        }
        guard server.workers.handled() else { return }
        for continuation in server.whenIdle { continuation.resume() }
        server.whenIdle = []
    }

    /// Cancels every handler that runs.
    func cancelHandlers() {
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
