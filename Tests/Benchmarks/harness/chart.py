"""Draws calls/s over outstanding calls, both axes logarithmic, as SVG."""
from html import escape
from math import ceil, floor, log10

COLORS = ('#555555', '#0b6bcb', '#d1495b', '#2a9d5c', '#e08e00', '#7b4fb5', '#0097a7', '#a0522d', '#c2185b', '#607d8b',
          '#8d9b00', '#003f7f')
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 820, 460, 64, 210, 44, 52
# The height of a label in pixels.
LABEL = 15


def short(value):
    for unit, size in (('M', 1_000_000), ('k', 1000)):
        if value >= size:
            return f'{value / size:g}{unit}'
    return f'{value:g}'


def spread_labels(wanted):
    """Moves labels apart that would overlap, from top to bottom, keeping their order."""
    placed, last = {}, TOP - LABEL
    for name, y in sorted(wanted.items(), key=lambda item: item[1]):
        last = max(y, last + LABEL)
        placed[name] = last
    return placed


def draw(title, levels, series):
    """`series`: for each name, calls/s at each of the levels (None where there is no result)."""
    values = [value for line in series.values() for value in line if value]
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    high += low == high
    first, last = log10(levels[0]), log10(levels[-1])

    def x(level):
        share = 0.5 if first == last else (log10(level) - first) / (last - first)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(value):
        return HEIGHT - BOTTOM - (log10(value) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="22" font-size="15">{escape(title)}</text>']
    for power in range(low, high + 1):
        height = y(10 ** power)
        out.append(f'<path d="M{LEFT} {height:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>'
                   f'<text x="{LEFT - 8}" y="{height + 4:.1f}" text-anchor="end">{short(10 ** power)}</text>')
    for level in levels:
        out.append(f'<text x="{x(level):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{level}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    out.append(f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">outstanding calls</text>')

    ends = {}
    for number, (name, line) in enumerate(series.items()):
        color = COLORS[number % len(COLORS)]
        if not any(line):
            continue
        points = [(x(level), y(value)) for level, value in zip(levels, line) if value]
        path = ' '.join(f'{a:.1f},{b:.1f}' for a, b in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        out.extend(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{color}"/>' for a, b in points)
        ends[name] = points[-1][1]
    for name, height in spread_labels(ends).items():
        color = COLORS[list(series).index(name) % len(COLORS)]
        value = next(value for value in reversed(series[name]) if value)
        label = f'{escape(name)} {short(float(f"{value:.2g}"))}'
        out.append(f'<text x="{WIDTH - RIGHT + 10}" y="{height + 4:.1f}" fill="{color}">{label}</text>')
    return '\n'.join([*out, '</svg>', ''])


def charts(results):
    """A chart for each body size of a comparison of calls: file name and content."""
    for body in dict.fromkeys(result['body'] for result in results):
        of_body = [result for result in results if result['body'] == body]
        levels = [result['outstanding'] for result in of_body]
        names = dict.fromkeys(name for result in of_body for name in result['summary'])
        series = {name: [result['summary'].get(name, {}).get('per_second', {}).get('median') for result in of_body]
                  for name in names}
        yield f'calls-{body}.svg', draw(f'Calls per second, body of {body} bytes', levels, series)
