"""The comparison of calls: every contender at every level and body size, in interleaved rounds."""
import sys

from . import build, contenders, table
from .programs import BenchmarkError, measure
from .summary import summarize, text_size


# The most bytes of bodies that are outstanding: with more, queues that are bounded on purpose would overflow.
MOST_BYTES = 64 * 1024 * 1024


def options(arguments, level, body):
    load = {'outstanding': level, 'text': text_size(body), 'seconds': arguments.seconds,
            'warmup': min(0.5, arguments.seconds / 4)}
    # From 64 KiB on, converting a string to upper case would take longer than the call.
    load['method'] = 'upper' if body < 65536 else 'echo'
    if arguments.rate:
        load['rate'] = arguments.rate
    return load


def compare(arguments):
    """Runs everything, prints a table for each level and body size, and returns the results."""
    names = arguments.only or contenders.USUAL
    if contenders.BASE not in names:
        names = [contenders.BASE, *names]
    built = [contenders.contender(name) for name in names]
    results = []
    for body in arguments.bodies:
        for level in arguments.levels:
            if level * body > MOST_BYTES:
                continue
            runs = {name: [] for name in names}
            for round in range(arguments.rounds):
                for contender in built:
                    build.say(f'body {body}, {level} outstanding, round {round + 1}/{arguments.rounds}: '
                              f'{contender.name}')
                    try:
                        runs[contender.name].append(measure(contender, options(arguments, level, body)))
                    except BenchmarkError as error:
                        print(f'failed: {error}', file=sys.stderr)
                        runs[contender.name].append(None)
            summaries = {name: summarize(runs[name], runs[contenders.BASE]) for name in names}
            title = f'body of {body} bytes, {level} outstanding, {arguments.rounds} rounds of {arguments.seconds} s'
            if arguments.rate:
                title += f', open loop at {arguments.rate:g} calls/s'
            print(table.calls_table(title, summaries), flush=True)
            results.append({'body': body, 'outstanding': level, 'rate': arguments.rate, 'runs': runs,
                            'summary': summaries})
    return results
