"""A service that runs in Python and in Swift at the same time, and a way to call all instances from Python."""
import lymph


class Fleet(lymph.Interface):
    @lymph.rpc()
    def who(self):
        """Returns the endpoint and the version of the instance that answers."""
        return [self.container.endpoint, str(self.version)]

    @lymph.rpc()
    def reach(self, name, version, times):
        """Calls instances by name, and returns which ones answered."""
        proxy = self.proxy(name, version=version, timeout=10)
        return [proxy.who() for _ in range(times)]
