"""Peers that are programs of ours over a library of others: one process for all cases, which takes a line of words for each.

    serve VERSION CERTIFICATE WANTS_CERTIFICATE [NAME=VALUE ...]        answers "port N", then as below
    connect PORT VERSION CERTIFICATE|- SIZE [NAME=VALUE ...]            answers "done VERSION" or "failed WHY"

Options: alpn=NAME,NAME group=NAME count=N (connections, each resuming the one before) size=N chosen=FILE (the certificate for the
name localhost) close=N (a server closes after so many bytes; a client that connects waits for its server to close).
"""

import contextlib
import subprocess
import threading

from peer import Outcome, Peer
from program import PATIENCE


class Spoken(Peer):
    """A subclass says by which command the program starts."""

    running = None

    def command(self):
        raise NotImplementedError

    def begin(self):
        if self.running is None or self.running.poll() is not None:
            self.running = subprocess.Popen(self.command() + [self.material.authority], text=True, stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            self.hear()

    def hear(self):
        watch = threading.Timer(2 * PATIENCE, self.running.kill)
        watch.start()
        line = self.running.stdout.readline()
        watch.cancel()
        return line.strip()

    def say(self, *words):
        self.begin()
        self.running.stdin.write(" ".join(str(word) for word in words) + "\n")
        self.running.stdin.flush()

    def stop(self):
        if self.running is not None:
            self.running.kill()
            self.running.wait()
            self.running.stdin.close()
            self.running.stdout.close()

    def options(self, case):
        words = []
        if case.peer_alpn:
            words.append("alpn=" + ",".join(case.peer_alpn))
        if case.group:
            words.append("group=" + case.group)
        if case.resume:
            words.append("count=2")
        if case.close == "server":
            words.append("close=%d" % case.size)
        if case.role == "client" and case.sni:
            words.append("chosen=" + self.path("chosen"))
        return words

    def outcome(self, line):
        return Outcome(line.startswith("done"), line)

    @contextlib.contextmanager
    def serve(self, case):
        self.say("serve", case.dotted, self.path(case.server), int(case.wants), *self.options(case))
        line = self.hear()
        if not line.startswith("port"):
            raise RuntimeError("it does not listen: " + line)
        serving = Serving(int(line.split()[1]), lambda: self.outcome(self.hear()))
        try:
            yield serving
        finally:
            # Its answer is for this case alone: a program that was not heard is started anew for the next.
            if not serving.heard:
                self.stop()
                self.running = None

    def connect(self, case, port):
        self.say("connect", port, case.dotted, self.path(case.client) if case.client else "-", case.size,
                 *self.options(case))
        return self.outcome(self.hear())


class Serving(object):
    def __init__(self, port, hear):
        self.port, self.hear, self.heard = port, hear, False

    def finish(self):
        self.heard = True
        return self.hear()
