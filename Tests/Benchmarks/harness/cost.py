"""What a call costs without the network: instructions, counted by valgrind, and the least CPU time."""
import math
import os
import re
import resource
import subprocess

from . import build, table
from .summary import spread

PLACES = ('poller', 'pool')
LEVELS = (1, 16, 64)
PAIRS = 3
# What a process does besides its calls is the same for both counts, and cancels out in the difference.
COUNTED_CALLS = (2000, 10_000)
TIMED_RUNS = 16
TIMED_CALLS = 100_000
# The time limit of one run, which usually takes seconds; a run that hangs must not hold up the rest.
TIMEOUT = 120
VALGRIND = ('valgrind', '--tool=cachegrind', '--cache-sim=no', '--cachegrind-out-file=/dev/null')


class NoCount(Exception):
    """Valgrind is missing, or failed; the message says how."""


def command(program, level, place, calls):
    return [program, '--outstanding', str(level), '--handlers', place, '--calls', str(calls)]


def find_valgrind():
    done = subprocess.run([os.path.join(build.HERE, '..', 'install-packages'), 'valgrind'],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise NoCount(f'valgrind can\'t be installed: {done.stderr.strip()[-500:]}')


def instructions(*run):
    """How many instructions a whole run executes, in all its threads."""
    try:
        done = subprocess.run([*VALGRIND, *command(*run)], capture_output=True, text=True, timeout=TIMEOUT)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoCount(str(error)) from error
    found = re.search(r'I\s+refs:\s+([\d,]+)', done.stderr)
    if done.returncode != 0 or not found:
        raise NoCount(f'valgrind ended with status {done.returncode}:\n{done.stderr[-2000:]}')
    return int(found[1].replace(',', ''))


def instructions_per_call(programs, level, place):
    """One pair of runs of each program; they take turns."""
    few, many = ({who: instructions(program, level, place, calls) for who, program in programs.items()}
                 for calls in COUNTED_CALLS)
    # Every lane makes the same number of calls.
    calls = COUNTED_CALLS[1] // level * level - COUNTED_CALLS[0] // level * level
    return {who: (many[who] - few[who]) / calls for who in programs}


def cpu_per_call(*run):
    """User and system time in microseconds, on one core, so that the scheduling of threads makes no difference."""
    core = max(os.sched_getaffinity(0))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(command(*run, TIMED_CALLS), capture_output=True, text=True, timeout=TIMEOUT,
                              preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    except subprocess.TimeoutExpired as error:
        raise SystemExit(str(error)) from error
    if done.returncode != 0:
        raise SystemExit(f'{" ".join(done.args)} ended with status {done.returncode}:\n{done.stderr[-2000:]}')
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e6 / TIMED_CALLS


def count(programs, level, place, pairs):
    """The instructions per call of each program in each pair of runs."""
    counts = {who: [] for who in programs}
    for _ in range(pairs):
        for who, number in instructions_per_call(programs, level, place).items():
            counts[who].append(number)
    return counts


def least_cpu(programs, level, place, runs):
    """The least CPU time per call of each program: whatever disturbs a run only adds to it."""
    least = dict.fromkeys(programs, math.inf)
    for _ in range(runs):
        for who, program in programs.items():
            least[who] = min(least[who], cpu_per_call(program, level, place))
    return least


def ratio(figures):
    """The ratio of new to old, if there is an old one."""
    return figures['this'] / figures['other'] if 'other' in figures else None


def row(result):
    counts, least = result.get('instructions'), result['cpu']
    cells = [result['handlers'], str(result['outstanding'])]
    for who in least:
        spread_of = counts and counts[who]
        cells += [f"{spread_of['median']:.0f} ({spread_of['min']:.0f}-{spread_of['max']:.0f})" if counts else '-',
                  f'{least[who]:.2f}']
    if 'cpu_ratio' in result:
        cells += [f"{result['instructions_ratio']:.3f}" if counts else '-', f"{result['cpu_ratio']:.3f}"]
    return cells


def columns(programs):
    cells = ['handlers', 'outstanding']
    for who in programs:
        name = f'{who}: ' if len(programs) > 1 else ''
        cells += [f'{name}instructions (min-max)', f'{name}least CPU us']
    return cells + ['instructions x', 'CPU x'] * (len(programs) > 1)


def compare(arguments):
    programs = {'this': build.swift('CallCost')}
    if arguments.against:
        programs['other'] = build.swift('CallCost', os.path.join(arguments.against, 'Tests', 'Benchmarks'))
    levels, pairs, runs = ((16,), 1, 4) if arguments.quick else (LEVELS, PAIRS, TIMED_RUNS)
    is_counting = True
    try:
        find_valgrind()
    except NoCount as error:
        is_counting = False
        build.say(f'no instructions are counted: {error}')
    results = []
    for place in PLACES:
        for level in levels:
            build.say(f'cost of a call, {level} outstanding, handlers on the {place}')
            result = {'handlers': place, 'outstanding': level}
            if is_counting:
                try:
                    counts = count(programs, level, place, pairs)
                    result['instructions'] = {who: spread(numbers) for who, numbers in counts.items()}
                    result['instructions_ratio'] = ratio(
                        {who: numbers['median'] for who, numbers in result['instructions'].items()})
                except NoCount as error:
                    is_counting = False
                    build.say(f'no more instructions are counted: {error}')
            result['cpu'] = least_cpu(programs, level, place, runs)
            result['cpu_ratio'] = ratio(result['cpu'])
            results.append({name: value for name, value in result.items() if value is not None})
            build.say('  ' + ', '.join(f'{name} {cell}' for name, cell in zip(columns(programs)[2:], row(results[-1])[2:])))
    print('\nthe cost of one call, both sides, in memory' + (
        f'; x is this against {arguments.against}' if arguments.against else ''))
    print(table.format_table([columns(programs), *map(row, results)]), flush=True)
    return results
