"""Summarises the runs of one comparison into the figures that are printed."""
from statistics import median

FIELDS = ('per_second', 'p50', 'p90', 'p99', 'p99.9', 'client_cpu', 'server_cpu', 'client_rss', 'server_rss')


def text_size(body):
    """The length of the string in a request body {"text": …} of `body` bytes: the map and its key take 6."""
    for head, limit in ((1, 31), (2, 255), (3, 65535), (5, 1 << 32)):
        if 0 < body - 6 - head <= limit:
            return body - 6 - head
    raise ValueError(f'a body has at least 8 bytes, not {body}')


def spread(values):
    return {'median': median(values), 'min': min(values), 'max': max(values)}


def summarize(runs, base):
    """The median, least and largest of each figure, and of the ratio to the base's run of the same round.

    A run that failed is None; if all have, there is nothing to say.
    """
    if not any(runs):
        return {}
    rounds = [(run, against) for run, against in zip(runs, base) if run and against]
    summary = {name: spread([run[name] for run in runs if run]) for name in FIELDS}
    if rounds:
        summary['ratio'] = spread([run['per_second'] / against['per_second'] for run, against in rounds])
        for name in ('p50', 'p99'):
            summary[name + '_ratio'] = spread([run[name] / against[name] for run, against in rounds])
        summary['cpu_ratio'] = spread([cpu(run) / cpu(against) for run, against in rounds if cpu(against) > 0] or [0])
    return summary


def cpu(run):
    return run['client_cpu'] + run['server_cpu']
