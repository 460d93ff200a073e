"""Starts a server and a load generator, and looks at both while the load runs."""
import json
import os
import re
import subprocess
import tempfile

TICKS_PER_SECOND = os.sysconf('SC_CLK_TCK')


class BenchmarkError(Exception):
    """A program failed; the message says which one, and what it printed."""


class Program:
    """A process that talks to the harness in lines, and exits when its standard input is closed."""

    def __init__(self, command):
        self.command = command
        self.log = tempfile.TemporaryFile('w+')
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def line(self, pattern):
        """The next line that matches; others, which a runtime may print, are skipped."""
        for line in self.process.stdout:
            if re.match(pattern, line):
                return line.strip()
        status = self.process.wait()
        self.log.seek(0)
        raise BenchmarkError(f'{" ".join(self.command)} ended with status {status}\n{self.log.read()[-2000:]}')

    def cpu_seconds(self):
        """User and system time of all threads so far."""
        with open(f'/proc/{self.process.pid}/stat') as stat:
            fields = stat.read().rpartition(')')[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND

    def memory(self, field='VmRSS'):
        """Resident memory in KiB: VmRSS now, VmHWM the largest so far."""
        with open(f'/proc/{self.process.pid}/status') as status:
            return next(int(line.split()[1]) for line in status if line.startswith(field + ':'))


def start_server(command):
    """Starts a server and waits until it can be called. Returns it and its port."""
    server = Program(command)
    try:
        return server, int(server.line('ready ').split()[1])
    except BaseException:
        server.__exit__()
        raise


def measure(contender, load):
    """One run: a new server, a new load generator with the options `load`, one result."""
    server, port = start_server(contender.server)
    with server:
        options = [text for name, value in load.items() for text in (f'--{name}', str(value))]
        command = [*contender.client, '--connect', f'127.0.0.1:{port}', *options]
        with Program(command) as client:
            client.line('begin')
            before = client.cpu_seconds(), server.cpu_seconds()
            result = json.loads(client.line('{'))
            after = client.cpu_seconds(), server.cpu_seconds()
            calls = max(result['calls'], 1)
            result['per_second'] = result['calls'] / result['seconds']
            result['client_cpu'] = (after[0] - before[0]) * 1e6 / calls
            result['server_cpu'] = (after[1] - before[1]) * 1e6 / calls
            result['client_rss'] = client.memory('VmHWM') / 1024
            result['server_rss'] = server.memory('VmHWM') / 1024
    return result
