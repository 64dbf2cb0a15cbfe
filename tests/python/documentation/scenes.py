"""What has to be there before an example of a page, and who talks to it while it runs.

A scene is found by a piece of the example's text. It changes nothing in the example: it opens servers,
sets the clock, puts the names into the namespace that the page's text speaks of, and plays the visitor
of an example that is a server.
"""

import ast
import socket
import ssl

import support
from . import session, world as worlds

SCENES = []


def scene(*pieces):
    """Declares what to do with an example that contains all these pieces."""
    def declare(function):
        SCENES.append((pieces, function))
        return function
    return declare


def find(example, text):
    """The scene of an example: a function of the stage and the text to run."""
    for pieces, function in SCENES:
        if all(piece in text for piece in pieces):
            return function
    return plain


class Stage(object):
    """A page on its way: the world, the namespace that its examples share, and what they printed last."""

    def __init__(self, world, errata):
        self.world = world
        self.errata = errata
        self.namespace = {"__name__": "__main__"}
        exec("import pprint, select, socket, ssl, time", self.namespace)
        self.printed = ""
        self.waiting = None         # a server's loop, until the function it calls is there

    def run(self, example):
        text = self.errata.text(example)
        find(example, text)(self, example, text)

    def perform(self, example, text):
        if example.is_session:
            session.run_session(example, self.namespace, self.errata)
        else:
            self.printed = session.run_code(text, self.namespace)

    def client(self):
        """A client that trusts the world's authority, for any version."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(worlds.AUTHORITY)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        return context

    def visit(self, *messages):
        """Connects to the server that an example has bound, once for each message; gives the versions spoken."""
        versions = []
        for message in messages:
            with socket.create_connection(self.world.bound, support.PATIENCE) as plain:
                with self.client().wrap_socket(plain, server_hostname="www.example.org") as connection:
                    connection.sendall(message)
                    versions.append(connection.version())
                    connection.unwrap()
        return versions


def plain(stage, example, text):
    stage.perform(example, text)


def literal(value):
    return session.tidy(ast.literal_eval(value))


# --- clients -----------------------------------------------------------------------------------

@scene('ca_certs="/etc/ca_certs_file"')
def first_client(stage, example, text):
    stage.world.host("www.verisign.com", 443, "www.verisign.com", worlds.web)
    stage.world.date("2007-09-06")
    stage.perform(example, text)
    address, certificates = stage.printed.split("\n", 1)
    assert ast.literal_eval(address)[0] == "127.0.0.1", address
    half = certificates[:len(certificates) // 2]
    assert half + half == certificates, "pprint and pformat print the same"
    stage.printed = half


@scene("'notAfter': 'May", "VeriSign, Inc.")
def what_it_printed(stage, example, text):
    assert session.contains(literal(stage.printed), literal(text)), stage.printed


@scene("somemachine.python.org")
def some_machine(stage, example, text):
    decoded = ssl._ssl._test_decode_cert(worlds.path("somemachine.python.org.pem"))
    assert session.contains(decoded, ast.literal_eval(text)), decoded


@scene("'serialNumber': '95F0'")
def eff(stage, example, text):
    decoded = ssl._ssl._test_decode_cert(worlds.path("_.eff.org.pem"))
    assert session.equal(decoded, ast.literal_eval(text)), decoded


@scene('conn.connect(("linuxfr.org", 443))')
def linuxfr(stage, example, text):
    stage.world.host("linuxfr.org", 443, "linuxfr.org", worlds.web)
    stage.world.date("2010-05-16")
    stage.perform(example, text)


@scene("www.example.org", "443")
def example_org(stage, example, text):
    """The host of our own page: it answers with a line, and is there for every example that asks again."""
    stage.world.host("www.example.org", 443, "www.example.org", worlds.web)
    stage.world.date("2024-01-01")
    stage.perform(example, text)


@scene("www.python.org")
def python_org(stage, example, text):
    stage.world.host("www.python.org", 443, "www.python.org", worlds.web)
    stage.world.date("2014-10-18")
    stage.perform(example, text)


@scene("HEAD / HTTP/1.0", "split(b")
def request(stage, example, text):
    """The stand-in sends what the page shows; what is proved is the way there and back."""
    stage.world.answer = b"\r\n".join(ast.literal_eval(example.steps()[-1][1]))
    stage.perform(example, text)


@scene("context.check_hostname = True", "www.verisign.com")
def checked_name(stage, example, text):
    stage.world.host("www.verisign.com", 443, "www.verisign.com", worlds.silent)
    stage.world.date("2008-01-01")
    stage.perform(example, text)
    stage.namespace.pop("ssl_sock").close()
    stage.namespace.pop("s").close()


@scene("smtplib.SMTP(")
def smtp(stage, example, text):
    host, port = ("mail.python.org", 587) if "mail.python.org" in text else ("mail.example.org", 587)
    certificate = "www.python.org" if "python" in host else "www.example.org"
    stage.world.host(host, 0, certificate, worlds.silent)
    world = stage.world
    world.servers.insert(0, world.servers.pop())        # whose context the mail server speaks with
    world.host(host, port, certificate, worlds.mail, plain=True)
    world.date("2014-10-18" if "python" in host else "2024-01-01")
    stage.perform(example, text)
    stage.namespace.pop("smtp").close()


@scene("sock.do_handshake()\n")
def without_waiting(stage, example, text):
    near, far = support.connected_pair()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(worlds.path("www.example.org.pem"), worlds.path("www.example.org.key"))
    near.setblocking(False)
    sock = stage.client().wrap_socket(near, do_handshake_on_connect=False, server_hostname="www.example.org")
    stage.world.date("2024-01-01")
    stage.namespace["sock"] = sock
    other = worlds.beside(lambda: server.wrap_socket(far, server_side=True), lambda: stage.perform(example, text))
    assert sock.version() == other.version() is not None
    sock.close()
    other.close()


# --- servers -----------------------------------------------------------------------------------

@scene("bindsocket.listen(5)")
def server(stage, example, text):
    stage.perform(example, text)
    if "PROTOCOL_TLSv1)" in text:
        # TLS 1.0 signs with MD5 and SHA-1: since OpenSSL 3 that needs security level 0.
        stage.namespace["context"].set_ciphers("ALL:@SECLEVEL=0")


@scene("while True:", "bindsocket.accept()")
def server_loop(stage, example, text):
    if "deal_with_client" in stage.namespace:
        play(stage, example, text)
    else:
        stage.waiting = (example, text)     # the page explains deal_with_client afterwards


@scene("def deal_with_client(connstream):")
def deal_with_client(stage, example, text):
    stage.perform(example, text)
    if stage.waiting:
        waiting, stage.waiting = stage.waiting, None
        play(stage, *waiting)


class Enough(Exception):
    """Ends a server that would go on for ever."""


def play(stage, example, text):
    """Lets two clients visit an endless server; the second is told to go."""
    heard = []
    stage.namespace["do_something"] = lambda connstream, data: heard.append(data) or data != b"enough"
    listening = stage.namespace["bindsocket"]
    accept, calls = listening.accept, []

    def twice():
        if len(calls) == 2:
            raise Enough()
        calls.append(None)
        return accept()
    stage.namespace["bindsocket"] = Listening(twice)

    def work():
        try:
            stage.perform(example, text)
        except Enough:
            pass
    stage.world.date("2024-01-01")
    versions = worlds.beside(lambda: leave(stage, b"hello", b"enough"), work)
    listening.close()
    assert heard == [b"hello", b"enough"], heard
    assert len(versions) == 2, versions


class Listening(object):
    def __init__(self, accept):
        self.accept = accept


def leave(stage, *messages):
    """Like visit(), for servers that may close without a word."""
    versions = []
    for message in messages:
        with socket.create_connection(stage.world.bound, support.PATIENCE) as plain_socket:
            connection = stage.client().wrap_socket(plain_socket, server_hostname="www.example.org")
            versions.append(connection.version())
            connection.sendall(message)
            try:
                if message == b"hello":
                    connection.unwrap()
                else:
                    connection.recv(1)
            except OSError:
                pass            # the page's server closes its end first
            connection.close()
    return versions


@scene("conn, addr = ssock.accept()")
@scene("conn, addr = secured.accept()")
def one_client(stage, example, text):
    stage.world.date("2024-01-01")

    def visit():
        assert stage.world.listening.wait(support.PATIENCE), "the example never listens"
        with socket.create_connection(stage.world.bound, support.PATIENCE) as plain_socket:
            with stage.client().wrap_socket(plain_socket, server_hostname="www.example.org") as connection:
                connection.sendall(b"hello")
                return connection.version()
    stage.world.listening.clear()
    version = worlds.beside(visit, lambda: stage.perform(example, text))
    assert version == stage.namespace["conn"].version()
    stage.namespace["conn"].close()


# --- settings ----------------------------------------------------------------------------------

@scene("create_default_context(Purpose.CLIENT_AUTH)")
def purpose(stage, example, text):
    stage.namespace["Purpose"] = ssl.Purpose
    stage.perform(example, text)


@scene("context.cert_store_stats()")
def store(stage, example, text):
    context = stage.namespace["context"] = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(worlds.AUTHORITY)
    context.load_verify_locations(worlds.path("linuxfr.org.pem"))
    stage.perform(example, text)


@scene("context.session_stats()")
def statistics(stage, example, text):
    stage.namespace["context"] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    stage.perform(example, text)
