"""The load generator on the real Python lymph."""
from lymph.monkey import patch

patch()

from lymph.client import Client  # noqa: E402
from lymph.config import Configuration  # noqa: E402
from lymph.exceptions import Timeout  # noqa: E402

import load  # noqa: E402

CONFIGURATION = {
    'container': {
        'ip': '127.0.0.1',
        'registry': {'class': 'lymph.discovery.static:StaticServiceRegistry'},
        'events': {'class': 'lymph.events.null:NullEventSystem'},
    },
}


def main():
    generator = load.LoadGenerator()
    client = Client.from_config(Configuration(CONFIGURATION))
    endpoint = 'tcp://' + generator.options.connect
    client.container.service_registry.hub.registry['echo'] = [{'id': 'echo', 'endpoint': endpoint}]
    echo = client.proxy('echo')
    method = getattr(echo, generator.options.method)
    # The first messages may be lost: the sockets connect while they are sent.
    first = client.proxy('echo', timeout=0.5)
    while True:
        try:
            first.upper(text='foo')
            break
        except Timeout:
            pass
    generator.run(lambda text: method(text=text))


if __name__ == '__main__':
    main()
