"""python -m sslmodule [status | on | off]: which ssl this environment uses, and the switch.

The command itself, `__main__.py`, and the doctor are of the folder lib/sslmodule, which IronPython has too.
"""

import os
import sys

import sslmodule


def status():
    reason = sslmodule.why_not() if sslmodule.in_use() else "nothing has called sslmodule.use() at the start of this Python"
    import ssl
    import _ssl
    files = [getattr(module, "__file__", None) or "the interpreter itself" for module in (ssl, _ssl)]
    if all(os.path.dirname(file) == sslmodule.FOLDER for file in files):
        print("ssl is SslModule %s" % sslmodule.__version__)
    else:
        print("ssl is not SslModule %s: %s" % (sslmodule.__version__, reason))
    print("  %s\n  ssl from %s\n  _ssl from %s" % (ssl.OPENSSL_VERSION, files[0], files[1]))


def on():
    try:
        with open(sslmodule.SWITCH, "x"):
            pass
    except FileExistsError:
        pass
    print("on: what imports ssl from now on gets SslModule %s" % sslmodule.__version__)


def off():
    try:
        os.unlink(sslmodule.SWITCH)
    except FileNotFoundError:
        pass
    print("off: what imports ssl from now on gets the interpreter's own")


def switch(command):
    try:
        command()
    except OSError as error:
        sys.exit("sslmodule cannot be switched %s: %s" % (command.__name__, error))
    asked = os.environ.get("SSLMODULE")
    if asked:
        print("where the environment has no SSLMODULE; here it says %s" % asked)


COMMANDS = [
    ("status", "which ssl this environment uses, and why: the default"),
    ("on", "let what imports ssl from now on get SslModule"),
    ("off", "let it get the interpreter's own"),
]


def run(command):
    """Returns the exit status."""
    if command == "status":
        status()
    else:
        switch(on if command == "on" else off)
    return 0
