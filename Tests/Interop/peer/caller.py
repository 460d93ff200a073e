"""A service whose handlers call Swift services for the tests."""
import contextlib
import io
import time
from unittest import mock

import lymph
import zmq.green as zmq
from lymph.cli import inspect
from lymph.core.channels import RequestChannel
from lymph.core.messages import Message
from lymph.core.services import Service, ServiceInstance
from lymph.exceptions import RemoteError, RpcError

from values import VALUES, describe, is_same


def outcome(call):
    """Makes a call and returns what the caller sees: a result or an exception."""
    try:
        value = call()
    except RpcError as error:
        return {
            'exception': type(error).__name__,
            'is_remote': isinstance(error, RemoteError),
            'message': str(error),
        }
    name, text = describe(value)
    return {'value': value, 'type': name, 'repr': text}


class Caller(lymph.Interface):
    def service(self, address, version=None):
        # In 0.15.0, lookup() fails for addresses because it leaves out the endpoint.
        instance = ServiceInstance(id=address, endpoint=address, version=version)
        return Service(address, instances=[instance])

    @lymph.rpc()
    def inspected(self, address):
        """What the command `lymph inspect` prints about a service."""
        client = mock.Mock()
        client.request = lambda address, subject, body, timeout: \
            self.container.server.send_request(self.service(address), subject, body).get(timeout=timeout)
        command = object.__new__(inspect.InspectCommand)
        command.args, command.config = {'<address>': address}, None
        command.terminal = mock.Mock(bold=str, red=str, yellow=str)
        output = io.StringIO()
        with mock.patch.object(inspect.Client, 'from_config', return_value=client), contextlib.redirect_stdout(output):
            command.run()
        return output.getvalue()

    @lymph.rpc()
    def call(self, address, subject, body, version=None, timeout=3):
        """Calls an address. The version goes into the request unchanged, as if an instance of it had been picked."""
        def call():
            return self.container.server.send_request(self.service(address, version), subject, body) \
                .get(timeout=timeout).body
        return outcome(call)

    @lymph.rpc()
    def headers(self, address, subject, body):
        """Calls an address and returns the headers of the request and the answer."""
        channel = self.container.server.send_request(self.service(address), subject, body)
        return [channel.request.headers, channel.get(timeout=3).headers]

    @lymph.rpc()
    def send(self, address, subject, kind):
        """Calls an address with a Python value, and compares it with the answer."""
        sent = VALUES[kind]

        def call():
            channel = self.container.server.send_request(self.service(address), subject, {'value': sent})
            return channel.get(timeout=3).body
        result = outcome(call)
        result['is_same'] = 'value' in result and is_same(sent, result['value'])
        result.pop('value', None)
        return result

    # By name, as services of one fleet do

    @lymph.rpc()
    def know(self, name, address, versions):
        """Tells the registry of this process about a service."""
        instances = self.container.service_registry.hub.registry.setdefault(name, [])
        for version in versions:
            instances.append({'id': '%s %s' % (address, version), 'endpoint': address, 'version': version})

    @lymph.rpc()
    def proxy_call(self, name, method, arguments, version=None, timeout=3):
        proxy = self.proxy(name, timeout=timeout, version=version)
        return outcome(lambda: getattr(proxy, method)(**arguments))

    @lymph.rpc()
    def defer(self, name, method, arguments, timeout=3):
        """Calls once for each of the `arguments`, all at the same time."""
        proxy = self.proxy(name, timeout=timeout)
        replies = [getattr(proxy, method).defer(**each) for each in arguments]
        return [outcome(lambda: reply.get(timeout=timeout)) for reply in replies]

    # Below the surface

    @lymph.rpc()
    def exchange(self, address, subject, body, headers, message_id=None, times=1):
        """Sends a request made of these bytes, `times` times, and returns every answer to it.

        All answers have arrived when the Swift service says, on the same connection, that no request is running.
        """
        server = self.container.server
        message = Message(msg_type=Message.REQ, subject=subject, packed_body=body, packed_headers=headers or None,
                          msg_id=message_id, lazy=True)
        if not headers:
            message._packed_headers = b''
        channel = server.channels[message.id] = RequestChannel(message, server)
        for _ in range(times):
            server._send_message(address, message)
        deadline = time.monotonic() + 5
        running = None
        while running != 0:
            metrics = server.send_request(address, 'lymph.get_metrics', {}).get(timeout=3).body
            running = {name: value for name, value, _ in metrics}['lymph.server.running']
            assert time.monotonic() < deadline, 'the request did not end'
        channel.close()
        answers = []
        while not channel.queue.empty():
            answer = channel.queue.get()
            answers.append({'kind': answer.type.decode(), 'body': answer.body, 'headers': answer.headers})
        return answers

    @lymph.rpc()
    def poke(self, address, identity, frames):
        """Sends frames from a socket with any identity, and returns when they are on their way."""
        with zmq.Context.instance().socket(zmq.DEALER) as socket:
            socket.setsockopt(zmq.IDENTITY, identity)
            socket.setsockopt(zmq.IMMEDIATE, 1)
            socket.setsockopt(zmq.LINGER, 3000)
            socket.connect(address)
            socket.send_multipart(frames)

    @lymph.rpc()
    def connection(self, address):
        """What this process knows about the other side of a connection."""
        connection = self.container.server.connections[address]
        return {
            'status': connection.status,
            'pings': connection.explicit_heartbeat_count,
            'sent': connection.sent_message_count,
            'received': connection.received_message_count,
        }
