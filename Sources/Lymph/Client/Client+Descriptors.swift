internal import ZeroMQ

extension Client {
    /// Logs when the process has no descriptors left. Peers that connect then wait unanswered, and libzmq reports
    /// nothing.
    func watchDescriptors() async {
        // Offset by half a second from libdispatch's ticks: once a second, while work waits for its pool, libdispatch
        // looks at its threads and ends the process if it finds no descriptor for that.
        var pause = Duration.milliseconds(5500)
        while (try? await poller.loop.sleep(for: pause)) != nil {
            pause = .seconds(5)
            if (try? Descriptors.require(1, for: "eventfd")) == nil {
                await poller.outOfDescriptors("no new peer can connect until others are closed")
            }
        }
    }
}
