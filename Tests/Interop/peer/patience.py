"""Gives lymph the time and the retries that it needs on a machine that is busy with tests.

Nothing on the wire changes. Without this module, lymph

- waits a second for ZooKeeper's answer to a registration or a lookup; a service whose registration takes longer exits,
- treats a lookup as an empty list if the connection to ZooKeeper is lost meanwhile, and the request fails at once,
- asks ZooKeeper for its version over a separate connection, only to log it, and exits if that fails,
- gives up after three random ports that are taken,
- calls no peer that was silent for three seconds until it answers a heartbeat, even if the whole machine was stalled.
"""
import time

import gevent
from kazoo.client import KazooClient
from kazoo.protocol.states import KazooState
from lymph.core.rpc import ZmqRPCServer
from lymph.discovery.zookeeper import ZookeeperServiceRegistry
from lymph.exceptions import NotConnected

SECONDS = 30
PORTS = 50
# Heartbeats come once a second.
SILENCE = 3

register, lookup = ZookeeperServiceRegistry.register, ZookeeperServiceRegistry.lookup
server_version = KazooClient.server_version
bind, pick = ZmqRPCServer._bind, ZmqRPCServer._pick_instance


def register_patiently(self, service_name, instance, timeout=SECONDS, **kwargs):
    return register(self, service_name, instance, timeout=timeout, **kwargs)


def lookup_patiently(self, service, timeout=SECONDS):
    if service.name in self.cache:
        # A refresh: lymph looks again by itself when the connection is back.
        return lookup(self, service, timeout=timeout)
    deadline = time.monotonic() + SECONDS
    while True:
        lookup(self, service, timeout=timeout)
        if len(service) or self.client.state == KazooState.CONNECTED or time.monotonic() > deadline:
            return service
        gevent.sleep(0.05)


def version_to_log(self, *args, **kwargs):
    try:
        return server_version(self, *args, **kwargs)
    except Exception as error:
        return ('unknown', repr(error))


def bind_patiently(self, max_retries=PORTS, **kwargs):
    bind(self, max_retries=max_retries, **kwargs)


def pick_patiently(self, service):
    deadline = time.monotonic() + SILENCE
    while True:
        try:
            return pick(self, service)
        except NotConnected:
            if not list(service) or time.monotonic() > deadline:
                raise
            gevent.sleep(0.05)


ZookeeperServiceRegistry.register = register_patiently
ZookeeperServiceRegistry.lookup = lookup_patiently
KazooClient.server_version = version_to_log
ZmqRPCServer._bind, ZmqRPCServer._pick_instance = bind_patiently, pick_patiently
