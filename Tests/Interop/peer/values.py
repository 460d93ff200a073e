"""Values of all types that lymph's messages can carry, as Python makes them."""
import datetime
import decimal
import uuid

import msgpack
import pytz
from lymph.serializers import msgpack_serializer
from lymph.serializers.base import raw_embed
from lymph.utils import Undefined

KOLKATA = pytz.FixedOffset(330)
MOMENT = datetime.datetime(2015, 11, 23, 12, 34, 56)

# The Swift side has a table of the same names: what it expects to get.
VALUES = {
    'none': None,
    'true': True,
    'false': False,
    'zero': 0,
    'largest fixint': 127,
    'smallest fixint': -32,
    'uint8': 255,
    'int8': -128,
    'int16': -32768,
    'int32': -2147483648,
    'largest int64': 2 ** 63 - 1,
    'smallest int64': -2 ** 63,
    'largest uint64': 2 ** 64 - 1,
    'float': 0.1,
    'negative zero': -0.0,
    'infinity': float('inf'),
    'nan': float('nan'),
    'text': 'Zażółć gęślą jaźń \U0001f600\x00',
    'empty text': '',
    'long text': 'x' * 70000,
    'bytes': b'\x00\xff\x80',
    'empty bytes': b'',
    'list': [1, [2.5, ['three']], []],
    'tuple': (1, 'two'),
    'dict': {'a': {'b': {'c': None}}, '': 0},
    'dict with other keys': {1: 'int', -7: 'negative', 2.5: 'float', None: 'none', False: 'bool', b'\xff': 'bytes'},
    'naive datetime': MOMENT,
    'utc datetime': MOMENT.replace(tzinfo=pytz.utc),
    'aware datetime': MOMENT.replace(tzinfo=KOLKATA),
    'western datetime': MOMENT.replace(tzinfo=pytz.FixedOffset(-210)),
    'datetime with microseconds': MOMENT.replace(microsecond=123456, tzinfo=KOLKATA),
    'date': datetime.date(2015, 11, 23),
    'early date': datetime.date(1066, 10, 14),
    'time': datetime.time(12, 34, 56),
    'decimal': decimal.Decimal('1.10'),
    'large decimal': decimal.Decimal('-123456789012345678901234567890.123456789'),
    'decimal with exponent': decimal.Decimal('1E+3'),
    'decimal infinity': decimal.Decimal('-Infinity'),
    'uuid': uuid.UUID('12345678-1234-5678-9abc-def012345678'),
    'set': {1, 2, 3},
    'mixed set': {1, 'one', 1.5, None, b'1'},
    'empty set': set(),
    'undefined': Undefined,
    'ext': msgpack.ExtType(5, b'\x01\x02\x03'),
    'timestamp': msgpack.Timestamp(1448282096, 500000000),
    'embedded': raw_embed(msgpack_serializer.dumps({'inner': [1, datetime.date(2015, 11, 23)]})),
    'all at once': {
        'when': [MOMENT, datetime.date(2015, 11, 23), datetime.time(12, 34, 56)],
        'what': {'price': decimal.Decimal('9.99'), 'id': uuid.UUID(int=1), 'tags': {'a'}, 'gone': Undefined},
    },
}


def describe(value):
    """What Python received: the name of the type, and the value if it is not too long."""
    return [type(value).__name__, repr(value)[:1000]]


def is_same(sent, received):
    """Whether a value came back as it was sent, by Python's own comparison."""
    if sent != sent:
        return received != received
    return type(sent) is type(received) and sent == received
