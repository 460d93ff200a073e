import Lymph

actor ForgottenAwait: Interface {
    func slow(_ text: String) async throws -> String {
        try await Task.sleep(for: .seconds(1))
        return text
    }

    static var routes: Routes<ForgottenAwait> {
        RPC("slow", "text") { me, text in me.slow(text) }
        // error at `me.slow`: call can throw, but it is not marked with 'try'
        // error at `me.slow`: expression is 'async' but is not marked with 'await'
        RawRPC("acknowledge") { _, channel, _ in channel.ack() }
        // error at `ack()`: actor-isolated instance method 'ack(unlessReplySent:)' cannot be called from outside
    }
}
