import Lymph
import MessagePack

/// An error that methods declare.
// Sendable because it is immutable, and so is its only subclass.
class DeclaredError: Error, CustomStringConvertible, @unchecked Sendable {
    let description: String
    init(_ description: String) { self.description = description }
}

/// An error that is declared because its superclass is.
final class SpecialError: DeclaredError, @unchecked Sendable {}

struct UndeclaredError: Error {}

/// An error with properties.
struct OutOfStock: Error, Codable, CustomStringConvertible {
    let sku: String
    var description: String { "no \(sku) left" }
}

/// The service that Python calls.
actor SwiftService: Interface {
    private var tokens: [String] = []
    private var kept: [String: Value] = [:]

    static let routes = Routes<SwiftService> {
        RPC("echo", "value") { (me, value: Value) in
            me.kept["last"] = value
            return value
        }
        RPC("give", "index") { (_, index: Int) in ValuesForPython.all[index].value }
        RPC("upper", "text", help: "Returns `text` in upper case.") { (_, text: String) in text.uppercased() }
        RPC("add", "a", Parameter("b", default: 1)) { (_, a: Int, b: Int) in a + b }
        RPC("nothing") { _ in }
        RPC("greet", "name") { (_, name: String?) in name ?? "nobody" }
        RPC("sleep", "seconds") { (_, seconds: Double) in
            try await Task.sleep(for: .seconds(seconds))
            return seconds
        }
        RPC("linger", "token", "seconds") { (me, token: String, seconds: Double) in
            me.tokens.append("\(token) runs")
            do {
                try await Task.sleep(for: .seconds(seconds))
            } catch {
                me.tokens.append("\(token) is cancelled")
                throw error
            }
            return token
        }
        RPC("note", "token") { (me, token: String) in me.tokens.append(token) }
        RPC("noted") { me in me.tokens }
        RPC("trace") { _ in TraceContext.id }
        RPC("last") { me in me.kept["last"] }
        RPC("stamp") { _ in
            let request = Request.current
            try request?.setReplyHeader("colour", request?.headers["colour"] ?? .nil)
            return [request?.subject, request?.peer.endpoint.description, request?.version?.description]
        }
        SwiftService.failing
        SwiftService.raw
    }

    private static let failing = Routes<SwiftService> {
        RPC("fail", "kind", raises: DeclaredError.self, RemoteError.self, OutOfStock.self) { (_, kind: String) in
            switch kind {
            case "declared": throw DeclaredError("as declared")
            case "subclass": throw SpecialError("more than declared")
            case "with data": throw OutOfStock(sku: "żółw")
            case "not ascii": throw DeclaredError("żółw")
            case "of any name": throw RemoteError(type: "Chosen", message: "by the method")
            default: throw UndeclaredError()
            }
        }
        RPC("unserializable") { _ in ["__type__": "no type of lymph's"] as Value }
    }

    private static let raw = Routes<SwiftService> {
        RawRPC("ack") { _, channel, _ in await channel.ack() }
        RawRPC("nack") { _, channel, _ in await channel.nack() }
        RawRPC("error") { _, channel, _ in await channel.error(type: "Chosen", message: "by the channel") }
        RawRPC("reply_then_ack") { _, channel, _ in
            try await channel.reply("reply")
            await channel.ack()
        }
        RawRPC("reply_then_ack_unless_replied") { _, channel, _ in
            try await channel.reply("reply")
            await channel.ack(unlessReplySent: true)
        }
        RawRPC("two_replies") { _, channel, _ in
            try await channel.reply("first")
            try await channel.reply("second")
        }
        RawRPC("reply_then_throw") { _, channel, _ in
            try await channel.reply("reply")
            throw UndeclaredError()
        }
        RawRPC("error_then_throw") { _, channel, _ in
            await channel.error(type: "Chosen", message: "first")
            throw UndeclaredError()
        }
        RawRPC("error_then_reply") { _, channel, _ in
            await channel.error(type: "Chosen", message: "first")
            try await channel.reply("second")
        }
        RawRPC("throw") { _, _, _ in throw UndeclaredError() }
        RawRPC("throw_declared", raises: DeclaredError.self) { _, _, _ in throw DeclaredError("as declared") }
        RawRPC("with_headers") { _, channel, message in
            try await channel.addHeader("colour", "green")
            try await channel.addHeader("version", "9.9.9")
            try await channel.reply(message.body)
        }
        RawRPC("with_type_header") { _, channel, _ in
            try await channel.addHeader("__type__", "no type of lymph's")
            try await channel.reply("reply")
        }
        RawRPC("silence") { _, _, _ in }
    }
}

/// A service with several versions; it reports which one was called.
actor VersionedService: Interface {
    static let routes = Routes<VersionedService> {
        RPC("which") { me in me.context.version?.description }
    }
}
