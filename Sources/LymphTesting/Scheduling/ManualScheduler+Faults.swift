package import Lymph

/// What goes wrong with time and processes.
extension ManualScheduler {
    /// Calls a closure on a loop when a duration has passed.
    package func schedule(after duration: Duration, on loop: any EventLoop, _ body: @escaping @Sendable () -> Void) {
        let item = Agenda.Item(node: loop as? ManualLoop, work: .call(body))
        change { $0.add(item, after: duration) }
    }

    /// Runs nothing of a node, neither on its loop nor beside it, until a duration has passed. Its time goes on.
    package func freeze(_ loop: any EventLoop, for duration: Duration) {
        if let loop = loop as? ManualLoop { change { $0.freeze(loop, for: duration) } }
    }

    /// Lets a frozen node go on.
    package func thaw(_ loop: any EventLoop) {
        if let loop = loop as? ManualLoop { change { $0.thaw(loop) } }
    }

    /// Advances the time at once; everything that becomes due on the way is late.
    package func jump(by duration: Duration) { change { $0.jump(by: duration) } }

    /// How late anything can be at most, because of frozen nodes and jumps.
    package var lateness: Duration { change { $0.lateness } }
}
