internal import Lymph
internal import ZeroMQ

/// What there is to run, now and later, in a virtual time.
struct Agenda {
    /// Something to run.
    enum Work {
        case job(UnownedJob, ManualLoop)
        case taskJob(UnownedJob, ManualExecutor)
        case call(@Sendable () -> Void)
    }

    struct Item {
        /// The node that it belongs to, if any.
        let node: ManualLoop?
        let work: Work

        /// The loop that it runs on; nil for the pool.
        var loop: ManualLoop? {
            if case .taskJob(_, let executor) = work, executor.isPool { nil } else { node }
        }
    }

    private(set) var now = Instant.origin
    private var items: [Item] = []
    // Draws the order; nil for the order of arrival.
    private var random: SplitMix64?
    var schedule = Schedule()
    private(set) var loops: [ManualLoop] = []
    // The loops that have run something since they were last idle.
    private var dirty: [ManualLoop] = []
    // Nodes that nothing runs on until a time.
    private var frozen: [ObjectIdentifier: Instant] = [:]

    /// How many items have run.
    private(set) var turns = 0
    /// A digest of what has run, when, and in which order.
    private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    /// How late anything can be at most, because of frozen nodes and jumps.
    private(set) var lateness = Duration.zero

    init(seed: UInt64?) { random = seed.map { SplitMix64(seed: $0) } }

    /// Whether nothing can run now.
    var isEmpty: Bool { items.isEmpty }

    // MARK: Adding

    mutating func add(_ item: Item) { items.append(item) }
    mutating func add(_ item: Item, after duration: Duration) { schedule.add(.work(item), at: now + duration) }
    mutating func add(_ loop: ManualLoop) { loops.append(loop) }
    mutating func remove(_ loop: ManualLoop) { loops.removeAll { $0 === loop } }

    // MARK: Running

    /// Takes the item to run next.
    mutating func takeNext() -> Item? {
        guard var index = chooseNext() else { return nil }
        // The order within a loop is kept.
        if random != nil, let loop = items[index].loop {
            index = items.firstIndex { $0.loop === loop } ?? index
        }
        turns += 1
        for part in [UInt64(index), UInt64(items.count), UInt64(bitPattern: now.nanoseconds)] {
            digest = (digest ^ part) &* 0x0000_0100_0000_01b3
        }
        let item = items.remove(at: index)
        if let loop = item.loop { touch(loop) }
        return item
    }

    private mutating func chooseNext() -> Int? {
        guard !items.isEmpty else { return nil }
        guard !frozen.isEmpty else { return choose(among: items.count) }
        let ready = items.indices.filter { items[$0].node.map { !isFrozen($0) } ?? true }
        return ready.isEmpty ? nil : ready[choose(among: ready.count)]
    }

    private mutating func choose(among count: Int) -> Int {
        guard count > 1, random != nil else { return 0 }
        return Int((random?.next() ?? 0) % UInt64(count))
    }

    private mutating func touch(_ loop: ManualLoop) {
        if !dirty.contains(where: { $0 === loop }) { dirty.append(loop) }
    }

    /// Removes and returns a loop that has run something since it was last idle.
    mutating func takeDirty() -> ManualLoop? { dirty.popLast() }

    // MARK: Time

    /// The time of the next thing that waits for its time.
    var nextDeadline: Instant? {
        var next = schedule.next
        for loop in loops {
            guard let deadline = loop.deadline, frozen.isEmpty || !isFrozen(loop) else { continue }
            if next.map({ deadline < $0 }) ?? true { next = deadline }
        }
        if !frozen.isEmpty { for end in frozen.values { next = earliest(next, end) } }
        return next
    }

    /// Sets the time.
    ///
    /// - Returns: The loops and the sleepers whose time has come.
    mutating func move(to time: Instant) -> (loops: [ManualLoop], sleepers: [Schedule.Sleeper]) {
        now = max(now, time)
        var sleepers: [Schedule.Sleeper] = []
        while let entry = schedule.takeDue(at: now) {
            switch entry {
            case .work(let item): items.append(item)
            case .sleeper(let sleeper, _): sleepers.append(sleeper)
            }
        }
        if !frozen.isEmpty { frozen = frozen.filter { $0.value > now } }
        var due: [ManualLoop] = []
        for loop in loops {
            guard let deadline = loop.deadline, deadline <= now, frozen.isEmpty || !isFrozen(loop) else { continue }
            due.append(loop)
            touch(loop)
        }
        return (due, sleepers)
    }

    // MARK: Faults

    private func isFrozen(_ loop: ManualLoop) -> Bool { frozen[ObjectIdentifier(loop)] != nil }

    mutating func freeze(_ loop: ManualLoop, for duration: Duration) {
        frozen[ObjectIdentifier(loop)] = now + duration
        lateness += duration
    }

    mutating func thaw(_ loop: ManualLoop) { frozen[ObjectIdentifier(loop)] = nil }

    mutating func jump(by duration: Duration) {
        now = now + duration
        lateness += duration
    }
}
