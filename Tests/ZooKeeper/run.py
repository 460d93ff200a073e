"""Runs a command of the real Python lymph, as Tests/Interop/peer/run.py does, in a process that can be asked to end.

The threads that start this process block all signals, and a process inherits that.
"""
import os
import runpy
import signal
import sys

signal.pthread_sigmask(signal.SIG_SETMASK, [])

tests = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
peer = os.path.join(tests, 'Interop', 'peer')
# Behind the folder of this file, which comes first: the services of both can be named.
sys.path.insert(1, peer)
runpy.run_path(os.path.join(peer, 'run.py'), run_name='__main__')
