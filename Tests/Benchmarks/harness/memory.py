"""Resident memory: of a service with idle peers, and of both sides during a million calls."""
import time

from . import build, contenders, table
from .programs import Program, start_server

PEERS = (0, 1, 100, 1000)
# The most clients in one process: each has its own threads and descriptors.
PEERS_IN_A_PROCESS = 100
SETTLING = 1.0


def with_idle_peers(command, counts):
    """The service's resident KiB at each number of peers that are connected and idle."""
    server, port = start_server(command)
    processes = []
    with server:
        try:
            result, present = {}, 0
            for count in counts:
                while present < count:
                    more = min(count - present, PEERS_IN_A_PROCESS)
                    peers = Program([build.swift('IdlePeers'), '--connect', f'127.0.0.1:{port}', '--peers', str(more)])
                    processes.append(peers)
                    peers.line('ready ')
                    present += more
                time.sleep(SETTLING)
                result[count] = server.memory()
            return result
        finally:
            for peers in processes:
                peers.__exit__()


def per_peer(memory, fewer, more):
    return (memory[more] - memory[fewer]) / (more - fewer)


def during_calls(contender, calls):
    """Resident KiB of client and service after each tenth of `calls` calls, 64 at a time."""
    server, port = start_server(contender.server)
    with server:
        command = [*contender.client, '--connect', f'127.0.0.1:{port}', '--outstanding', '64', '--calls', str(calls)]
        with Program(command) as client:
            samples = []
            for _ in range(10):
                done = int(client.line('calls ').split()[1])
                samples.append({'calls': done, 'client': client.memory(), 'server': server.memory()})
            client.line('{')
    return samples


def compare(arguments):
    counts = (0, 1, 10) if arguments.quick else PEERS
    results = {'idle': {}, 'calls': {}}
    names = {'lymph-poller': 'our service', 'bare': 'bare libzmq'}
    rows = [('service', *(f'{count} peers' for count in counts), 'KiB per additional peer')]
    for name, what in names.items():
        build.say(f'memory of {what} with idle peers')
        memory = with_idle_peers(contenders.SERVERS[name](), counts)
        results['idle'][name] = memory
        rows.append((what, *(f'{value} KiB' for value in memory.values()), f'{per_peer(memory, *counts[-2:]):.1f}'))
    print('\nresident memory of a service with idle peers, our clients\n' + table.format_table(rows))

    calls = 20_000 if arguments.quick else 1_000_000
    rows = [('contender', 'process', *(f'{tenth}0 %' for tenth in range(1, 11)), 'growth from 20 %')]
    for name in ('lymph', 'lymph-pool'):
        build.say(f'memory of {name} during {calls} calls')
        samples = during_calls(contenders.contender(name), calls)
        results['calls'][name] = samples
        for side in ('client', 'server'):
            values = [sample[side] for sample in samples]
            rows.append((name, side, *map(str, values), f'{values[-1] - values[1]} KiB'))
    print(f'\nresident KiB during {calls} calls, 64 outstanding\n' + table.format_table(rows), flush=True)
    return results
