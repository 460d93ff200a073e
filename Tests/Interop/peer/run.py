"""Starts a service of the real Python lymph, and ends it with the tests.

    run.py instance --config=FILE --port=PORT ...

takes the arguments of the command `lymph`. Standard input must be a pipe from the tests: when they end, in any way,
it reaches its end, and the service exits, too.
"""
import os
import sys
import threading


def end_with_the_tests():
    while os.read(0, 4096):
        pass
    os._exit(0)


# A system thread, created before gevent replaces threads by its own, which can't wait for standard input.
threading.Thread(target=end_with_the_tests, daemon=True).start()

from lymph.cli.main import main  # noqa: E402

import first_contact  # noqa: E402, F401
import patience  # noqa: E402, F401

sys.exit(main(sys.argv[1:]))
