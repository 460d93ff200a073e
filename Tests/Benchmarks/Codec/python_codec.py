"""Python's C msgpack on the documents: prints nanoseconds for one encoding and one decoding, and the bytes in hex."""
import json
import sys
import time

from msgpack._cmsgpack import Packer, unpackb


def nanoseconds(seconds, body):
    """The time of one execution: the best of five measurements, which take `seconds` in total."""
    count, best = 1, None
    for _ in range(5):
        while True:
            started = time.perf_counter_ns()
            for _ in range(count):
                body()
            elapsed = time.perf_counter_ns() - started
            if elapsed > seconds * 1e9 / 10:
                break
            count *= 2
        best = min(best or elapsed / count, elapsed / count)
    return best


with open(sys.argv[1], encoding='utf-8') as file:
    documents = json.load(file)
seconds = float(sys.argv[2])
result = {}
pack = Packer().pack
for name, document in documents.items():
    data = pack(document)
    assert unpackb(data) == document
    result[name] = {
        'python encode': nanoseconds(seconds, lambda: pack(document)),
        'python decode': nanoseconds(seconds, lambda: unpackb(data)),
        'bytes': data.hex(),
    }
print(json.dumps(result))
