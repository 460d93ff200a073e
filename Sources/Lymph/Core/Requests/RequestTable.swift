internal import ZeroMQ

/// The requests that are running or queued, with the worker of each, and the reply channels that methods have kept.
///
/// A request is found by its place, and by its id and sender when that cancels it. Only those of a sender that is gone,
/// which is rare, are searched for in a compact array of digests.
struct RequestTable {
    /// A request that nobody waits for any more.
    struct Abandoned {
        let subject: String
        let address: ReplyAddress
        /// The worker that has it; nil if it is queued, or if its method has returned.
        let worker: Int?
        /// Whether its method has begun.
        let hasBegun: Bool
    }

    private struct Slot {
        /// The request; nil if the slot is free, or if the method has returned.
        var work: Work?
        /// The worker that has the request; nil if it is queued.
        var worker: Int?
        var isCancelled = false
        /// The channel of a method that has returned without an answer.
        var channel: OpenChannel?
    }

    private var slots: [Slot] = []
    private var ids = PlaceIndex()
    // A digest of each caller, in an array of its own for a fast scan.
    private var callers: [Int] = []
    private var free: [Int] = []
    /// The number of kept channels.
    private(set) var channels = 0
    private var deadlines = DeadlineQueue()

    /// The number of requests. Kept channels don't count.
    var count: Int { slots.count - free.count - channels }

    /// When ``takeExpired(now:)`` next finds something.
    var nextDeadline: Instant? { deadlines.next }

    /// Reserves a place for a request.
    mutating func reserve() -> Int {
        if let place = free.popLast() { return place }
        slots.append(Slot())
        callers.append(0)
        return slots.count - 1
    }

    mutating func insert(_ work: Work) {
        slots[work.place] = Slot(work: work)
        ids.insert(work.place, digest: Self.digest(of: work.address.id))
        if let deadline = work.address.deadline { deadlines.insert(work.place, at: deadline) }
        callers[work.place] = work.address.route.peer.digest
    }

    mutating func hand(_ work: Work, to worker: Int) { slots[work.place].worker = worker }

    /// Removes a request whose method has returned.
    ///
    /// - Parameter channel: The method's reply channel if that has not answered yet: it stays.
    /// - Returns: Whether the request was cancelled.
    mutating func remove(_ work: Work, keeping channel: OpenChannel? = nil) -> Bool {
        let isCancelled = slots[work.place].isCancelled
        if let channel, !isCancelled {
            slots[work.place] = Slot(channel: channel)
            channels += 1
        } else {
            vacate(work.place)
        }
        return isCancelled
    }

    /// Removes a kept channel, because it answers. Does nothing if it is not there.
    mutating func remove(_ channel: OpenChannel) {
        guard channel.place < slots.count, slots[channel.place].channel === channel else { return }
        channels -= 1
        vacate(channel.place)
    }

    func isCancelled(_ work: Work) -> Bool { slots[work.place].isCancelled }

    private mutating func vacate(_ place: Int) {
        deadlines.remove(place)
        ids.remove(place)
        slots[place] = Slot()
        free.append(place)
    }

    // MARK: Cancellation

    /// Cancels a request, unless it is not there or was cancelled before.
    mutating func cancel(_ id: MessageID, from peer: Endpoint) -> Abandoned? {
        let place = ids.first(digest: Self.digest(of: id)) { place in
            guard !slots[place].isCancelled, let address = address(at: place) else { return false }
            return address.id == id && address.route.peer == peer
        }
        return place.flatMap { cancel(at: $0) }
    }

    /// Whether a caller has requests that are not cancelled.
    func hasRequests(of caller: Endpoint) -> Bool { !places(of: caller).isEmpty }

    /// Cancels all requests of a caller, whatever their routes.
    mutating func cancelAll(of caller: Endpoint) -> [Abandoned] { places(of: caller).compactMap { cancel(at: $0) } }

    private func places(of caller: Endpoint) -> [Int] {
        let digest = caller.digest
        return callers.indices.filter { place in
            callers[place] == digest && !slots[place].isCancelled && address(at: place)?.route.peer == caller
        }
    }

    /// Cancels the next request whose deadline is not after `now`.
    mutating func takeExpired(now: Instant) -> Abandoned? {
        while let place = deadlines.popExpired(now: now) {
            if let abandoned = cancel(at: place) { return abandoned }
        }
        return nil
    }

    /// Cancels all kept channels.
    mutating func takeChannels() -> [Abandoned] {
        slots.indices.compactMap { slots[$0].channel == nil ? nil : cancel(at: $0) }
    }

    private func address(at place: Int) -> ReplyAddress? {
        slots[place].work?.address ?? slots[place].channel?.address
    }

    private mutating func cancel(at place: Int) -> Abandoned? {
        if let channel = slots[place].channel {
            channel.abandon()
            remove(channel)
            return Abandoned(subject: channel.subject, address: channel.address, worker: nil, hasBegun: true)
        }
        guard let work = slots[place].work, !slots[place].isCancelled else { return nil }
        slots[place].isCancelled = true
        deadlines.remove(place)
        work.channel?.abandon()
        return Abandoned(
            subject: work.message.subject, address: work.address, worker: slots[place].worker, hasBegun: !work.drop())
    }

    private static func digest(of id: MessageID) -> Int {
        switch id {
        case .number(let number): Int(truncatingIfNeeded: number >> 32)
        case .text(let text): text.hashValue
        }
    }
}
