/// The requests that are handled, with who handles them.
///
/// They are found by their place. By the id and the way back they are found by looking at all: that is for cancellation, which is
/// rare, and a number for each is all that is looked at.
struct RequestTable {
    /// Who handles a request.
    enum Holder: Equatable {
        /// Nobody yet.
        case queue
        /// The worker with this number.
        case worker(Int)
    }

    private struct Slot {
        /// nil: the slot is free.
        var work: Work?
        var holder = Holder.queue
        var isCancelled = false
    }

    private var slots: [Slot] = []
    // A part of each id, beside the slots.
    private var digests: [Int] = []
    private var free: [Int] = []

    var count: Int { slots.count - free.count }

    /// A place for a request that comes next.
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

    /// Takes a request out.
    ///
    /// - Returns: Whether it was cancelled.
    mutating func remove(_ work: Work) -> Bool {
        let isCancelled = slots[work.place].isCancelled
        slots[work.place] = Slot()
        free.append(work.place)
        return isCancelled
    }

    func isCancelled(_ work: Work) -> Bool { slots[work.place].isCancelled }

    /// Notes that a request is cancelled.
    ///
    /// - Returns: Who handles it; nil if it isn't there, or is cancelled already.
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
