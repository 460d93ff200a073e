"""The load generator on zerorpc."""
import load
import zerorpc


def main():
    generator = load.LoadGenerator()
    client = zerorpc.Client()
    client.connect('tcp://' + generator.options.connect)
    method = getattr(client, generator.options.method)
    generator.run(method)


if __name__ == '__main__':
    main()
