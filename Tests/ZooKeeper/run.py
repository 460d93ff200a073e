"""Runs a command of the real Python lymph, as Tests/Interop/peer/run.py does, in a process that handles signals.

The threads that start this process block all signals, and a child process inherits that.
"""
import os
import runpy
import signal
import sys

signal.pthread_sigmask(signal.SIG_SETMASK, [])

tests = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
peer = os.path.join(tests, 'Interop', 'peer')
# After the folder of this file, which comes first: the services of both can be imported.
sys.path.insert(1, peer)
runpy.run_path(os.path.join(peer, 'run.py'), run_name='__main__')
