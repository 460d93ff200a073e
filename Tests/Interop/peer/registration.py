"""Gives ZooKeeper the time that it takes on a machine that is busy with tests.

lymph waits a second for each answer to a registration or to a lookup. A service whose registration took longer ends.
"""
from lymph.discovery.zookeeper import ZookeeperServiceRegistry

SECONDS = 30

register, lookup = ZookeeperServiceRegistry.register, ZookeeperServiceRegistry.lookup


def register_patiently(self, service_name, instance, timeout=SECONDS, **kwargs):
    return register(self, service_name, instance, timeout=timeout, **kwargs)


def lookup_patiently(self, service, timeout=SECONDS):
    return lookup(self, service, timeout=timeout)


ZookeeperServiceRegistry.register = register_patiently
ZookeeperServiceRegistry.lookup = lookup_patiently
