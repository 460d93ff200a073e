"""The service on the real Python lymph."""
import load

load.exit_at_end_of_input()  # in a system thread, created before gevent replaces threads

from lymph.monkey import patch  # noqa: E402

patch()

import lymph  # noqa: E402
from lymph.config import Configuration  # noqa: E402
from lymph.core.container import create_container  # noqa: E402

CONFIGURATION = {
    'container': {
        'ip': '127.0.0.1',
        'registry': {'class': 'lymph.discovery.static:StaticServiceRegistry'},
        'events': {'class': 'lymph.events.null:NullEventSystem'},
    },
}


class Echo(lymph.Interface):
    @lymph.rpc()
    def upper(self, text):
        return text.upper()

    @lymph.rpc()
    def echo(self, text):
        return text


def main():
    container = create_container(Configuration(CONFIGURATION))
    container.install_interface(Echo, name='echo')
    container.start(register=False)
    print('ready', container.server.port, flush=True)
    container.join()


if __name__ == '__main__':
    main()
