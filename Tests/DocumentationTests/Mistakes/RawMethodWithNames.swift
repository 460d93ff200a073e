import Lymph

actor RawMethodWithNames: Interface {
    static var routes: Routes<RawMethodWithNames> {
        RawRPC("acknowledge", "id") { _, channel, _ in await channel.ack() }
        // error at `RawRPC`: RawRPC takes no names of parameters; the arguments are in message.body; see "The compiler rejects an interface" in the article
    }
}
