"""Go's crypto/tls: peer.go beside this file, built with the go command that is there."""

import os
import subprocess

from peer import folder
from program import find, said
from spoken import Spoken


class Go(Spoken):
    name = "Go (crypto/tls)"
    versions = ("TLSv1", "TLSv1_1", "TLSv1_2", "TLSv1_3")
    keys = ("RSA", "P-256", "P-384", "Ed25519")
    # Before Go 1.20 bad_certificate was said of every certificate, and of none.
    alerts = {alert: (alert, "bad_certificate") for alert in ("handshake_failure", "certificate_required", "unknown_ca")}

    def version(self):
        return said("go", "version").split()[2] if find("go") else None

    def command(self):
        program = os.path.join(self.material.folder, "gopeer")
        with self.material.lock:
            if not os.path.exists(program):
                environment = dict(os.environ, GO111MODULE="off", GOFLAGS="", GOCACHE=os.path.join(self.material.folder, "gocache"))
                subprocess.check_output(["go", "build", "-o", program, os.path.join(folder(), "peer.go")], env=environment,
                                        stderr=subprocess.STDOUT, timeout=300)
        return [program]
