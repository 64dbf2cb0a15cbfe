"""Whom SslModule is measured against: the newest CPython with the newest OpenSSL at hand, and IronPython's own `_ssl` on each .NET."""

import json
import os
import shutil
import subprocess
import sys
from collections import namedtuple

from processes import ROOT, Side

sys.path.insert(0, os.path.join(ROOT, "tests", "cpython"))
import interpreters

# A peer below this says little: OpenSSL became a good deal faster after 3.0, the oldest that distributions still have.
RECENT_OPENSSL = (3, 5)

# Asked of each interpreter in isolated mode. A wheel of ours in its environment would answer there, too, and says who it is.
PROBE = """
import json, platform, ssl
print(json.dumps({"python": platform.python_version(), "openssl": ssl.OPENSSL_VERSION, "numbers": ssl.OPENSSL_VERSION_INFO[:3]}))
"""

Peer = namedtuple("Peer", "command python openssl numbers")


class Contest(namedtuple("Contest", "host ours peer title old")):
    """The two sides of a host. `title` names the versions; `old` tells that the peer is older than it should be."""

    _platform = None

    @property
    def platform(self):
        """Our side without the engine's own primitives, which is started when a row asks for it."""
        if self._platform is None:
            self._platform = Side(self.ours.name, self.ours.command, self.ours.folder, dict(self.ours.environment, SSLMODULE_CRYPTO="platform"))
        return self._platform

    def close(self):
        if self._platform is not None:
            self._platform.close()
        self.ours.close()
        self.peer.close()


def cpython_peer():
    """The best of those that PYTHONS names and those on this machine; None where none has an OpenSSL."""
    commands = os.environ.get("PYTHONS", "").split() + interpreters.present()
    return best(filter(None, map(asked, dict.fromkeys(commands))))


def best(peers):
    """The newest OpenSSL, and of those with it the newest Python; of equals the first that was named."""
    return max(peers, key=lambda peer: (peer.numbers, numbers(peer.python)), default=None)


def numbers(version):
    return tuple(int("".join(filter(str.isdigit, part)) or 0) for part in version.split(".")[:3])


def asked(command):
    """What an interpreter says of itself; None for one that ours cannot serve, or that does not have an OpenSSL."""
    try:
        path, _ = interpreters.probe(command, [])
        ran = subprocess.run([path, "-I", "-c", PROBE], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True, timeout=60)
        facts = json.loads(ran.stdout)
    except (interpreters.Unusable, OSError, ValueError, subprocess.TimeoutExpired):
        return None
    if not facts["openssl"].startswith("OpenSSL") or "SslModule" in facts["openssl"]:
        return None
    return Peer(path, facts["python"], " ".join(facts["openssl"].split()[:2]), tuple(facts["numbers"]))


def cpython(folder, peer):
    """None where the module is not built, or no interpreter is there for it."""
    if peer is None or not os.path.exists(os.path.join(ROOT, "artifacts", "cpython", "_ssl.abi3.so")):
        return None
    ours = os.pathsep.join([os.path.join(ROOT, "lib"), os.path.join(ROOT, "artifacts", "cpython")])
    # As in an environment of a user's, the compiled form of what is imported is kept; and it is kept here for both sides.
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": os.path.join(ROOT, "artifacts", "bench", "pycache")}
    return Contest("cpython", Side("SslModule", [peer.command], folder, dict(kept, PYTHONPATH=ours)),
                   Side("its own _ssl", [peer.command], folder, dict(kept, PYTHONPATH="")),
                   "CPython %s, against its own `_ssl` with %s" % (peer.python, peer.openssl), peer.numbers < RECENT_OPENSSL)


def ironpython(folder, host):
    """On .NET 10 ("ironpython") or .NET 8 ("ironpython-net8.0"); None where that is not there, or nothing is built for it."""
    suffix = host[len("ironpython"):]
    consoles = [os.path.join(ROOT, "artifacts", console + suffix, program) for console, program in (("ironpython", "ipyssl"), ("incumbent", "incumbent"))]
    started, environment, runtime = [[console] for console in consoles], {}, ".NET 10"
    if suffix:
        dotnet, runtime = shutil.which(os.environ.get("NET8") or "none"), ".NET 8"
        if dotnet is None:
            return None
        started, environment = [[dotnet, console + ".dll"] for console in consoles], {"DOTNET_ROOT": os.path.dirname(dotnet)}
    if not all(os.path.exists(console + ".dll") for console in consoles):
        return None
    # Its own _ssl refuses a chain that ends in an authority which only load_verify_locations() names; .NET's store has it.
    trusted = dict(environment, SSL_CERT_FILE=os.path.join(folder, "ca.crt"))
    return Contest(host, Side("SslModule", started[0], folder, environment), Side("its own _ssl", started[1], folder, trusted),
                   "IronPython 3.4 on %s, against its own `_ssl`" % runtime, False)
