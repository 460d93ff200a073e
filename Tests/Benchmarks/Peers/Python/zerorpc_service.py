"""The service on zerorpc."""
import socket

import load

load.exit_at_end_of_input()  # in a system thread, outside gevent

import zerorpc  # noqa: E402


class Echo:
    def upper(self, text):
        return text.upper()

    def echo(self, text):
        return text


def main():
    with socket.create_server(('127.0.0.1', 0)) as free:
        port = free.getsockname()[1]
    server = zerorpc.Server(Echo())
    server.bind(f'tcp://127.0.0.1:{port}')
    print('ready', port, flush=True)
    server.run()


if __name__ == '__main__':
    main()
