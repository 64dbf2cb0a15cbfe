"""OpenSSL's s_client and s_server."""

import os
import re

from peer import Outcome, Peer, lines
from program import Running, feed, find, said

VERSION = {"TLSv1": "-tls1", "TLSv1_1": "-tls1_1", "TLSv1_2": "-tls1_2", "TLSv1_3": "-tls1_3"}


class OpenSsl(Peer):
    name = "OpenSSL (s_client, s_server)"
    versions = tuple(VERSION)
    client_mode = "reversed"

    def version(self):
        return said("openssl", "version").split(" (")[0].strip() if find("openssl") else None

    def common(self, case):
        options = [VERSION[case.version]]
        if case.version in ("TLSv1", "TLSv1_1"):
            options += ["-cipher", "ALL:@SECLEVEL=0"]
        if case.group:
            options += ["-groups", case.group]
        if case.peer_alpn:
            options += ["-alpn", ",".join(case.peer_alpn)]
        return options

    def serve(self, case):
        # Who asks whether the port is open is a connection as well.
        count = 1 + (2 if case.resume else 1)
        options = self.common(case) + ["-naccept", str(count), "-rev", "-cert", self.path(case.server), "-CAfile", self.material.authority]
        if case.wants:
            options += ["-Verify", "1", "-verify_return_error"]
        if case.sni:
            options += ["-servername", "localhost", "-cert2", self.path("chosen"), "-key2", self.path("chosen")]
        return self.listening(lambda port: Running("openssl", "s_server", "-accept", "127.0.0.1:%d" % port, *options))

    def told(self, running):
        running.wait(3)
        words = running.text()
        return Outcome(None, " ".join(re.findall(r"alert [a-z ]+", words)) or words[-200:])

    def connect(self, case, port):
        options = ["-connect", "127.0.0.1:%d" % port, "-servername", "localhost", "-quiet", "-no_ign_eof",
                   "-CAfile", self.material.authority, "-verify_return_error", "-verify_hostname", "localhost"] + self.common(case)
        if case.client:
            options += ["-cert", self.path(case.client)]
        ticket = os.path.join(self.new_folder(), "ticket")
        if case.resume:
            outcome = self.one(options + ["-sess_out", ticket], case)
            if not outcome.well or not os.path.exists(ticket):
                return Outcome(False, "no session: " + outcome.words)
            options += ["-sess_in", ticket]
        return self.one(options, case)

    def one(self, options, case):
        sent = lines(case.size)
        received, words, _ = feed(["openssl", "s_client"] + options, sent, len(sent))
        return Outcome(received == sent, " ".join(line for line in words.splitlines() if "alert" in line or "verify error" in line))
