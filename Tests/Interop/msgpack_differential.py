"""Python's side of the MessagePack differential test.

    msgpack_differential.py generate SEED COUNT > LINES
    msgpack_differential.py echo < HEX > LINES

`generate` packs random values with Python lymph's own serializer. Each line has the packed bytes, the text of the
value that Python reads back from them, the bytes that Python packs that value into, and whether the first bytes hold
an embedded message, which Python does not pack the same way again.

`echo` reads packed values, one per line, and writes the first three columns for each, or `!` and the error.

The text is made from the values alone, so that it agrees with another implementation's only if both read the same.
"""
import datetime
import decimal
import random
import sys
import uuid

import msgpack
from lymph.serializers import msgpack_serializer
from lymph.serializers.base import raw_embed
from lymph.utils import Undefined

INTEGER_EDGES = [edge + delta for edge in
                 (0, 32, -32, 127, 128, -128, 255, 256, 32767, -32768, 65535, 2 ** 31, -2 ** 31, 2 ** 32)
                 for delta in (-1, 0, 1)] + [2 ** 63 - 1, 2 ** 63, 2 ** 64 - 1, -2 ** 63]
LENGTH_EDGES = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33, 255, 256, 257]
ALPHABET = 'abcXYZ_ 0189"\\\n\x00\x7f\u00e9e\u0301\u00df\u20ac\u4e2d\ud7ff\ufffd\U0001f600\U0010ffff'


def text(value):
    if value is None:
        return 'nil'
    if value is Undefined:
        return 'undefined'
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, int):
        return 'int(%d)' % value
    if isinstance(value, float):
        return 'double(%s)' % msgpack.packb(value)[1:].hex()
    if isinstance(value, str):
        return 'string(%s)' % value.encode('utf-8').hex()
    if isinstance(value, bytes):
        return 'binary(%s)' % value.hex()
    if isinstance(value, msgpack.ExtType):
        return 'ext(%d,%s)' % (value.code, value.data.hex())
    if isinstance(value, msgpack.Timestamp):
        return 'timestamp(%d,%d)' % (value.seconds, value.nanoseconds)
    if isinstance(value, (list, tuple)):
        return '[%s]' % ','.join(map(text, value))
    if isinstance(value, dict):
        return '{%s}' % ','.join('%s:%s' % (text(k), text(v)) for k, v in value.items())
    if isinstance(value, set):
        return 'set(%s)' % ','.join(sorted(map(text, value)))
    if isinstance(value, datetime.datetime):
        offset = value.utcoffset()
        return 'datetime(%d,%d,%d,%d,%d,%d,%d,%s)' % (
            value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond,
            'naive' if offset is None else int(offset.total_seconds()))
    if isinstance(value, datetime.date):
        return 'date(%d,%d,%d)' % (value.year, value.month, value.day)
    if isinstance(value, datetime.time):
        return 'time(%d,%d,%d,%d)' % (value.hour, value.minute, value.second, value.microsecond)
    if isinstance(value, decimal.Decimal):
        return 'decimal(%s)' % value
    if isinstance(value, uuid.UUID):
        return 'uuid(%s)' % value.hex
    raise TypeError(type(value))


def line(packed):
    value = msgpack_serializer.loads(packed)
    return '%s\t%s\t%s' % (packed.hex(), text(value), msgpack_serializer.dumps(value).hex())


class Generator(object):
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.embedded = False

    def length(self):
        if self.random.random() < 0.05:
            return self.random.choice(LENGTH_EDGES)
        return self.random.randrange(6)

    def integer(self):
        if self.random.random() < 0.5:
            return self.random.choice(INTEGER_EDGES)
        bits = self.random.randrange(1, 64)
        return self.random.randrange(-2 ** (bits - 1), 2 ** bits)

    def double(self):
        return self.random.choice([
            0.0, -0.0, 1.0, -1.5, 0.1, 1e300, 5e-324, float('inf'), float('-inf'), float('nan'),
            self.random.uniform(-1e6, 1e6)])

    def string(self):
        return ''.join(self.random.choice(ALPHABET) for _ in range(self.length()))

    def binary(self):
        return bytes(self.random.randrange(256) for _ in range(self.length()))

    def date(self):
        # Python writes years before 1000 without leading zeros, and then cannot read them.
        return datetime.date(self.random.randrange(1000, 10000), self.random.randrange(1, 13),
                             self.random.randrange(1, 29))

    def time(self):
        return datetime.time(self.random.randrange(24), self.random.randrange(60), self.random.randrange(60))

    def datetime(self):
        zone = None
        if self.random.random() < 0.7:
            zone = datetime.timezone(datetime.timedelta(minutes=self.random.randrange(-1439, 1440)))
        return datetime.datetime.combine(self.date(), self.time().replace(
            microsecond=self.random.choice([0, 1, 500000]), tzinfo=zone))

    def decimal(self):
        special = ['NaN', '-NaN', 'sNaN', 'Infinity', '-Infinity', '0', '-0', '0.00', '1E+5', '-1.5E-30', '1E+400']
        if self.random.random() < 0.3:
            return decimal.Decimal(self.random.choice(special))
        return decimal.Decimal((self.random.randrange(2), tuple(
            self.random.randrange(10) for _ in range(self.random.randrange(1, 50))), self.random.randrange(-40, 40)))

    def uuid(self):
        return uuid.UUID(int=self.random.getrandbits(128))

    def timestamp(self):
        return msgpack.Timestamp(
            self.random.choice([0, 1, -1, 2 ** 32 - 1, 2 ** 32, 2 ** 34 - 1, 2 ** 34, -2 ** 63, 2 ** 63 - 1]),
            self.random.choice([0, 1, 999999999]))

    def ext(self):
        code = self.random.randrange(128)
        return msgpack.ExtType(code if code != 101 else 100, self.binary())

    def key(self):
        # No float, bool, 0 or 1: Python takes 1, 1.0 and True for the same key.
        return self.random.choice([
            self.string, self.string, self.string, self.binary, self.uuid, self.date, lambda: None,
            lambda: self.random.randrange(2, 300), lambda: -self.random.randrange(1, 2 ** 40)])()

    def embed(self, value):
        self.embedded = True
        return raw_embed(msgpack_serializer.dumps(value))

    def value(self, depth=0):
        scalars = [
            lambda: None, lambda: self.random.random() < 0.5, self.integer, self.double, self.string, self.binary,
            self.date, self.time, self.datetime, self.decimal, self.uuid, self.timestamp, self.ext,
            lambda: Undefined, lambda: {self.key() for _ in range(self.length())}]
        containers = [
            lambda: [self.value(depth + 1) for _ in range(self.length())],
            lambda: tuple(self.value(depth + 1) for _ in range(self.length())),
            lambda: {self.key(): self.value(depth + 1) for _ in range(self.length())},
            lambda: self.embed(self.value(depth + 1))]
        wide = depth == 0 and self.random.random() < 0.5
        if depth < 4 and (wide or self.random.random() < 0.3):
            return self.random.choice(containers)()
        return self.random.choice(scalars)()


def generate(seed, count):
    generator = Generator(seed)
    for _ in range(count):
        generator.embedded = False
        packed = msgpack_serializer.dumps(generator.value())
        print('%s\t%s' % (line(packed), 'embedded' if generator.embedded else 'plain'))


def echo():
    for packed in sys.stdin:
        try:
            print(line(bytes.fromhex(packed)))
        except Exception as error:
            print('!\t%r' % error)


if __name__ == '__main__':
    if sys.argv[1] == 'generate':
        generate(int(sys.argv[2]), int(sys.argv[3]))
    else:
        echo()
