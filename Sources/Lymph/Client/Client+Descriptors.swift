internal import ZeroMQ

extension Client {
    /// Says that the process has no descriptors left. Who connects then waits without a word: libzmq tells nobody.
    func watchDescriptors() async {
        // Half a second beside the ticks of libdispatch: once a second it looks at the threads of its pool if something waits for
        // them, and ends the process if it finds no descriptor for that.
        var pause = Duration.milliseconds(5500)
        while (try? await poller.loop.sleep(for: pause)) != nil {
            pause = .seconds(5)
            if (try? Descriptors.require(1, for: "eventfd")) == nil {
                await poller.outOfDescriptors("nobody new can connect until others are closed")
            }
        }
    }
}
