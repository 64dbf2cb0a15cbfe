"""haproxy and stunnel, which carry a plain connection over TLS: before a plain echo as servers, behind our own end as clients."""

import contextlib
import os
import re
import socket
import threading
import time

from peer import Outcome, Peer, lines
from program import PATIENCE, Running, find, free_port, said


class Echo(object):
    """A plain server that sends back what comes."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.echo, args=(plain,), daemon=True).start()

    def echo(self, plain):
        plain.settimeout(PATIENCE)
        with plain:
            try:
                while True:
                    piece = plain.recv(65536)
                    if not piece:
                        return
                    plain.sendall(piece)
            except OSError:
                pass

    def close(self):
        self.listener.close()


def reach(running, port):
    """A connection to the program, as soon as it listens."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), PATIENCE)
        except ConnectionRefusedError:
            if running.process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.02)


def ask(running, port, size):
    """Do the same bytes come back through the client of another?"""
    sent = lines(size)
    with reach(running, port) as plain:
        plain.settimeout(PATIENCE)
        threading.Thread(target=push, args=(plain, sent), daemon=True).start()
        received = bytearray()
        try:
            while len(received) < size:
                piece = plain.recv(65536)
                if not piece:
                    break
                received += piece
            while plain.recv(65536):        # our end closes, which comes here as the end
                pass
        except OSError:
            pass
        return bytes(received) == sent


def push(plain, sent):
    try:
        plain.sendall(sent)
    except OSError:
        pass


class Pipe(Peer):
    """A subclass writes the file of settings and says how the program starts with it."""

    closes = "ours"             # when the plain end goes first they close with close_notify or without, as it happens
    silent = ("server",)

    def write(self, text):
        path = os.path.join(self.new_folder(), "settings")
        with open(path, "w") as file:
            file.write(text)
        return path

    def start(self, text):
        raise NotImplementedError

    @contextlib.contextmanager
    def serve(self, case):
        echo = Echo()
        with self.listening(lambda port: self.start(self.server(case, port, echo.port))) as running:
            yield running
        echo.close()

    def connect(self, case, port):
        # Who only asked whether the port is open would make it connect to ours: the first connection that is taken is the one.
        near = free_port()
        with self.start(self.client(case, near, port)) as running:
            return Outcome(ask(running, near, case.size), running.text()[-300:])


class HAProxy(Pipe):
    name = "HAProxy (OpenSSL)"
    alerts = {"bad_certificate": ("internal_error",)}       # what it says of a wrong name
    tells_alerts = False

    def version(self):
        return said("haproxy", "-v").split()[2] if find("haproxy") else None

    def lacks(self, case):
        if case.close == "server":
            return "the plain end decides"
        if case.role == "client" and case.refusal and case.alpn:
            return "it goes on without a protocol"
        if case.role == "server" and (case.group or case.resume):
            return "no such setting of this file"
        if case.sni:
            return "certificates are chosen from a folder"
        return None

    def start(self, text):
        return Running(find("haproxy"), "-db", "-f", self.write(text))

    def common(self):
        return "defaults\n mode tcp\n timeout connect 10s\n timeout client 20s\n timeout server 20s\n"

    def server(self, case, port, behind):
        words = "ssl crt %s ssl-min-ver %s ssl-max-ver %s" % (self.path(case.server), case.dotted, case.dotted)
        if case.wants:
            words += " verify required ca-file " + self.material.authority
        if case.peer_alpn:
            words += " alpn " + ",".join(case.peer_alpn)
        if case.group:
            words += " curves " + case.group
        return self.common() + "listen this\n bind 127.0.0.1:%d %s\n server echo 127.0.0.1:%d\n" % (port, words, behind)

    def client(self, case, near, port):
        words = "ssl verify required ca-file %s verifyhost localhost sni str(localhost) ssl-min-ver %s ssl-max-ver %s" % (
            self.material.authority, case.dotted, case.dotted)
        if case.client:
            words += " crt " + self.path(case.client)
        if case.peer_alpn:
            words += " alpn " + ",".join(case.peer_alpn)
        return self.common() + "listen this\n bind 127.0.0.1:%d\n server ours 127.0.0.1:%d %s\n" % (near, port, words)


class Stunnel(Pipe):
    name = "stunnel (OpenSSL)"
    alerts = {"bad_certificate": ("bad_certificate", "internal_error")}     # what it says of a wrong name

    def version(self):
        found = re.search(r"stunnel ([0-9.]+)", said("stunnel", "-version")) if find("stunnel") else None
        return found and found.group(1)

    def lacks(self, case):
        if case.close == "server":
            return "the plain end decides"
        if case.alpn:
            return "it has no ALPN"
        if case.sni and case.role == "client":
            return "services of their own"
        if case.resume and case.role == "server":
            return "the first asking of its port is a session of its own"
        return None

    def start(self, text):
        return Running(find("stunnel"), self.write(text))

    def common(self, case):
        text = "foreground = yes\npid =\ndebug = 5\n[this]\nsslVersion = %s\n" % case.dotted
        return text + ("curves = %s\n" % case.group if case.group else "")

    def server(self, case, port, behind):
        text = self.common(case) + "accept = 127.0.0.1:%d\nconnect = 127.0.0.1:%d\ncert = %s\n" % (port, behind, self.path(case.server))
        return text + ("verifyChain = yes\nCAfile = %s\n" % self.material.authority if case.wants else "")

    def client(self, case, near, port):
        text = self.common(case) + "client = yes\naccept = 127.0.0.1:%d\nconnect = 127.0.0.1:%d\nverifyChain = yes\ncheckHost = localhost\n" \
            "sni = localhost\nCAfile = %s\n" % (near, port, self.material.authority)
        return text + ("cert = %s\n" % self.path(case.client) if case.client else "")
