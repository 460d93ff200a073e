"""What is compared: pairs of a server and a load generator, by name."""
import os
from dataclasses import dataclass, field

from . import build


@dataclass(frozen=True)
class Contender:
    name: str
    what: str
    server: list
    client: list
    environment: dict = field(default_factory=dict)
    # Serves for a comparison of interest only to itself, so a plain run leaves it out.
    is_extra: bool = False


BASE = 'bare'


def python(interpreter, program):
    return [interpreter(), '-B', os.path.join(build.PYTHON, program)]


# The programs that are built, and how they are started. A name in one of the pairs below stands for one of these.
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
    'lymph-defer': lambda: [build.swift('BenchmarkClient'), '--style', 'defer'],
    'lymph-tasks': lambda: [build.swift('BenchmarkClient'), '--style', 'tasks'],
    'python-lymph': lambda: python(build.python_lymph, 'lymph_client.py'),
    'zerorpc': lambda: python(build.python_zerorpc, 'zerorpc_client.py'),
    'grpc-cpp': lambda: [build.grpc_cpp('client')],
    'grpc-swift': lambda: [build.swift('GRPCSwiftClient', build.GRPC_SWIFT)],
    'grpc-swift-tuned': lambda: [build.swift('GRPCSwiftClient', build.GRPC_SWIFT), '--tuned', '1'],
}

# name: (server, client, what it is, whether it is left out of a run that names nobody)
PAIRS = {
    'bare': ('bare', 'bare', "libzmq alone, in C: lymph's five frames, the answer on the connection of the request", False),
    'bare-second': ('bare-second', 'bare-second', 'the same, the answer over a second connection, as Python does', False),
    'bare-packed': ('bare-packed', 'bare-packed', 'the same as bare, all five packed in one frame', False),
    'lymph': ('lymph-poller', 'lymph', 'service and client on our library, handlers on the poller', False),
    'lymph-pool': ('lymph-pool', 'lymph', 'the same, handlers on the pool', False),
    'lymph-defer': ('lymph-poller', 'lymph-defer', 'as lymph, each call by defer', True),
    'lymph-tasks': ('lymph-poller', 'lymph-tasks', 'as lymph, each call in a new task', True),
    'lymph-server': ('lymph-poller', 'bare', 'our service, called by bare', True),
    'lymph-server-second': ('lymph-poller', 'bare-second', 'our service, called as Python does', True),
    'lymph-client': ('bare', 'lymph', 'our client, calling bare', True),
    'lymph-client-second': ('bare-second', 'lymph', 'our client, answered as Python does', True),
    'lymph-to-python': ('python-lymph', 'lymph', 'our client, calling a service on Python lymph', False),
    'python-to-lymph': ('lymph-poller', 'python-lymph', 'a client on Python lymph, calling our service', False),
    'python-lymph': ('python-lymph', 'python-lymph', 'Python lymph 0.15 on both sides', False),
    'grpc-cpp': ('grpc-cpp', 'grpc-cpp', "Debian's gRPC for C++: completion queues, one thread each, no Protobuf", False),
    'grpc-swift': ('grpc-swift', 'grpc-swift', 'grpc-swift-2 with its NIO transport, no Protobuf', False),
    'grpc-swift-tuned': ('grpc-swift-tuned', 'grpc-swift-tuned', 'the same, without delayed flushes, 8 MiB window', True),
    'zerorpc': ('zerorpc', 'zerorpc', 'zerorpc on both sides', False),
}

EVERYBODY = list(PAIRS)
USUAL = [name for name, pair in PAIRS.items() if not pair[3]]


def contender(name):
    server, client, what, is_extra = PAIRS[name]
    return Contender(name, what, SERVERS[server](), CLIENTS[client](), is_extra=is_extra)
