"""Keeps the first messages to a peer until its connection is there.

lymph connects, waits for 20 ms and sends. A ROUTER drops messages for peers that it has no connection to yet, so on a
machine that is busy with tests a first request or answer is sometimes lost. During the first seconds of a connection,
this module resends such a message until it leaves. The bytes on the wire, and everything later, are lymph's own.
"""
import errno
import time

import gevent
import zmq
from lymph.core.rpc import ZmqRPCServer

SECONDS = 2

bind, send = ZmqRPCServer._bind, ZmqRPCServer._send_message


def bind_strictly(self, *args, **kwargs):
    bind(self, *args, **kwargs)
    self.send_sock.setsockopt(zmq.ROUTER_MANDATORY, 1)


def send_again(self, endpoint, message):
    while True:
        try:
            return send(self, endpoint, message)
        except zmq.ZMQError as error:
            # Without this module, lymph drops everything else, too.
            if error.errno not in (errno.EHOSTUNREACH, errno.EAGAIN):
                raise
            connection = self.connections.get(endpoint)
            if not connection or time.monotonic() > connection.created_at + SECONDS:
                return
            gevent.sleep(0.01)


ZmqRPCServer._bind, ZmqRPCServer._send_message = bind_strictly, send_again
