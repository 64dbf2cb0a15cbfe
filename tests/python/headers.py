"""What each end makes of a record header that it must refuse, wait for or go on with, in every phase of a connection.

A scenario is a phase and the first bytes that come in it. Its outcome has three parts: what the step of the victim
gives, the alert that it sends, and how many of the bytes stay in its socket. Run as a program it prints the outcomes
on the host that runs it, as the recording in data/headers.json has them:

    python3 -I tests/python/headers.py
"""

import json
import os
import select
import socket
import ssl
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import support

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
BEHIND = b"and more"


class Scene(object):
    """A victim, which is a non-blocking SSLSocket, and its peer: an SSLObject, and the plain socket that it uses."""

    def __init__(self, victim_is_server, version=None, curve=None):
        client = support.careless_context()
        server = support.server_context()
        if version is not None:
            client.maximum_version = client.minimum_version = version
        if curve:
            server.set_ecdh_curve(curve)
        victim, self.wire = support.connected_pair()
        victim.settimeout(0)
        for end in (victim, self.wire):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        context = server if victim_is_server else client
        self.victim = context.wrap_socket(victim, server_side=victim_is_server, do_handshake_on_connect=False)
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        other = client if victim_is_server else server
        self.peer = other.wrap_bio(self.incoming, self.outgoing, server_side=not victim_is_server)
        self.heard = b""
        self.step = self.victim.do_handshake
        self.closing = False

    def close(self):
        self.victim.close()
        self.wire.close()

    def deliver(self, data):
        """Sends the victim these bytes; they are all in its socket when this returns."""
        self.wire.sendall(data)
        there = 0
        while there < len(data):
            ready, _, _ = select.select([self.victim], [], [], support.PATIENCE)
            if not ready:
                raise AssertionError("the bytes do not come")
            there = len(socket.socket.recv(self.victim, len(data), socket.MSG_PEEK))

    def wait(self):
        """One step of the victim, which must ask for more."""
        try:
            self.step()
        except ssl.SSLWantReadError:
            return
        raise AssertionError("the victim does not wait")

    def said(self):
        """What the peer sends next."""
        try:
            self.peer.do_handshake()
        except ssl.SSLWantReadError:
            pass
        return self.outgoing.read()

    def hear(self):
        """Lets the peer have what the victim has sent: some of it, as there must be."""
        data = self.wire.recv(65536)
        self.heard += data
        self.incoming.write(data)

    def hear_flight(self):
        """Lets the peer have what the victim has sent, until the peer has an answer."""
        while True:
            self.hear()
            answer = self.said()
            if answer:
                return answer

    def establish(self):
        waiting = [self.victim, self.peer]
        while waiting:
            for end in list(waiting):
                try:
                    end.do_handshake()
                    waiting.remove(end)
                except ssl.SSLWantReadError:
                    pass
            answer = self.outgoing.read()
            if answer:
                self.deliver(answer)
            elif self.peer in waiting:
                self.hear()
        # What a server sends last is a part of the handshake too.
        if not self.victim.server_side and self.victim.version() == "TLSv1.3":
            self.wait_for(lambda: self.victim.recv(1))
        self.step = lambda: self.victim.recv(1 << 17)

    def wait_for(self, step):
        try:
            step()
        except ssl.SSLWantReadError:
            pass


def server_first():
    return Scene(True)


def client_first():
    scene = Scene(False)
    scene.wait()
    return scene


def server_hello_sent(version):
    """A server that waits for the client's second flight."""
    scene = Scene(True, version)
    scene.deliver(scene.said())
    scene.wait()
    return scene


def server_retry_sent():
    scene = Scene(True, TLS13, "secp384r1")
    scene.deliver(scene.said())
    scene.wait()
    return scene


def client_retried():
    """A client that waits for the ServerHello that follows a HelloRetryRequest."""
    scene = client_hello_sent(TLS13, "secp384r1")
    scene.deliver(scene.hear_flight())
    scene.wait()
    return scene


def client_hello_sent(version, curve=None):
    scene = Scene(False, version, curve)
    scene.wait()
    return scene


def client_half_way(version):
    """A client that has the ServerHello and nothing else."""
    scene = client_hello_sent(version)
    flight = scene.hear_flight()
    length = 4 + struct.unpack(">I", b"\0" + flight[6:9])[0]
    scene.deliver(flight[:3] + struct.pack(">H", length) + flight[5:5 + length])
    scene.wait()
    return scene


def server_keys_changed():
    """A server of TLS 1.2 that has the client's ChangeCipherSpec and waits for its Finished."""
    scene = server_hello_sent(TLS12)
    flight = scene.hear_flight()
    at = 0
    while flight[at:at + 1] != b"\x14":
        at += 5 + struct.unpack(">H", flight[at + 3:at + 5])[0]
    scene.deliver(flight[:at + 6])
    scene.wait()
    return scene


def established(server, version):
    scene = Scene(server, version)
    scene.establish()
    return scene


def closing(server, version):
    """An end that has sent close_notify and waits for the peer's."""
    scene = established(server, version)
    scene.step = scene.victim.unwrap
    scene.wait()
    return scene


def closed(server, version):
    """An end that has received close_notify."""
    scene = established(server, version)
    try:
        scene.peer.unwrap()
    except ssl.SSLWantReadError:
        pass
    scene.deliver(scene.outgoing.read())
    if scene.victim.recv(100) != b"":
        raise AssertionError("there is no end")
    return scene


# (name, version in the records, how to get there)
PHASES = [
    ("server, first", 0x0301, server_first),
    ("client, first", 0x0303, client_first),
    ("server 1.2, hello sent", 0x0303, lambda: server_hello_sent(TLS12)),
    ("server 1.2, keys changed", 0x0303, server_keys_changed),
    ("client 1.2, hello received", 0x0303, lambda: client_half_way(TLS12)),
    ("server 1.3, retry sent", 0x0303, server_retry_sent),
    ("server 1.3, flight sent", 0x0303, lambda: server_hello_sent(TLS13)),
    ("client 1.3, retried", 0x0303, client_retried),
    ("client 1.3, hello received", 0x0303, lambda: client_half_way(TLS13)),
    ("server 1.2, established", 0x0303, lambda: established(True, TLS12)),
    ("client 1.2, established", 0x0303, lambda: established(False, TLS12)),
    ("server 1.3, established", 0x0303, lambda: established(True, TLS13)),
    ("client 1.3, established", 0x0303, lambda: established(False, TLS13)),
    ("client 1.2, close_notify sent", 0x0303, lambda: closing(False, TLS12)),
    ("server 1.3, close_notify sent", 0x0303, lambda: closing(True, TLS13)),
    ("server 1.2, close_notify received", 0x0303, lambda: closed(True, TLS12)),
    ("client 1.3, close_notify received", 0x0303, lambda: closed(False, TLS13)),
]

TEXTS = [
    b"421 closing\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 500 Internal Server Error\r\n\r\n", b"220 ready\r\n",
    b"* OK IMAP4\r\n", b"GET / HTTP/1.0\r\n\r\n", b"POST / HTTP/1.0\r\n\r\n", b"HEAD / HTTP/1.0\r\n\r\n",
    b"PUT / HTTP/1.0\r\n\r\n", b"CONNECT a:443 HTTP/1.0\r\n\r\n", b"OPTIONS / HTTP/1.0\r\n\r\n", b"\0\0\0\0\0\0\0\0",
    b"\xff\xff\xff\xff\xff\xff\xff\xff",
]

TYPES = (0, 1, 19, 20, 21, 22, 23, 24, 25, 128, 255)
VERSIONS = (0x0002, 0x0200, 0x0300, 0x0302, 0x0304, 0x03ff, 0x0703, 0xfeff)
LENGTHS = (0, 1, 2, 3, 16384, 16385, 16640, 16641, 16704, 16705, 16707, 16708, 65535)


def inputs(right):
    """(name, bytes) of what a victim gets whose peer should send records of this version."""
    for text in TEXTS:
        name = ascii(text.decode("latin-1").split("\r")[0])
        yield name, text
        yield name + " cut", text[:5]
    headers = [(kind, right, length) for kind in TYPES for length in (0, 2, 40)]
    headers += [(kind, version, length) for kind in (20, 21, 22, 23) for version in VERSIONS for length in (2,)]
    headers += [(kind, right, length) for kind in (20, 21, 22, 23, 99) for length in LENGTHS]
    headers += [(kind, version, length) for kind in (22, 23, 99) for version in (0x0302, 0x0703) for length in (16641, 65535)]
    seen = set()
    for kind, version, length in headers:
        header = struct.pack(">BHH", kind, version, length)
        if header in seen:
            continue
        seen.add(header)
        name = "%d %04x %d" % (kind, version, length)
        yield name, header
        if length <= 40:
            # A body that means nothing in any phase.
            yield name + " whole", header + b"\1" * length + BEHIND


ALERTS = {
    "SSLV3_ALERT_UNEXPECTED_MESSAGE": 10, "SSLV3_ALERT_BAD_RECORD_MAC": 20, "TLSV1_ALERT_RECORD_OVERFLOW": 22,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": 40, "SSLV3_ALERT_ILLEGAL_PARAMETER": 47, "TLSV1_ALERT_DECODE_ERROR": 50,
    "TLSV1_ALERT_PROTOCOL_VERSION": 70, "TLSV1_ALERT_INTERNAL_ERROR": 80,
}


def last_alert(scene, data):
    """The number of the alert that a victim has sent last, sealed or not; None for none."""
    heard, at, last = bytearray(scene.heard + data), 0, b""
    while at + 5 <= len(heard):
        end = at + 5 + struct.unpack(">H", heard[at + 3:at + 5])[0]
        last, at = heard[at:end], end
    if last[:1] == b"\x15" and len(last) == 7:
        return last[6]
    scene.incoming.write(data)
    try:
        while True:
            if scene.peer.version() is None:
                scene.peer.do_handshake()
            if not scene.peer.read(100):
                return 0
    except ssl.SSLWantReadError:
        return None
    except ssl.SSLError as error:
        return ALERTS[error.reason]


def play(setting, data):
    """(what the step gives, the alert, what is left in the socket)"""
    scene = setting()
    try:
        scene.deliver(data)
        try:
            result = scene.step()
            outcome = "%d bytes" % len(result) if isinstance(result, bytes) else "done"
        except ssl.SSLWantReadError:
            outcome = "waits"
        except ssl.SSLError as error:
            outcome = error.reason or type(error).__name__
        except OSError as error:
            outcome = type(error).__name__
        scene.wire.shutdown(socket.SHUT_WR)
        plain = socket.socket(fileno=scene.victim.detach())
        plain.settimeout(support.PATIENCE)
        left = read_all(plain)
        plain.close()
        alert = last_alert(scene, read_all(scene.wire))
        return outcome, alert, len(left)
    finally:
        scene.close()


def read_all(sock):
    pieces = b""
    while True:
        piece = sock.recv(65536)
        if not piece:
            return pieces
        pieces += piece


def outcomes(phases=None):
    """(phase, {"result alert": [input, or input<left]}) of each phase, or of those named."""
    for phase, right, setting in PHASES:
        if phases and phase not in phases:
            continue
        found = {}
        for name, data in inputs(right):
            result, alert, left = play(setting, data)
            key = result if alert is None else "%s %d" % (result, alert)
            found.setdefault(key, []).append("%s<%d" % (name, left) if left else name)
        yield phase, found


if __name__ == "__main__":
    print(json.dumps(dict(outcomes(sys.argv[1:])), indent=0, sort_keys=True))
