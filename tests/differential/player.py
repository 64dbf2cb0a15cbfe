"""Plays programs on the `ssl` of this interpreter: reads them, a line of JSON each, and answers each with what was seen.

    player.py FOLDER    where the certificates are
"""

import hashlib
import json
import os
import re
import select
import socket
import ssl
import struct
import sys
import tempfile
import warnings

ENDS = ("client", "server")
IRONPYTHON = sys.implementation.name == "ironpython"

warnings.simplefilter("ignore")


def outcome(call):
    """What a call did, in words that no implementation chooses: a value, or the exception's class, errno and reason."""
    try:
        result = call()
    except Exception as error:
        # Python 3.10 made socket.timeout another name of TimeoutError.
        seen = ["TimeoutError" if isinstance(error, socket.timeout) else type(error).__name__]
        if isinstance(error, ssl.SSLError):
            seen.append(getattr(error, "reason", None) or plain_text(error))
        elif isinstance(error, OSError):
            seen.append(error.errno)
        elif isinstance(error, (ValueError, TypeError, NotImplementedError)):
            seen.append(re.sub("<ssl.SSLSocket .*>", "<ssl.SSLSocket>", str(error)))
        return seen
    if isinstance(result, bytes):
        return digest(result)
    if isinstance(result, tuple):
        return len(result)
    if isinstance(result, socket.socket):
        return type(result).__name__
    return result


def plain_text(error):
    """What an SSLError without a reason says, where it was made by Python; None for one that TLS made of nothing but a state."""
    text = str(error)
    return re.sub(r" \(_ssl\.c:\d+\)$|^\('|',\)$", "", text) if text.startswith(("Underlying", "('Underlying")) else None


def digest(data):
    return "%d bytes %s" % (len(data), hashlib.sha256(data).hexdigest()[:8])


class Pair:
    def __init__(self, folder, settings, below=not IRONPYTHON):
        self.folder, self.settings = folder, settings
        self.sent = {end: 0 for end in ENDS}
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        plain = {"client": socket.create_connection(listener.getsockname()), "server": listener.accept()[0]}
        listener.close()
        for one in plain.values():
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # IronPython's sockets cannot be duplicated: its programs have no steps below TLS.
        self.below = {end: one.dup() for end, one in plain.items()} if below else {}
        self.ends = {}
        for end, timeout in zip(ENDS, settings["timeouts"]):
            plain[end].settimeout(timeout)
            self.ends[end] = self.context(end).wrap_socket(
                plain[end], server_side=end == "server", server_hostname="localhost" if end == "client" else None,
                do_handshake_on_connect=False, suppress_ragged_eofs=settings["ragged"])

    def context(self, end):
        settings = self.settings
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if end == "server" else ssl.PROTOCOL_TLS_CLIENT)
        made.minimum_version = made.maximum_version = getattr(ssl.TLSVersion, settings["version"])
        if settings["suites"]:
            made.set_ciphers(settings["suites"] + ":@SECLEVEL=1")
        if settings["ignore_eof"]:
            made.options |= ssl.OP_IGNORE_UNEXPECTED_EOF
        else:
            made.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
        made.post_handshake_auth = settings["post_handshake_auth"]
        asked = settings["client_certificate"]
        if end == "server":
            made.num_tickets = settings["tickets"]
            made.load_cert_chain(self.path("server.pem"))
            made.load_verify_locations(self.path("ca.pem"))
            made.verify_mode = {"none": ssl.CERT_NONE, "optional": ssl.CERT_OPTIONAL}.get(asked, ssl.CERT_REQUIRED)
        else:
            if settings["trusted"]:
                made.load_verify_locations(self.path("ca.pem"))
            if asked in ("optional", "required"):
                made.load_cert_chain(self.path("client.pem"))
        return made

    def path(self, name):
        return os.path.join(self.folder, name)

    def shake(self):
        """The handshake of both ends, in turns, and what became of it."""
        states = {end: "" for end in ENDS}
        for _ in range(8):
            for end in ENDS:
                if states[end] in ("", ["SSLWantReadError", None], ["SSLWantWriteError", None], ["TimeoutError", None]):
                    states[end] = outcome(self.ends[end].do_handshake)
        return [states[end] for end in ENDS]

    def data(self, end, length):
        """Bytes that tell where in the stream of an end they are."""
        start = self.sent[end]
        self.sent[end] += length
        return bytes((i * 7 + (i >> 8)) & 255 for i in range(start, start + length))

    def step(self, end, method, arguments):
        return outcome(lambda: getattr(self, "do_" + method, None)(end, self.ends[end], *arguments))

    def do_send(self, end, one, length):
        return one.send(self.data(end, length))

    def do_sendall(self, end, one, length):
        return one.sendall(self.data(end, length))

    def do_write(self, end, one, length):
        return one.write(self.data(end, length))

    def do_recv(self, end, one, length):
        return self.all(lambda left: one.recv(left), length)

    def do_recv_into(self, end, one, length, limit):
        return self.all(lambda left: self.into(left, lambda buffer: one.recv_into(buffer, limit)), length)

    def do_read(self, end, one, length):
        return self.all(lambda left: one.read(left), length)

    def do_read_into(self, end, one, length, limit):
        return self.all(lambda left: self.into(left, lambda buffer: one.read(limit, buffer)), length)

    @staticmethod
    def into(length, read):
        buffer = bytearray(length)
        return bytes(buffer[:read(buffer)])

    @staticmethod
    def all(read, length):
        """The bytes of as many reads as it takes, and what the last one said: how many records one read takes is not the same everywhere."""
        got, last = b"", None
        while len(got) < length and last is None:
            seen = []
            last = outcome(lambda: seen.append(read(length - len(got))))
            if seen:
                got += seen[0]
                last = None if seen[0] else 0
        return [digest(got), last]

    def do_nothing(self, end, one, method):
        """Of no bytes."""
        return {"send": lambda: one.send(b""), "sendall": lambda: one.sendall(b""), "write": lambda: one.write(b""), "recv": lambda: one.recv(0),
                "recv_into": lambda: one.recv_into(bytearray(0)), "read": lambda: one.read(0), "read_into": lambda: one.read(0, bytearray(5))}[method]()

    def do_pending(self, end, one):
        return one.pending()

    def do_readable(self, end, one):
        return bool(select.select([one], [], [], 0)[0])

    def do_settimeout(self, end, one, timeout):
        return one.settimeout(timeout)

    def do_unwrap(self, end, one):
        return one.unwrap()

    def do_shutdown(self, end, one, how):
        return one.shutdown(how)

    def do_close(self, end, one):
        if end in self.below:
            self.below[end].close()
        return one.close()

    def do_detach(self, end, one):
        number = one.detach()
        if number >= 0:
            os.close(number)
        return number >= 0

    def do_reset(self, end, one):
        """The connection ends as after a crash."""
        self.below[end].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.below[end].close()
        return one.close()

    def do_inject(self, end, one, length):
        """Bytes that are no record, below TLS."""
        return self.below[end].send(b"\x99" * length)

    def do_plain_send(self, end, one, length):
        return socket.socket.send(one, b"p" * length) if one._sslobj is None else None

    def do_plain_recv(self, end, one, length):
        return socket.socket.recv(one, length) if one._sslobj is None else None

    def do_do_handshake(self, end, one):
        return one.do_handshake()

    def do_verify_client_post_handshake(self, end, one):
        return one.verify_client_post_handshake()

    def do_facts(self, end, one):
        return [outcome(fact) for fact in (
            one.version, lambda: one.cipher() and one.cipher()[1:], one.compression, one.selected_alpn_protocol, one.selected_npn_protocol if hasattr(one, "selected_npn_protocol") else int,
            lambda: bool(one.getpeercert()), lambda: bool(one.getpeercert(True)), lambda: one.session_reused,
            lambda: one.session is None, lambda: one.get_channel_binding() is None, lambda: one.server_side, lambda: one.server_hostname,
            one.gettimeout, lambda: one.fileno() >= 0, lambda: bool(one.getpeername()), lambda: one.shared_ciphers() is None)]

    def do_refused(self, end, one, method):
        return {"dup": one.dup, "recvfrom": lambda: one.recvfrom(5), "recvfrom_into": lambda: one.recvfrom_into(bytearray(5)),
                "sendto": lambda: one.sendto(b"x", one.getpeername()), "recvmsg": lambda: one.recvmsg(5), "sendmsg": lambda: one.sendmsg([b"x"]),
                "peek": lambda: one.recv(5, socket.MSG_PEEK), "flags": lambda: one.send(b"x", 1)}[method]()

    def do_sendfile(self, end, one, length):
        with tempfile.TemporaryFile() as file:
            file.write(self.data(end, length))
            file.seek(0)
            return one.sendfile(file)

    def close(self):
        for one in list(self.ends.values()) + list(self.below.values()):
            one.close()


def play(folder, program):
    pair = Pair(folder, program["settings"])
    try:
        seen = [pair.shake()] if program["settings"]["shaken"] else []
        return seen + [pair.step(*step) for step in program["steps"]]
    finally:
        pair.close()


if __name__ == "__main__":
    print(json.dumps(ssl.OPENSSL_VERSION))
    sys.stdout.flush()
    for line in sys.stdin:
        print(json.dumps(play(sys.argv[1], json.loads(line))))
        sys.stdout.flush()
