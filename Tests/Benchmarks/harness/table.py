"""Formats a comparison as a text table."""

COLUMNS = ('contender', 'calls/s', 'x bare (min-max)', 'p50', 'p90', 'p99', 'p99.9 us', 'p50 x', 'p99 x',
           'CPU us c+s', 'RSS MB c/s')


def number(value):
    if value >= 10_000:
        return f'{value / 1000:.0f}k'
    return f'{value:.0f}' if value >= 100 else f'{value:.1f}'


def ratio(spread):
    return f"{spread['median']:.2f} ({spread['min']:.2f}-{spread['max']:.2f})"


def row(name, summary):
    if not summary:
        return (name, 'failed', *[''] * (len(COLUMNS) - 2))

    def middle(field):
        return summary[field]['median']

    def middle_ratio(field):
        return f'{middle(field):.2f}' if field in summary else '-'

    return (
        name, number(middle('per_second')),
        ratio(summary['ratio']) if 'ratio' in summary else '-',
        *(number(middle(field)) for field in ('p50', 'p90', 'p99', 'p99.9')),
        middle_ratio('p50_ratio'), middle_ratio('p99_ratio'),
        f"{middle('client_cpu'):.1f}+{middle('server_cpu'):.1f}",
        f"{middle('client_rss'):.0f}/{middle('server_rss'):.0f}")


def format_table(rows):
    widths = [max(len(line[column]) for line in rows) for column in range(len(rows[0]))]
    return '\n'.join(
        '  '.join(cell.ljust(width) if column == 0 else cell.rjust(width)
                  for column, (cell, width) in enumerate(zip(line, widths))).rstrip()
        for line in rows)


def calls_table(title, summaries):
    return f'\n{title}\n' + format_table([COLUMNS, *(row(name, summary) for name, summary in summaries.items())])
