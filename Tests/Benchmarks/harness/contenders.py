"""What is compared: pairs of a server and a load generator, by name."""
import os
from dataclasses import dataclass
from typing import NamedTuple

from . import build

BASE = 'bare'


def python(interpreter, program):
    return [interpreter(), '-B', os.path.join(build.PYTHON, program)]


# Functions that return the command of a program, and build it if necessary.
SERVERS = {
    'bare': lambda: [build.bare('server')],
    'bare-second': lambda: [build.bare('server'), '--path', 'second'],
    'bare-packed': lambda: [build.bare('server'), '--frames', '1'],
    'lymph-poller': lambda: [build.swift('BenchmarkService'), '--handlers', 'poller'],
    'lymph-pool': lambda: [build.swift('BenchmarkService'), '--handlers', 'pool'],
    'python-lymph': lambda: python(build.python_lymph, 'lymph_service.py'),
    'zerorpc': lambda: python(build.python_zerorpc, 'zerorpc_service.py'),
    'grpc-cpp': lambda: [build.grpc_cpp('service')],
    'grpc-swift': lambda: [build.swift('GRPCSwiftService', build.GRPC_SWIFT)],
    'grpc-swift-tuned': lambda: [build.swift('GRPCSwiftService', build.GRPC_SWIFT), '--tuned', '1'],
}
CLIENTS = {
    'bare': lambda: [build.bare('client')],
    'bare-second': lambda: [build.bare('client'), '--path', 'second'],
    'bare-packed': lambda: [build.bare('client'), '--frames', '1'],
    'lymph': lambda: [build.swift('BenchmarkClient')],
    'lymph-pool': lambda: [build.swift('BenchmarkClient'), '--tasks', 'pool'],
    'lymph-defer': lambda: [build.swift('BenchmarkClient'), '--style', 'defer'],
    'lymph-tasks': lambda: [build.swift('BenchmarkClient'), '--style', 'tasks'],
    'python-lymph': lambda: python(build.python_lymph, 'lymph_client.py'),
    'zerorpc': lambda: python(build.python_zerorpc, 'zerorpc_client.py'),
    'grpc-cpp': lambda: [build.grpc_cpp('client')],
    'grpc-swift': lambda: [build.swift('GRPCSwiftClient', build.GRPC_SWIFT)],
    'grpc-swift-tuned': lambda: [build.swift('GRPCSwiftClient', build.GRPC_SWIFT), '--tuned', '1'],
}


class Pair(NamedTuple):
    server: str
    client: str
    what: str
    # Left out unless it is named.
    is_extra: bool = False


PAIRS = {
    'bare': Pair('bare', 'bare', "libzmq alone, in C: lymph's five frames, answers on the connection of the request"),
    'bare-second': Pair('bare-second', 'bare-second', 'the same, answers over a second connection, as Python does'),
    'bare-packed': Pair('bare-packed', 'bare-packed', 'the same as bare, all five packed in one frame'),
    'lymph': Pair('lymph-poller', 'lymph', 'our library on both sides; handlers and calling tasks on the pollers'),
    'lymph-pool': Pair('lymph-pool', 'lymph-pool', 'the same, handlers and calling tasks on the pool, the default'),
    'lymph-defer': Pair('lymph-poller', 'lymph-defer', 'as lymph, each call by defer', True),
    'lymph-tasks': Pair('lymph-poller', 'lymph-tasks', 'as lymph, each call in a new task', True),
    'lymph-server': Pair('lymph-poller', 'bare', 'our service, called by bare', True),
    'lymph-server-second': Pair('lymph-poller', 'bare-second', 'our service, called as Python does', True),
    'lymph-client': Pair('bare', 'lymph', 'our client, calling bare', True),
    'lymph-client-second': Pair('bare-second', 'lymph', 'our client, answered as Python does', True),
    'lymph-to-python': Pair('python-lymph', 'lymph', 'our client, calling a service on Python lymph'),
    'python-to-lymph': Pair('lymph-poller', 'python-lymph', 'a client on Python lymph, calling our service'),
    'python-lymph': Pair('python-lymph', 'python-lymph', 'Python lymph 0.15 on both sides'),
    'grpc-cpp': Pair('grpc-cpp', 'grpc-cpp', "Debian's gRPC for C++: completion queues, one thread each, no Protobuf"),
    'grpc-swift': Pair('grpc-swift', 'grpc-swift', 'grpc-swift-2 with its NIO transport, no Protobuf'),
    'grpc-swift-tuned': Pair(
        'grpc-swift-tuned', 'grpc-swift-tuned', 'the same, without delayed flushes, 8 MiB window', True),
    'zerorpc': Pair('zerorpc', 'zerorpc', 'zerorpc on both sides'),
}

EVERYBODY = list(PAIRS)
USUAL = [name for name, pair in PAIRS.items() if not pair.is_extra]


@dataclass(frozen=True)
class Contender:
    name: str
    server: list
    client: list


def contender(name):
    """Builds what a contender needs."""
    pair = PAIRS[name]
    return Contender(name, SERVERS[pair.server](), CLIENTS[pair.client]())
