"""What each peer offers: serve(case), a context manager with a port, for a client of ours; connect(case, port) to a server of ours.
"""

import contextlib
import os
import tempfile

from program import on_free_port

LINE = b"0123456789 9876543210 0123456789 9876543210 0123456789 98765432\n"     # digits: s_client takes some letters as commands


class Outcome(object):
    """What the peer says of a connection: whether all went well (None: it does not tell), and its words."""

    def __init__(self, well, words=""):
        self.well, self.words = well, words


class Peer(object):
    name = ""
    roles = ("client", "server")        # of ours
    versions = ("TLSv1_2", "TLSv1_3")
    client_mode, server_mode = "echo", "whole"      # what our client, and our server, do: see worker.py
    keys = ("RSA", "RSA-PSS", "P-256", "P-384", "Ed25519", "Ed448")
    groups = ("X25519", "P-256", "P-384", "P-521")
    alerts = {}             # what it sends in place of an expected alert
    tells_alerts = True     # are the alerts it gets in its words?
    closes = None           # "ours": our end closes first whatever the case says
    silent = ()             # as which of our roles' peer it may close without a close_notify behind ours

    def __init__(self, material):
        self.material = material

    def version(self):
        """None where it is not there."""
        raise NotImplementedError

    def cannot(self, case):
        """Why a combination is beyond this peer, else None."""
        if case.role not in self.roles:
            return "no such role"
        if case.version not in self.versions:
            return "no such version"
        if [key for key in case.keys() if key not in self.keys]:
            return "no such key"
        if case.group and case.group not in self.groups:
            return "no such group"
        return self.lacks(case)

    def lacks(self, case):
        """What a peer cannot do besides."""
        return None

    @contextlib.contextmanager
    def listening(self, start):
        """start(port) gives a Running, a server: with its port, and finish(), which gives what it says of the connection."""
        running, port = on_free_port(start)
        with running:
            running.port = port
            running.finish = lambda: self.told(running)
            yield running

    def told(self, running):
        """What a server program says of its connection."""
        return Outcome(None)

    def path(self, name):
        return self.material.path(name)

    def new_folder(self):
        """For the files of one case. A port would not do as their name: the system gives it again."""
        return tempfile.mkdtemp(dir=self.material.folder)

    def stop(self):
        """Ends what lives longer than a case."""


def lines(size):
    """Text of that size that ends with a line."""
    return (LINE * (size // len(LINE) + 1))[:size - 1] + b"\n"


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def folder():
    return os.path.dirname(os.path.abspath(__file__))
