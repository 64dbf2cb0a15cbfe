"""The certificates of a run: an authority, another one, a server's and a client's for each kind of key."""

import os
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "python"))

from certificates import AUTHORITY, CLIENT, LEAF, LOCALHOST, SERVER, Maker

ORGANIZATION = "/C=XY/O=Ssl Module Tests"
KINDS = {"RSA": "rsa", "RSA-PSS": "rsapss", "P-256": "ec", "P-384": "ec384", "Ed25519": "ed25519", "Ed448": "ed448"}


class Material(object):
    """Paths: authority, other (the authority that nobody trusts), server(kind), client(kind), each key and certificate in one file."""

    def __init__(self, folder):
        self.folder, self.maker, self.lock = folder, Maker(folder), threading.Lock()
        for name in ("authority", "other"):
            self.maker.certificate(name, "%s/CN=%s" % (ORGANIZATION, name), AUTHORITY)
        self.authority, self.other = self.maker.path("authority.crt"), self.maker.path("other.crt")
        for kind in KINDS:
            self.leaf("server-" + kind, "localhost", kind, LOCALHOST + SERVER)
            self.leaf("client-" + kind, "client-" + kind, kind, CLIENT)
        self.leaf("stranger", "stranger", "P-256", CLIENT, "other")
        self.leaf("impostor", "localhost", "P-256", LOCALHOST + SERVER, "other")
        self.leaf("chosen", "chosen", "P-384", LOCALHOST + SERVER)
        self.leaf("elsewhere", "elsewhere", "P-256", "subjectAltName = DNS:elsewhere.example\n" + SERVER)

    def leaf(self, name, subject, kind, extensions, issuer="authority"):
        usage = LEAF if kind == "RSA" else LEAF.replace(", keyEncipherment", "")
        self.maker.certificate(name, "%s/CN=%s" % (ORGANIZATION, subject), usage + extensions, issuer, KINDS[kind])
        with open(self.path(name), "w") as file:
            file.write(self.maker.read(name + ".key") + self.maker.read(name + ".crt"))

    def path(self, name):
        return os.path.join(self.folder, name + ".pem")
