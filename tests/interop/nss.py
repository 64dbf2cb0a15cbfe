"""NSS's tstclnt, with the certificates in a database of its own. selfserv answers with a page of its own and is not driven."""

import os
import subprocess

from peer import Outcome, Peer, lines
from program import feed, find, said

VERSION = {"TLSv1": "tls1.0", "TLSv1_1": "tls1.1", "TLSv1_2": "tls1.2", "TLSv1_3": "tls1.3"}
GROUP = {"X25519": "x25519", "P-256": "P256", "P-384": "P384", "P-521": "P521"}


def quietly(*command):
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30, check=True)


class Nss(Peer):
    name = "NSS (tstclnt)"
    roles = ("server",)
    versions = tuple(VERSION)
    keys = ("RSA", "P-256", "P-384")
    silent = ("server",)
    closes = "ours"         # it goes on reading behind the end of its input
    database = None

    def version(self):
        if not (find("tstclnt") and find("certutil") and find("pk12util")):
            return None
        words = said("dpkg-query", "-W", "-f", "${Version}", "libnss3-tools") if find("dpkg-query") else "present"
        return words.partition(":")[2] or words

    def lacks(self, case):
        if case.resume:
            return "each run is a process of its own"
        if case.alpn:
            return "its protocols are fixed"
        return None

    def connect(self, case, port):
        database = self.fill()
        command = ["tstclnt", "-4", "-h", "localhost", "-p", str(port), "-d", database, "-V", "%s:%s" % ((VERSION[case.version],) * 2)]
        if case.client:
            command += ["-n", case.client]
        if case.group:
            command += ["-I", GROUP[case.group]]
        sent = lines(case.size)
        received, words, _ = feed(command, sent, len(sent))
        return Outcome(received == sent, words[-300:])

    def fill(self):
        if self.database is None:
            folder = os.path.join(self.material.folder, "nss-%d" % id(self))
            os.makedirs(folder)
            self.database = "sql:" + folder
            quietly("certutil", "-N", "-d", self.database, "--empty-password")
            quietly("certutil", "-A", "-d", self.database, "-n", "authority", "-t", "CT,C,C", "-i", self.material.authority)
            for name in ["client-" + key for key in self.keys] + ["stranger"]:
                packed = os.path.join(folder, name + ".p12")
                quietly("openssl", "pkcs12", "-export", "-in", self.path(name), "-name", name, "-passout", "pass:x", "-out", packed)
                quietly("pk12util", "-i", packed, "-d", self.database, "-W", "x")
        return self.database
