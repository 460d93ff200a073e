"""Builds the programs, each when it is first asked for."""
import functools
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RESULTS = os.path.join(HERE, 'results')
BUILD = os.path.join(HERE, '.build')
PYTHON = os.path.join(HERE, 'Peers', 'Python')
GRPC_SWIFT = os.path.join(HERE, 'Peers', 'GRPCSwift')


def run(command, what, **options):
    """Runs a command and returns its standard output; shows its output only if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f'{what} failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}')
    return done.stdout


def install(*packages):
    run([os.path.join(HERE, '..', 'install-packages'), *packages], 'installing ' + ', '.join(packages))


def say(text):
    print(text, file=sys.stderr, flush=True)


@functools.cache
def bare(name):
    """A C program over libzmq."""
    install('libzmq3-dev', 'gcc', 'libc6-dev')
    folder = os.path.join(BUILD, 'bare')
    os.makedirs(folder, exist_ok=True)
    binary = os.path.join(folder, name)
    source = os.path.join(HERE, 'Bare', name + '.c')
    run(['cc', '-O2', '-Wall', '-Wextra', '-Werror', '-D_GNU_SOURCE', '-o', binary, source, '-lzmq'],
        f'building {name}.c')
    return binary


@functools.cache
def grpc_cpp(name):
    """A program over Debian's gRPC for C++."""
    install('libgrpc++-dev', 'g++', 'pkg-config')
    folder = os.path.join(BUILD, 'grpc-cpp')
    os.makedirs(folder, exist_ok=True)
    binary = os.path.join(folder, name)
    flags = run(['pkg-config', '--cflags', '--libs', 'grpc++'], 'pkg-config').split()
    run(['c++', '-std=c++17', '-O2', '-Wall', '-Wextra', '-o', binary,
         os.path.join(HERE, 'Peers', 'GRPCCpp', name + '.cpp'), *flags], f'building {name}.cpp')
    return binary


@functools.cache
def swift(product, package=HERE):
    """A release build of an executable of a Swift package."""
    # Part of the library's package needs ZooKeeper's client, which must be installed even if that part is not built.
    install('libzmq3-dev', 'libzookeeper-mt-dev')
    say(f'building {product} (the first time takes minutes) …')
    command = ['swift', 'build', '-c', 'release', '--package-path', package]
    run([*command, '--product', product], f'building {product}')
    return os.path.join(run([*command, '--show-bin-path'], 'swift build --show-bin-path').strip(), product)


@functools.cache
def python_lymph():
    """The interpreter that has the real Python lymph."""
    if os.environ.get('LYMPH_PYTHON'):
        return os.environ['LYMPH_PYTHON']
    install('python3', 'python3-venv')
    return run([os.path.join(HERE, '..', 'Interop', 'setup')], 'installing Python lymph').splitlines()[-1]


@functools.cache
def python_zerorpc():
    """An interpreter that has zerorpc, in its own virtual environment."""
    install('python3', 'python3-venv')
    requirements = os.path.join(PYTHON, 'zerorpc-requirements.txt')
    with open(requirements) as file:
        wanted = file.read()
    venv = os.path.join(BUILD, 'zerorpc')
    stamp, interpreter = os.path.join(venv, 'stamp'), os.path.join(venv, 'bin', 'python')
    if os.path.exists(stamp):
        with open(stamp) as file:
            if file.read() == wanted:
                return interpreter
    say('installing zerorpc …')
    run([sys.executable, '-m', 'venv', '--clear', venv], 'making a virtual environment')
    run([interpreter, '-m', 'pip', 'install', '--disable-pip-version-check', '-r', requirements], 'installing zerorpc')
    with open(stamp, 'w') as file:
        file.write(wanted)
    return interpreter
