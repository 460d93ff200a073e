"""What the load generators in Python have in common; they use greenlets of gevent."""
import argparse
import json
import math
import os
import sys
import threading
import time

LETTERS = 'abcdefghijklmnop'


def exit_at_end_of_input():
    """Ends the process when its parent closes its standard input."""
    def wait():
        while os.read(0, 4096):
            pass
        os._exit(0)
    threading.Thread(target=wait, daemon=True).start()


class Histogram:
    """A log-linear histogram of nanoseconds: 128 steps for each power of two."""

    def __init__(self):
        self.counts, self.total, self.largest = {}, 0, 0

    def record(self, value):
        shift = max(0, value.bit_length() - 8)
        step = (shift, value >> shift)
        self.counts[step] = self.counts.get(step, 0) + 1
        self.total += 1
        self.largest = max(self.largest, value)

    def microseconds(self, percentile):
        wanted, seen = max(1, math.floor(self.total * percentile / 100 + 0.5)), 0
        for shift, step in sorted(self.counts, key=lambda key: key[1] << key[0]):
            seen += self.counts[shift, step]
            if seen >= wanted:
                return ((step << shift) + (1 << shift) / 2) / 1000
        return 0.0


class LoadGenerator:
    def __init__(self):
        parser = argparse.ArgumentParser()
        parser.add_argument('--connect', required=True)
        parser.add_argument('--outstanding', type=int, default=1)
        parser.add_argument('--text', type=int, default=3)
        parser.add_argument('--seconds', type=float, default=2)
        parser.add_argument('--warmup', type=float, default=0.3)
        parser.add_argument('--rate', type=float, default=0)
        parser.add_argument('--method', default='upper')
        self.options = parser.parse_args()
        texts = [letter * self.options.text for letter in LETTERS]
        self.texts = [(text, text if self.options.method == 'echo' else text.upper()) for text in texts]
        self.histogram, self.tickets, self.error = Histogram(), 0, None

    def run(self, call):
        """Makes the calls until the time is over, prints the result, and waits for the end of standard input."""
        import gevent
        self.sleep = gevent.sleep
        self.start = time.monotonic_ns()
        self.begin = self.start + int(self.options.warmup * 1e9)
        self.end = self.begin + int(self.options.seconds * 1e9)
        lanes = [gevent.spawn(self.lane, number, call) for number in range(self.options.outstanding)]
        gevent.sleep((self.begin - time.monotonic_ns()) / 1e9)
        print('begin', flush=True)
        gevent.joinall(lanes, raise_error=True)
        fields = {name: self.histogram.microseconds(value)
                  for name, value in (('p50', 50), ('p90', 90), ('p99', 99), ('p99.9', 99.9))}
        print(json.dumps({'calls': self.histogram.total, 'seconds': self.options.seconds, **fields,
                          'max': self.histogram.largest / 1000}), flush=True)
        while os.read(0, 4096):
            pass
        os._exit(0)

    def lane(self, number, call):
        text, expected = self.texts[number % len(self.texts)]
        while True:
            started = self.due() if self.options.rate else time.monotonic_ns()
            if started >= self.end:
                return
            if call(text) != expected:
                sys.exit('a wrong answer')
            ended = time.monotonic_ns()
            if self.begin <= ended < self.end:
                self.histogram.record(ended - started)

    def due(self):
        """Waits until the next call is due by the schedule, and returns that time."""
        time_due = self.start + int(self.tickets * 1e9 / self.options.rate)
        self.tickets += 1
        if time_due > time.monotonic_ns():
            self.sleep((time_due - time.monotonic_ns()) / 1e9)
        return time_due
