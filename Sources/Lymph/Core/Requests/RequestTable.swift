/// The requests that are running or queued, with the worker of each.
///
/// A request is found by its place. Only cancellation, which is rare, has to find one by its id and route: it scans a
/// compact array of digests.
struct RequestTable {
    /// Who has a request.
    enum Holder: Equatable {
        /// No worker yet: it is queued.
        case queue
        /// The worker with this number.
        case worker(Int)
    }

    private struct Slot {
        /// Nil if the slot is free.
        var work: Work?
        var holder = Holder.queue
        var isCancelled = false
    }

    private var slots: [Slot] = []
    // A part or hash of each id, in an array of its own for a fast scan.
    private var digests: [Int] = []
    private var free: [Int] = []

    var count: Int { slots.count - free.count }

    /// Reserves a place for a request.
    mutating func reserve() -> Int {
        if let place = free.popLast() { return place }
        slots.append(Slot())
        digests.append(0)
        return slots.count - 1
    }

    mutating func insert(_ work: Work) {
        slots[work.place] = Slot(work: work)
        digests[work.place] = Self.digest(of: work.address.id)
    }

    mutating func hand(_ work: Work, to worker: Int) { slots[work.place].holder = .worker(worker) }

    /// Removes a request.
    ///
    /// - Returns: Whether it was cancelled.
    mutating func remove(_ work: Work) -> Bool {
        let isCancelled = slots[work.place].isCancelled
        slots[work.place] = Slot()
        free.append(work.place)
        return isCancelled
    }

    func isCancelled(_ work: Work) -> Bool { slots[work.place].isCancelled }

    /// Marks a request as cancelled.
    ///
    /// - Returns: Who has it; nil if it is not there or was cancelled before.
    mutating func cancel(_ id: MessageID, over route: Route) -> Holder? {
        let digest = Self.digest(of: id)
        for (place, other) in digests.enumerated() where other == digest {
            guard let work = slots[place].work, !slots[place].isCancelled else { continue }
            guard work.address.id == id, work.address.route == route else { continue }
            slots[place].isCancelled = true
            return slots[place].holder
        }
        return nil
    }

    private static func digest(of id: MessageID) -> Int {
        switch id {
        case .number(let number): Int(truncatingIfNeeded: number >> 32)
        case .text(let text): text.hashValue
        }
    }
}
