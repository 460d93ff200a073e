internal import MessagePack

/// Asks peers which of their methods are idempotent, when a call that doesn't say so could be hedged.
extension Client {
    func inspectPeers() async {
        await withDiscardingTaskGroup { group in
            for await peer in poller.inspections {
                group.addTask { await self.inspect(peer) }
            }
            group.cancelAll()
        }
    }

    /// Interceptors don't see this call: it isn't one of the program.
    private func inspect(_ peer: Endpoint) async {
        let call = Call(
            .endpoint(peer), BuiltinInterface.Method.inspect.subject, Self.noArguments, timeout: configuration.timeout,
            now: poller.loop.now)
        guard let answer = try? await poller.call(call), answer.kind == .reply, let inspection = try? answer.body
        else { return }
        await poller.learn(idempotentMethods: IdempotentMethods.names(in: inspection), of: peer)
    }

    /// `{}`
    private static let noArguments: [UInt8] = [0x80]
}

extension Poller {
    fileprivate func learn(idempotentMethods names: Set<String>, of peer: Endpoint) {
        peers.learn(idempotentMethods: names, of: peer)
    }
}
