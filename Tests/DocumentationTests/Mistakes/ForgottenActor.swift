import Lymph

actor ForgottenActor: Interface {
    static var routes: Routes<ForgottenActor> {
        RPC("double", "number") { (number: Int) in number * 2 }
        // error at `(number`: '@Sendable (isolated ForgottenActor, A) async throws -> Int' expects 2 arguments, but 1 was
    }

    static let version = Routes<ForgottenActor> {
        RPC("version") { "1.0" }
        // error at `{`: expects 1 argument, which cannot be implicitly ignored
    }

    static let raw = Routes<ForgottenActor> {
        RawRPC("acknowledge") { channel, message in await channel.ack() }
        // error at `channel, message`: (isolated ForgottenActor, ReplyChannel, Message) async throws -> Void' expects 3 arguments, but 2
    }
}
