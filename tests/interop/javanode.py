"""Java's and Node's TLS: the programs of tests/peers, which know no options."""

import os

from host import ROOT
from program import find, said
from spoken import Spoken

PROGRAMS = os.path.join(ROOT, "tests", "peers")


class Plain(Spoken):
    def lacks(self, case):
        return "its program has no such option" if self.options(case) else None


class Java(Plain):
    name = "Java (JSSE)"
    keys = ("RSA", "P-256", "P-384")
    # What a trust manager refuses is certificate_unknown; a server without the certificate that it wants says bad_certificate.
    alerts = {"unknown_ca": ("certificate_unknown",), "bad_certificate": ("certificate_unknown",),
              "certificate_required": ("bad_certificate", "certificate_required"), "handshake_failure": ("bad_certificate", "handshake_failure")}

    def lacks(self, case):
        return "a name without a dot is not sent" if case.sni and case.role == "server" else super().lacks(case)

    def version(self):
        return said("java", "-version").splitlines()[0].split('"')[1] if find("java") else None

    def command(self):
        return ["java", "-XX:TieredStopAtLevel=1", os.path.join(PROGRAMS, "Peer.java")]


class Node(Plain):
    name = "Node (tls)"
    # With a certificate of any kind it shakes hands first, looks then, and closes without an alert.
    alerts = {"unknown_ca": ("closed",), "bad_certificate": ("closed",)}
    tells_alerts = False

    def version(self):
        return said("node", "--version").strip() if find("node") else None

    def command(self):
        return ["node", os.path.join(PROGRAMS, "peer.js")]
