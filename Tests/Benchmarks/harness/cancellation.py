"""What becomes of calls whose callers give up: how soon services learn it, how exactly, and what is left afterwards."""
import json
import os
import subprocess

from . import build, table

# What is promised, in microseconds: how much longer than a call its end may take, and how far each service may be off.
DELAY = 5000
DRIFT = 1000
# How much shorter the slowest calls are with hedges, and how many more times the method may be executed.
SHORTENING = 5
MORE_EXECUTED = 0.03
# The time limit of one measurement, which takes seconds; one that hangs must not hold up the rest.
TIMEOUT = 300
SPREAD = ('p50', 'p99', 'max')


def measure(what, **options):
    command = [build.swift('Cancellation'), '--measure', what]
    for name, value in options.items():
        command += [f'--{name}', str(value)]
    try:
        return json.loads(build.run(command, ' '.join(command), timeout=TIMEOUT))
    except subprocess.TimeoutExpired as error:
        raise SystemExit(str(error)) from error


def times(spread):
    return [f'{spread[name]:.0f}' for name in SPREAD]


def yes(is_kept):
    return 'yes' if is_kept else 'NO'


def chain(is_quick):
    """Three services in a row, the innermost of which hangs; on an idle machine, and on one that has other work."""
    calls, cores = 500 if is_quick else 10_000, len(os.sched_getaffinity(0))
    results = []
    rows = [('machine', 'handlers', *(f'call {name} us' for name in SPREAD), *(f'cancel {name} us' for name in SPREAD),
             'cancelled in each service', 'answered then', 'kept')]
    for machine, busy in (('idle', 0), (f'{cores} busy threads', cores)):
        for handlers in ('pool', 'poller'):
            build.say(f'cancellation through three services, {machine}, handlers on the {handlers}')
            result = measure('chain', calls=calls, busy=busy, handlers=handlers)
            result['is_kept'] = (result['delay']['p99'] <= result['roundTrip']['p50'] + DELAY
                                 and all(count == calls for count in result['cancelled']))
            results.append({'busy': busy, 'handlers': handlers, **result})
            rows.append((machine, handlers, *times(result['roundTrip']), *times(result['delay']),
                         ' '.join(map(str, result['cancelled'])), str(result['answered']), yes(result['is_kept'])))
    print(f'\n{calls} calls through three services, each cancelled by its caller, 8 at a time, next to calls that are '
          'answered\nkept: cancel p99 <= call p50 + 5 ms, and each service has counted every cancellation\n'
          + table.format_table(rows))
    return results


def drift(is_quick):
    """The deadline of a caller, as each of five services in a row knows it."""
    build.say('deadlines in a row of services')
    calls = 100 if is_quick else 1000
    results = measure('drift', calls=calls)
    rows = [('hops', *(f'{name} us' for name in SPREAD), *(f'{name} a hop' for name in SPREAD), 'kept')]
    for result in results:
        hops, deviation = result['hops'], result['deviation']
        result['is_kept'] = deviation['p99'] <= DRIFT * hops
        a_hop = {name: value / hops for name, value in deviation.items()}
        rows.append((str(hops), *times(deviation), *times(a_hop), yes(result['is_kept'])))
    print(f'\nhow far a caller\'s deadline is off in the services, {calls} calls; kept: p99 <= 1 ms a hop\n'
          + table.format_table(rows))
    return results


def queue(_):
    """Requests for an actor that is busy until nine out of ten have expired."""
    build.say('requests that expire while they wait')
    result = measure('queue', calls=1000)
    result['is_kept'] = (result['refused'], result['executed'], result['answered']) == (900, 100, 100)
    counts = ('requests', 'refused', 'executed', 'answered')
    rows = [(*counts, *(f'lateness {name} us' for name in SPREAD), 'kept'),
            (*(str(result[name]) for name in counts), *times(result['lateness']), yes(result['is_kept']))]
    print('\nrequests for a busy actor, nine out of ten of which expire; kept: those are refused, the others executed\n'
          + table.format_table(rows), flush=True)
    return result


def hedging(is_quick):
    """Three instances, one of which is slow now and then; the method says that it is idempotent, not the caller."""
    build.say('hedged calls to three instances')
    calls = 3000 if is_quick else 20_000
    results = measure('hedging', calls=calls)
    percentiles = ('p50', 'p95', 'p99', 'p999')
    rows = [('hedges after', *(f'{name} ms' for name in ('p50', 'p95', 'p99', 'p99.9')), 'p99 shorter', 'more executed',
             'slow', 'hedges', 'cancelled', 'kept')]
    plain, promised = results[:2]
    for result in results:
        result['shortening'] = plain['p99'] / result['p99']
        result['more_executed'] = result['executed'] / result['calls'] - 1
    promised['is_kept'] = promised['shortening'] >= SHORTENING and promised['more_executed'] <= MORE_EXECUTED
    rows += [(result['hedging'], *(f'{result[name] / 1000:.1f}' for name in percentiles),
              f"{result['shortening']:.2f} x", f"{result['more_executed']:.2%}",
              *(str(result[name]) for name in ('slow', 'hedges', 'cancelled')),
              yes(result['is_kept']) if result is promised else '-') for result in results]
    # That an instance is slow shows no sooner than after the usual time, and the other one takes as long again.
    possible = plain['p99'] / (plain['p95'] + plain['p50'])
    verdict = 'kept' if promised['is_kept'] else 'missed'
    print(f'\n{calls} calls to three instances, one of which takes ten times as long in one call of twenty, 8 at once\n'
          f'kept: p99 {SHORTENING} times shorter than without hedges, at most {MORE_EXECUTED:.0%} more executed\n'
          + table.format_table(rows) + f'\n{verdict} by hedges after p95: '
          f"p99 {promised['shortening']:.2f} times shorter of {SHORTENING} (p50 + p95 in a row: {possible:.2f}), "
          f"{promised['more_executed']:.2%} more executed of {MORE_EXECUTED:.0%}", flush=True)
    return results


def compare(arguments):
    return {part.__name__: part(arguments.quick) for part in (chain, drift, queue, hedging)}
