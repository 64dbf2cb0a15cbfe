"""What the test files share: certificates, a server in a thread, a pair of connected sockets.

Everything is on the loopback interface with ports that the system picks. Every wait has an end.
"""

import os
import socket
import ssl
import subprocess
import sys
import threading
import unittest
import warnings

PASSWORD = "somepass"
PATIENCE = 30       # seconds until a wait that should be over counts as a hang
IRONPYTHON = sys.implementation.name == "ironpython"

# The constants of old protocols are deprecated on new Pythons; test_warnings.py alone looks at that.
warnings.simplefilter("ignore", DeprecationWarning)


def data(name):
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", name)


CA = data("ca.pem")


def read_file(path):
    with open(path, "rb") as file:
        return file.read()


def server_context(certificate="server.pem", protocol=None, **settings):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if protocol is None else protocol)
    if certificate:
        context.load_cert_chain(data(certificate))
    return configure(context, settings)


def client_context(protocol=None, cafile=CA, **settings):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT if protocol is None else protocol)
    if cafile:
        context.load_verify_locations(cafile)
    return configure(context, settings)


def careless_context(**settings):
    """A client that verifies nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return configure(context, settings)


def strict(context):
    """The context, for which an end without close_notify is an error, as for all that are made since Python 3.11.4."""
    context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
    return context


def configure(context, settings):
    for name, value in settings.items():
        if name == "version":
            context.minimum_version = context.maximum_version = value
        elif name == "ciphers":
            context.set_ciphers(value)
        elif name == "alpn":
            context.set_alpn_protocols(value)
        elif name == "certificate":
            context.load_cert_chain(data(value))
        elif name == "trust":
            context.load_verify_locations(data(value))
        else:
            setattr(context, name, value)
    return context


class Discard(object):
    """A file for what nobody wants to read."""

    def write(self, text):
        pass

    def flush(self):
        pass


class Unraisable(object):
    """Collects the names of the exceptions that a callback could not raise to anyone, while in force.

    CPython hands them to sys.unraisablehook; IronPython prints them to sys.stderr.
    """

    def __enter__(self):
        self.names = []
        if hasattr(sys, "unraisablehook"):
            self.saved = sys.unraisablehook
            sys.unraisablehook = lambda args: self.names.append(args.exc_type.__name__)
        else:
            self.saved = sys.stderr
            self.text = ""
            sys.stderr = self
        return self

    def __exit__(self, *error):
        if hasattr(sys, "unraisablehook"):
            sys.unraisablehook = self.saved
            return
        sys.stderr = self.saved
        for report in self.text.split("Exception ignored in")[1:]:
            last = report.strip().splitlines()[-1]
            self.names.append(last.partition(":")[0])

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def listener():
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen(16)
    return sock


def connected_pair():
    """Two plain sockets that talk to each other; a wait on either ends after PATIENCE."""
    with listener() as waiting:
        client = socket.socket()
        client.connect(waiting.getsockname())
        server, _ = waiting.accept()
    client.settimeout(PATIENCE)
    server.settimeout(PATIENCE)
    return client, server


def both(first, second):
    """Runs second in a thread beside first; gives what both gave, or raises what first raised.

    What second raised is given in place of its result.
    """
    outcome = []

    def run():
        try:
            outcome.append(second())
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.daemon = True
    thread.start()
    try:
        result = first()
    finally:
        thread.join(PATIENCE)
        if thread.is_alive():
            raise AssertionError("the other side hangs")
    return result, outcome[0]


def shake(*ends):
    """Takes the handshakes of SSLObjects that share memory BIOs to their end."""
    waiting = list(ends)
    for _ in range(10):
        for end in list(waiting):
            try:
                end.do_handshake()
                waiting.remove(end)
            except ssl.SSLWantReadError:
                pass
    if waiting:
        raise AssertionError("the handshake does not end")


def tls_pair(client, server, hostname="localhost", session=None, **options):
    """Two SSLSockets with the handshake done."""
    near, far = connected_pair()
    try:
        near, far = both(
            lambda: client.wrap_socket(near, server_hostname=hostname, session=session, **options),
            lambda: server.wrap_socket(far, server_side=True))
    except BaseException:
        near.close()
        far.close()
        raise
    if isinstance(far, Exception):
        near.close()
        raise far
    return near, far


class Server(object):
    """A TLS server in threads: accepts until left, and does `handle` with each connection.

    What goes wrong is in `errors`; what `handle` returned, in `results`.
    """

    def __init__(self, context, handle=None, wrap=None):
        self.context = context
        self.handle = handle or echo
        self.wrap = wrap or (lambda sock: context.wrap_socket(sock, server_side=True))
        self.errors = []
        self.results = []
        self.leaving = False
        self.threads = []
        self.sock = listener()
        self.address = self.sock.getsockname()
        self.port = self.address[1]

    def __enter__(self):
        self.acceptor = threading.Thread(target=self.accept)
        self.acceptor.daemon = True
        self.acceptor.start()
        return self

    def __exit__(self, kind, error, trace):
        self.leaving = True
        try:
            socket.create_connection(self.address, PATIENCE).close()     # wakes accept()
        except OSError:
            pass
        self.finish()
        self.sock.close()

    def finish(self):
        """Waits for the connections that there are, so that errors and results are complete."""
        if self.leaving:
            self.acceptor.join(PATIENCE)
        for thread in list(self.threads):
            thread.join(PATIENCE)
            if thread.is_alive():
                raise AssertionError("a connection hangs in the server")

    def accept(self):
        while True:
            sock, _ = self.sock.accept()
            if self.leaving:
                sock.close()
                return
            thread = threading.Thread(target=self.serve, args=(sock,))
            thread.daemon = True
            self.threads.append(thread)
            thread.start()

    def serve(self, sock):
        sock.settimeout(PATIENCE)
        connection = sock
        try:
            connection = self.wrap(sock)
            self.results.append(self.handle(connection))
        except Exception as error:
            self.errors.append(error)
        finally:
            connection.close()
            sock.close()

    def connect(self, context, hostname="localhost", **options):
        """A client of this server, as an SSLSocket."""
        sock = socket.create_connection(self.address, PATIENCE)
        try:
            return context.wrap_socket(sock, server_hostname=hostname, **options)
        except BaseException:
            sock.close()
            raise


def echo(connection):
    """Sends back what comes, until the peer closes."""
    total = 0
    while True:
        piece = connection.recv(65536)
        if not piece:
            return total
        connection.sendall(piece)
        total += len(piece)


def receive(connection, count, piece=65536):
    """Exactly that many bytes."""
    received = bytearray()
    while len(received) < count:
        got = connection.recv(min(piece, count - len(received)))
        if not got:
            break
        received += got
    return bytes(received)


def pattern(count, seed=1):
    """Bytes that repeat nowhere near: a shift, a loss or a repetition shows."""
    block = bytearray()
    state = seed
    while len(block) < min(count, 65521):
        state = (state * 1103515245 + 12345) & 0x7fffffff
        block.append(state >> 16 & 0xff)
    return (bytes(block) * (count // max(len(block), 1) + 1))[:count]


class Program(object):
    """A program of another kind at the other end, spoken to in lines; it ends with the block."""

    def __init__(self, *command, **options):
        options.setdefault("stderr", subprocess.DEVNULL)
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)

    def __enter__(self):
        return self

    def __exit__(self, *trouble):
        self.process.kill()
        self.process.wait()
        for end in (self.process.stdin, self.process.stdout):
            try:
                end.close()
            except OSError:
                pass

    def say(self, *words):
        self.process.stdin.write(" ".join(str(word) for word in words).encode() + b"\n")
        self.process.stdin.flush()

    def hear(self):
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("the program has ended")
        return line.decode().strip()

    def ignore(self):
        """From here on the program may say what it likes: nobody reads, and it must not wait for a reader."""
        thread = threading.Thread(target=self.process.stdout.read)
        thread.daemon = True
        thread.start()

    def hear_until(self, text):
        while True:
            line = self.hear()
            if text in line:
                return line


class TestCase(unittest.TestCase):
    def assertFails(self, kind, call, *arguments, **options):
        """The exception that a call must raise."""
        with self.assertRaises(kind) as caught:
            call(*arguments, **options)
        return caught.exception
