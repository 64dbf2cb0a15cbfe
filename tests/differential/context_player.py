"""Plays programs of calls on a context: reads them, a line of JSON each, and answers each with what was seen.

    context_player.py FOLDER    where the certificates are
"""

import enum
import json
import os
import re
import ssl
import sys
import warnings

warnings.simplefilter("ignore")


def said(value):
    """A value in words that no implementation chooses."""
    if isinstance(value, enum.Flag):
        return int(value)
    if isinstance(value, enum.Enum):
        return repr(value)
    if isinstance(value, (list, tuple, bytes)):
        return [type(value).__name__, len(value)]
    if isinstance(value, dict):
        return {key: said(one) for key, one in value.items()}
    return repr(value) if isinstance(value, (int, str, type(None))) else type(value).__name__


def failed(error):
    """Types, numbers, reasons, and the text of a ValueError; which file an OSError names is not the same everywhere."""
    if isinstance(error, ssl.SSLError):
        return [type(error).__name__, getattr(error, "reason", None), getattr(error, "library", None), re.sub(r" ?\(_ssl\.c:\d+\)", "", str(error))]
    if isinstance(error, OSError):
        return [type(error).__name__, error.errno]
    return [type(error).__name__, str(error) if isinstance(error, ValueError) else None]


class Stage:
    def __init__(self, folder, protocol):
        self.folder = folder
        context = ssl.SSLContext(getattr(ssl, protocol))
        self.names = {"ssl": ssl, "context": context, "bio": ssl.MemoryBIO(), "path": self.path, "text": self.text, "der": self.der, "wrapped": self.wrapped}

    def path(self, name):
        return os.path.join(self.folder, name)

    def text(self, name):
        with open(self.path(name)) as file:
            return file.read()

    def der(self, name):
        pem = self.text(name)
        return ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERT"):])

    def wrapped(self, name, server_side, session):
        made = self.names["context"].wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=server_side, server_hostname=name, session=session)
        return repr((made.server_hostname, made.server_side, made.version(), made.pending(), made.context is self.names["context"]))

    def play(self, call):
        try:
            if " = " in call:
                exec(call, self.names)
                return None
            return said(eval(call, self.names))
        except Exception as error:
            return failed(error)


if __name__ == "__main__":
    print(json.dumps(ssl.OPENSSL_VERSION), flush=True)
    for line in sys.stdin:
        program = json.loads(line)
        stage = Stage(sys.argv[1], program["protocol"])
        print(json.dumps([stage.play(call) for call in program["calls"]]), flush=True)
