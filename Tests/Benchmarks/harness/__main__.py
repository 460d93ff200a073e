"""The command line of the benchmarks, which README.md describes."""
import argparse
import json
import os
import time

from . import build, calls, cancellation, chart, codec, contenders, cost, memory

PARTS = {'calls': calls, 'codec': codec, 'cost': cost, 'memory': memory, 'cancellation': cancellation}


def numbers(text):
    return [int(part) for part in text.split(',')]


def names(text):
    for name in text.split(','):
        if name not in contenders.PAIRS:
            raise argparse.ArgumentTypeError(f'{name} is not one of {", ".join(contenders.EVERYBODY)}')
    return text.split(',')


def checkout(text):
    if not os.path.isdir(os.path.join(text, 'Tests', 'Benchmarks', 'Sources', 'CallCost')):
        raise argparse.ArgumentTypeError(f'{text} has no Tests/Benchmarks with CallCost')
    return os.path.abspath(text)


def parse():
    parser = argparse.ArgumentParser(
        prog='Tests/Benchmarks/run', formatter_class=argparse.RawDescriptionHelpFormatter,
        description='Compares calls over Lymph with bare libzmq and with what else there is.',
        epilog='contenders:\n' + '\n'.join(f'  {name:20} {pair.what}' for name, pair in contenders.PAIRS.items()))
    parser.add_argument('parts', nargs='*', metavar='PART',
                        help=f'{", ".join(PARTS)} (default: all; with --only: calls)')
    parser.add_argument('--only', type=names, metavar='A,B', help=f'contenders (default: {",".join(contenders.USUAL)})')
    parser.add_argument('--levels', type=numbers, default=[1, 16, 64, 256, 1024], metavar='N,M',
                        help='outstanding calls')
    parser.add_argument('--bodies', type=numbers, default=[10], metavar='N,M', help='bytes of a request body')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--seconds', type=float, default=2, help='of each run, after its warm-up')
    parser.add_argument('--rate', type=float, default=0,
                        help='calls/s by a fixed schedule, instead of as many as possible')
    parser.add_argument('--against', type=checkout, metavar='PATH',
                        help='another checkout of this repository, with which `cost` is compared')
    parser.add_argument('--quick', action='store_true',
                        help='one round of half a second, at 1 and 64; `cost`: one pair of runs, at 16; '
                             '`cancellation`: 500 calls')
    arguments = parser.parse_args()
    for part in arguments.parts:
        if part not in PARTS:
            parser.error(f'{part} is not one of {", ".join(PARTS)}')
    arguments.parts = arguments.parts or (['calls'] if arguments.only else list(PARTS))
    if arguments.quick:
        arguments.rounds, arguments.seconds, arguments.levels = 1, 0.5, [1, 64]
    return arguments


def main():
    arguments = parse()
    results = {part: PARTS[part].compare(arguments) for part in arguments.parts}
    folder = os.path.join(build.RESULTS, time.strftime('%Y-%m-%d-%H%M%S'))
    os.makedirs(folder)
    with open(os.path.join(folder, 'results.json'), 'w') as file:
        json.dump(results, file, indent=1)
    for name, content in chart.charts(results.get('calls', [])):
        with open(os.path.join(folder, name), 'w') as file:
            file.write(content)
    print(f'\nwritten to {os.path.relpath(folder)}')


main()
