"""GnuTLS's gnutls-cli and gnutls-serv."""

import os

from peer import Outcome, Peer, contents, lines
from program import Running, feed, find, said

VERSION = {"TLSv1": "TLS1.0", "TLSv1_1": "TLS1.1", "TLSv1_2": "TLS1.2", "TLSv1_3": "TLS1.3"}
GROUP = {"X25519": "X25519", "P-256": "SECP256R1", "P-384": "SECP384R1", "P-521": "SECP521R1"}


class GnuTls(Peer):
    name = "GnuTLS (gnutls-cli, gnutls-serv)"
    versions = tuple(VERSION)
    silent = ("server",)
    # gnutls-serv says access_denied of every chain that it does not like, and decode_error of none in TLS 1.2.
    alerts = {"unknown_ca": ("unknown_ca", "bad_certificate", "access_denied"), "handshake_failure": ("handshake_failure", "certificate_required", "decode_error")}

    def version(self):
        return said("gnutls-cli", "--version").splitlines()[0] if find("gnutls-cli") and find("gnutls-serv") else None

    def lacks(self, case):
        if case.role == "client" and case.sni:
            return "gnutls-serv has one certificate of each kind"
        if case.role == "client" and case.close == "server":
            return "gnutls-serv waits for its client to close"
        return None

    def priority(self, case):
        text = "NORMAL:-VERS-ALL:+VERS-" + VERSION[case.version]
        if case.group:
            text += ":-GROUP-ALL:+GROUP-" + GROUP[case.group]
        return text

    def alpn(self, case):
        return [word for name in case.peer_alpn or () for word in ("--alpn", name)]

    def serve(self, case):
        command = ["gnutls-serv", "--echo", "--priority", self.priority(case), "--x509certfile", self.path(case.server),
                   "--x509keyfile", self.path(case.server), "--x509cafile", self.material.authority] + self.alpn(case)
        if case.peer_alpn:
            command.append("--alpn-fatal")
        command += ["--require-client-cert", "--verify-client-cert"] if case.wants else ["--disable-client-cert"]
        return self.listening(lambda port: Running(*(command + ["--port", str(port)])))

    def connect(self, case, port):
        log = os.path.join(self.new_folder(), "log")
        command = ["gnutls-cli", "--x509cafile", self.material.authority, "--priority", self.priority(case),
                   "--logfile", log, "--port", str(port), "localhost"] + self.alpn(case)
        if case.client:
            command += ["--x509certfile", self.path(case.client), "--x509keyfile", self.path(case.client)]
        if case.resume:
            command += ["--resume", "--waitresumption"]
        sent = lines(case.size)
        received, words, status = feed(command, sent, len(sent))
        words += contents(log).decode("utf-8", "replace") if os.path.exists(log) else ""
        alerts = [line for line in words.splitlines() if "Received alert" in line]
        return Outcome(received == sent, " ".join(alerts) or words[-200:])
