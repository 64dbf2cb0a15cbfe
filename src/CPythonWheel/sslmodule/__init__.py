"""SslModule in the place of an environment's `ssl` and `_ssl`.

Once this package is installed, `import ssl` is SslModule's in every Python of the environment:

    python -m sslmodule          says which ssl is in use, and why
    python -m sslmodule off      gives the interpreter its own back; `on` undoes it
    python -m sslmodule doctor HOST
                                 connects to a server and says what is wrong with its TLS
    python -m sslmodule --info   versions, ciphers, trusted certificates: what a report of a fault should say
    SSLMODULE=off python ...     switches one process; SSLMODULE=on likewise

At start-up Python reads 00-sslmodule.pth beside this package, which calls use(). Where nothing reads that file
(a folder on PYTHONPATH, say), a program calls `sslmodule.use()` itself before its first `import ssl`.
"""

import os
import sys

from sslmodule._build import INSTRUCTIONS, VERSION as __version__

__all__ = ["use", "why_not", "__version__"]

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib")
# The switch is this file: it is there, or it is not. A file that the installer wrote and knows is removed with the rest.
SWITCH = os.path.join(os.path.dirname(FOLDER), "enabled")

_NAMES = ("ssl", "_ssl")
_PROCESSORS = "/proc/cpuinfo"


class _Finder:
    """Answers for ssl and _ssl ahead of the finders of built-in modules and of sys.path.

    A folder at the front of sys.path would not do: some interpreters have _ssl built in.
    """

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in _NAMES or why_not() is not None:
            return None
        if name == "_ssl" and not _processor_has(INSTRUCTIONS):
            raise ImportError("SslModule needs a processor with %s; `python -m sslmodule off` gives the interpreter's own ssl "
                              "back" % INSTRUCTIONS.upper(), name=name)
        return _find(name, [FOLDER])


def use():
    """Lets the imports of ssl and _ssl that follow be SslModule's, unless it is switched off."""
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)
    earlier = _earlier()
    if earlier and why_not() == earlier:
        _warn(earlier)


def why_not():
    """None where ssl is SslModule's; otherwise the reason why it is the interpreter's own, or another's, for a reader."""
    asked = _environment()
    if asked == "off":
        return "the environment variable SSLMODULE says off"
    if asked is None and not os.path.exists(SWITCH):
        return "it was switched off by `python -m sslmodule off`"
    return _ahead() or _earlier()


def in_use():
    """Whether start-up, or the program, has called use()."""
    return _Finder in sys.meta_path


def _environment():
    """What SSLMODULE says: on, off, or None."""
    if sys.flags.ignore_environment:
        return None
    value = os.environ.get("SSLMODULE", "").strip().lower()
    if value in ("on", "off"):
        return value
    if value:
        _warn("the environment variable SSLMODULE is neither on nor off: %r means nothing" % value)
    return None


def _ahead():
    """Whoever has an ssl or _ssl of his own ahead of the standard library keeps it, both halves."""
    library = os.path.dirname(os.__file__)
    ahead = sys.path[:sys.path.index(library)] if library in sys.path else []
    for name in _NAMES:
        spec = _find(name, [folder for folder in ahead if folder != FOLDER])
        # Without a loader it is a folder of that name, which any module further down comes before.
        if spec is not None and spec.loader is not None:
            return "%s comes before the standard library" % spec.origin
    return None


def _earlier():
    """A module that is imported cannot be replaced, nor may the two halves be of different makers."""
    for name in _NAMES:
        module = sys.modules.get(name)
        if module is not None and os.path.dirname(getattr(module, "__file__", None) or "") != FOLDER:
            return "%s was imported before sslmodule.use() was called" % name
    return None


def _find(name, folders):
    # Imported here, as every start of Python comes through this file and most want no ssl.
    from importlib.machinery import PathFinder
    return PathFinder.find_spec(name, folders)


def _processor_has(instructions):
    """Whether the processor has them. Without, the runtime inside the module would end the process."""
    try:
        with open(_PROCESSORS) as file:
            first = file.read(8192)
    except OSError:
        return True
    for line in first.splitlines():
        if line.startswith("flags"):
            return not instructions or instructions in line.split()
    return True


def _warn(text):
    import warnings
    warnings.warn("sslmodule: " + text, RuntimeWarning, stacklevel=3)
