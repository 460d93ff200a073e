"""Keeps the first messages to a peer until its connection is there.

lymph connects, waits for 20 ms and sends. A ROUTER throws away what it has no connection for yet, so on a machine that
is busy with tests a first request or a first answer is lost now and then. Here such a message is sent again until it
leaves, for the first seconds of a connection. What goes over the wire and everything later is lymph's own.
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
            # Everything else is thrown away without this module, too.
            if error.errno not in (errno.EHOSTUNREACH, errno.EAGAIN):
                raise
            connection = self.connections.get(endpoint)
            if not connection or time.monotonic() > connection.created_at + SECONDS:
                return
            gevent.sleep(0.01)


ZmqRPCServer._bind, ZmqRPCServer._send_message = bind_strictly, send_again
