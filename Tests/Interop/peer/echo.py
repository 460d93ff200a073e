"""The service that Swift clients call."""
import gevent
import lymph

from values import VALUES, describe


class Broken(Exception):
    pass


class BrokenTwice(Broken):
    pass


class Echo(lymph.Interface):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.tokens = []

    # Values

    @lymph.rpc()
    def echo(self, value):
        return value

    @lymph.rpc()
    def describe(self, value):
        """
        Returns a description of what Python received.

            Indented.
        """
        return describe(value)

    @lymph.rpc()
    def make(self, kind):
        return VALUES[kind]

    @lymph.rpc()
    def upper(self, text=None):
        return text.upper()

    @lymph.rpc()
    def blob(self, size):
        return b'x' * size

    # Answers

    @lymph.rpc(raises=(Broken, KeyError))
    def fail(self, kind):
        raise {
            'declared': Broken('as declared'),
            'subclass': BrokenTwice('more than declared'),
            'builtin': KeyError('key'),
            'without message': Broken(),
            'not ascii': Broken('żółw'),
            'undeclared': ValueError('not declared'),
        }[kind]

    @lymph.rpc()
    def unserializable(self):
        return object()

    @lymph.rpc()
    def add(self, a, b=1):
        return a + b

    @lymph.rpc()
    def sleep(self, seconds):
        gevent.sleep(seconds)
        return seconds

    # What was executed

    @lymph.rpc()
    def note(self, token):
        self.tokens.append(token)

    @lymph.rpc()
    def noted(self):
        return self.tokens

    # Answers through the channel

    @lymph.raw_rpc()
    def ack(self, channel):
        channel.ack()

    @lymph.raw_rpc()
    def nack(self, channel):
        channel.nack()

    @lymph.raw_rpc()
    def error(self, channel, body):
        channel.error(**body)

    @lymph.raw_rpc()
    def reply_then_ack(self, channel):
        channel.reply('reply')
        channel.ack()

    @lymph.raw_rpc()
    def reply_then_ack_unless_replied(self, channel):
        channel.reply('reply')
        channel.ack(unless_reply_sent=True)

    @lymph.raw_rpc()
    def two_replies(self, channel):
        channel.reply('first')
        channel.reply('second')

    @lymph.raw_rpc()
    def reply_then_raise(self, channel):
        channel.reply('reply')
        raise ValueError('too late')

    @lymph.raw_rpc()
    def error_then_raise(self, channel):
        channel.error(type='Broken', message='first')
        raise ValueError('second')

    @lymph.raw_rpc()
    def late_reply(self, channel, seconds, token):
        def reply():
            self.tokens.append(token)
            channel.reply('late')
        gevent.spawn_later(seconds, reply)

    @lymph.raw_rpc()
    def with_headers(self, channel, headers):
        for name, value in headers.items():
            channel.add_header(name, value)
        channel.reply(channel.request.headers)

    @lymph.raw_rpc()
    def silence(self, channel):
        pass


class Versioned(lymph.Interface):
    @lymph.rpc()
    def which(self):
        return str(self.version)
