"""The comparison of MessagePack coders: ours, Foundation's JSON and Python's C msgpack, on the same documents."""
import json
import os
from statistics import median

from . import build, table
from .summary import spread

DOCUMENTS = os.path.join(build.HERE, 'Codec', 'documents.json')
COLUMNS = ('document', 'bytes', '', 'ours ns', 'JSON ns', 'Python ns', 'JSON/ours (min-max)', 'Python/ours (min-max)')


def compare(arguments):
    seconds = min(0.2, arguments.seconds / 10)
    ours = [build.swift('CodecBenchmark'), '--documents', DOCUMENTS, '--seconds', str(seconds)]
    python = [build.python_lymph(), os.path.join(build.HERE, 'Codec', 'python_codec.py'), DOCUMENTS, str(seconds)]
    rounds = []
    for number in range(arguments.rounds):
        build.say(f'codec, round {number + 1}/{arguments.rounds}')
        figures = json.loads(build.run(ours, 'CodecBenchmark'))
        for document, others in json.loads(build.run(python, 'python_codec.py')).items():
            if others.pop('bytes') != figures[document]['bytes']:
                raise SystemExit(f'the document {document} is packed into other bytes by Python')
            figures[document].update(others)
        rounds.append(figures)

    results, rows = {}, [COLUMNS]
    for document in rounds[0]:
        figures = [each[document] for each in rounds]
        size = len(figures[0]['bytes']) // 2
        results[document] = {'bytes': size}
        for operation in ('encode', 'decode'):
            ours = [each[f'lymph {operation}'] for each in figures]
            result = {'lymph': spread(ours)}
            for who in ('json', 'python'):
                theirs = [each[f'{who} {operation}'] for each in figures]
                result[who] = spread(theirs)
                result[f'{who} ratio'] = spread([their / our for their, our in zip(theirs, ours)])
            results[document][operation] = result
            rows.append((document, str(size), operation,
                         *(f"{result[who]['median']:.0f}" for who in ('lymph', 'json', 'python')),
                         *(table.ratio(result[f'{who} ratio']) for who in ('json', 'python'))))
    print('\nMessagePack: nanoseconds for one encoding or decoding; above 1 ours is faster')
    print(table.format_table(rows), flush=True)
    return results
