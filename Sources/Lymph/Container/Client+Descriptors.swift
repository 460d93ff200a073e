internal import ZeroMQ

extension Client {
    /// Says that the process has no descriptors left. Who connects then waits without a word: libzmq tells nobody.
    func watchDescriptors() async {
        while (try? await Task.sleep(for: .seconds(5))) != nil {
            do throws(ZMQError) {
                try Descriptors.require(1, for: "eventfd")
            } catch  where error.isOutOfDescriptors {
                await poller.outOfDescriptors("nobody new can connect until others are closed")
            } catch {}
        }
    }
}
