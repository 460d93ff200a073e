"""Lets lymph 0.15.0, written for Python 2.7 and 3.4, run on a current CPython.

`setup` copies this file into the site-packages of the virtual environment, with a .pth file that imports it when
the interpreter starts. It only brings back what Python or a library has removed; what goes over the wire is
lymph's own.
"""
import collections
import collections.abc
import importlib.abc
import importlib.machinery
import inspect
import sys
import types


# -- standard library ---------------------------------------------------------

for _name in ('Callable', 'Mapping', 'MutableMapping', 'Iterator', 'Iterable',
              'Sequence', 'Set', 'Hashable'):
    if not hasattr(collections, _name):
        setattr(collections, _name, getattr(collections.abc, _name))

if not hasattr(inspect, 'ArgSpec'):
    inspect.ArgSpec = collections.namedtuple(
        'ArgSpec', 'args varargs keywords defaults')

if not hasattr(inspect, 'getargspec'):
    def _getargspec(func):
        spec = inspect.getfullargspec(func)
        return inspect.ArgSpec(
            spec.args, spec.varargs, spec.varkw, spec.defaults)
    inspect.getargspec = _getargspec


# -- third-party libraries, patched right after they are imported ---------------

def _patch_msgpack(mod):
    """msgpack 1.x dropped encoding=; raw=False is the same thing for utf-8.

    0.5 accepted any map key and had no buffer limits worth mentioning."""
    def wrap(func):
        def unpack(*args, **kwargs):
            encoding = kwargs.pop('encoding', None)
            if encoding is not None:
                assert encoding.lower().replace('-', '') == 'utf8', encoding
                kwargs['raw'] = False
            kwargs.setdefault('strict_map_key', False)
            return func(*args, **kwargs)
        return unpack
    unpackb, unpack = mod.unpackb, mod.unpack
    mod.unpackb = mod.loads = wrap(unpackb)
    mod.unpack = mod.load = wrap(unpack)


def _patch_yaml(mod):
    """PyYAML 6 made Loader= mandatory."""
    original = mod.load

    def load(stream, Loader=mod.SafeLoader):
        return original(stream, Loader)
    mod.load = load


def _patch_gevent(mod):
    """gevent.signal(signum, handler) became gevent.signal_handler().

    gevent.signal is a module now (monkey.patch_all() needs it as one), so the
    module object itself is made callable."""
    import gevent.signal  # noqa

    class CallableModule(types.ModuleType):
        def __call__(self, *args, **kwargs):
            return mod.signal_handler(*args, **kwargs)
    sys.modules['gevent.signal'].__class__ = CallableModule


def _patch_pkg_resources(mod):
    """EntryPoint.load() would insist on lymph's own pins (gevent==1.1b5)."""
    def load(self, require=True, *args, **kwargs):
        return self.resolve()
    mod.EntryPoint.load = load


_PATCHES = {
    'msgpack': _patch_msgpack,
    'yaml': _patch_yaml,
    'gevent': _patch_gevent,
    'pkg_resources': _patch_pkg_resources,
}


class _Loader(importlib.abc.Loader):
    def __init__(self, loader, patch):
        self._loader = loader
        self._patch = patch

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        self._loader.exec_module(module)
        # hand the module its real loader back before it is looked at
        module.__spec__.loader = module.__loader__ = self._loader
        self._patch(module)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path=None, target=None):
        patch = _PATCHES.pop(fullname, None)
        if patch is None:
            return None
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, 'find_spec'):
                continue
            spec = finder.find_spec(fullname, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader = _Loader(spec.loader, patch)
                return spec
        return None


sys.meta_path.insert(0, _Finder())

# lymph.utils.sockets imports netifaces for --guess-external-ip only; it has no
# wheels for 3.11 and is not worth a compiler.
if 'netifaces' not in sys.modules:
    _stub = types.ModuleType('netifaces')
    _stub.AF_INET = 2
    _stub.gateways = lambda: {}
    _stub.ifaddresses = lambda name: {}
    sys.modules['netifaces'] = _stub
