"""Callbacks that come back: what a connection, its context and its memory BIOs answer from inside a callback.

Each scenario is a handshake over memory BIOs, and data if it gets so far. Its outcome: what the callback's calls
gave or raised, then what became of both ends. Run as a program it prints the outcomes of those named, as JSON:

    python3 -I tests/python/reentry.py NAME...
"""

import json
import os
import ssl
import sys

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
BOTH = ("server", "client")


def data(name):
    return os.path.join(DATA, name)


def contexts(version):
    client, server = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    client.load_verify_locations(data("ca.pem"))
    server.load_cert_chain(data("server.pem"))
    client.maximum_version = version
    return client, server


def kind(error):
    """The name of an exception, and OpenSSL's reason where there is one."""
    reason = getattr(error, "reason", None)
    return type(error).__name__ + (" " + reason if reason else "")


def attempt(call):
    try:
        result = call()
    except Exception as error:
        return kind(error)
    return "ok" if result is None else repr(result)


class Ends(object):
    """A client and a server over two memory BIOs, taken as far as they go."""

    def __init__(self, client, server):
        self.there, self.back = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.client = client.wrap_bio(self.back, self.there, server_hostname="localhost")
        self.server = server.wrap_bio(self.there, self.back, server_side=True)
        self.errors = {}

    def shake(self):
        for _ in range(6):
            for end in (self.client, self.server):
                if end not in self.errors:
                    try:
                        end.do_handshake()
                    except ssl.SSLWantReadError:
                        pass
                    except Exception as error:
                        self.errors[end] = kind(error)

    def fate(self):
        """The versions or the errors; and whether data still goes through."""
        ends = [self.errors.get(end) or end.version() for end in (self.client, self.server)]
        if self.errors or None in ends:
            return ends
        return ends + [attempt(lambda: self.carry(self.client, self.server)), attempt(lambda: self.carry(self.server, self.client))]

    @staticmethod
    def carry(sender, receiver):
        sender.write(b"hello")
        got = receiver.read(5)
        return None if got == b"hello" else got


# What a callback does with the connection and the context it is given.

def change_context(connection, context):
    context.load_cert_chain(data("server-ec.pem"))
    context.set_ciphers("ALL")
    context.load_verify_locations(data("ca.pem"))
    context.set_alpn_protocols(["h2"])
    context.options |= ssl.OP_NO_TICKET


def ask(connection, context):
    return [connection.cipher(), connection.version(), connection.pending(), connection.compression(),
            connection.selected_alpn_protocol(), connection.server_side]


def drop(connection, context):
    context.sni_callback = None


def own_handshake(connection, context):
    """Another connection of the same context, made and used inside the callback."""
    context.sni_callback = None
    client, _ = contexts(ssl.TLSVersion.TLSv1_3)
    ends = Ends(client, context)
    ends.shake()
    return ends.fate()


ACTIONS = {
    "read": lambda connection, context: connection.read(1),
    "read into": lambda connection, context: connection.read(1, bytearray(1)),
    "write": lambda connection, context: connection.write(b"x"),
    "do_handshake": lambda connection, context: connection.do_handshake(),
    "unwrap": lambda connection, context: connection.unwrap(),
    "getpeercert": lambda connection, context: connection.getpeercert(),
    "verify_client_post_handshake": lambda connection, context: connection.verify_client_post_handshake(),
    "questions": ask,
    "the same context": lambda connection, context: setattr(connection, "context", context),
    "no context": lambda connection, context: setattr(connection, "context", None),
    "change of context": change_context,
    "no callback": drop,
    "own handshake": own_handshake,
}


def in_sni(action, version):
    client, server = contexts(version)
    told = []
    server.sni_callback = lambda connection, name, context: told.append(attempt(lambda: ACTIONS[action](connection, context)))
    ends = Ends(client, server)
    ends.shake()
    return [told, ends.fate()]


def in_messages(action, version, side):
    """The same answer must come each time; it is given once."""
    client, server = contexts(version)
    context = server if side == "server" else client
    told, inside = [], []

    def callback(connection, *message):
        if not inside:
            inside.append(True)
            told.append(attempt(lambda: ACTIONS[action](connection, context)))
            inside.pop()
    context._msg_callback = callback
    ends = Ends(client, server)
    ends.shake()
    fate = ends.fate()
    return [sorted(set(told)), fate]


def ended_outgoing(version):
    """write_eof() is for who writes by hand: what a connection sends still comes out."""
    ends = Ends(*contexts(version))
    ends.there.write_eof()
    return [attempt(ends.client.do_handshake), ends.there.pending > 100, ends.there.eof, attempt(lambda: ends.there.write(b"x"))]


def ended_incoming(version):
    """The end of the input in the middle of the handshake."""
    client, server = contexts(version)
    client.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
    ends = Ends(client, server)
    first = attempt(ends.client.do_handshake)
    ends.back.write_eof()
    return [first, attempt(ends.client.do_handshake)]


def one_bio(version):
    """A connection that hears itself."""
    client, server = contexts(version)
    loop = ssl.MemoryBIO()
    echo = client.wrap_bio(loop, loop, server_hostname="localhost")
    return attempt(echo.do_handshake)


def resized_buffer(version):
    """A message callback that resizes the buffer being read into."""
    client, server = contexts(version)
    buffer, told = bytearray(5), []
    client._msg_callback = lambda *message: told.append(attempt(lambda: buffer.extend(b"x" * 100000)))
    ends = Ends(client, server)
    ends.shake()
    ends.server.write(b"hello")
    del told[:]
    del buffer[5:]
    return [ends.client.read(5, buffer), bytes(buffer[:5]) == b"hello", sorted(set(told))]


def password(version):
    """A password callable that uses the very context that asks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def ask_for_it():
        context.load_cert_chain(data("server.pem"))
        context.set_ciphers("ALL")
        context.load_cert_chain(data("server-encrypted.pem"), password="somepass")
        return "somepass"
    return [attempt(lambda: context.load_cert_chain(data("server-encrypted.pem"), password=ask_for_it))]


def dropped(version):
    """Callbacks that let go of all that they were given, and of what is around them."""
    client, server = contexts(version)
    holder = [server]

    def callback(connection, name, context):
        del holder[:]
        context.sni_callback = None
        context._msg_callback = None
        connection.context = contexts(version)[1]
    server.sni_callback = callback
    server._msg_callback = lambda *message: holder[:] and None
    ends = Ends(client, server)
    del client, server
    ends.shake()
    return ends.fate()


SCENARIOS = {}
for _name, _version in (("1.2", ssl.TLSVersion.TLSv1_2), ("1.3", ssl.TLSVersion.TLSv1_3)):
    for _action in ACTIONS:
        SCENARIOS["server name, %s, %s" % (_action, _name)] = lambda a=_action, v=_version: in_sni(a, v)
        if _action in ("read", "read into", "write", "do_handshake", "unwrap", "questions", "change of context"):
            for _side in BOTH:
                SCENARIOS["messages of the %s, %s, %s" % (_side, _action, _name)] = lambda a=_action, v=_version, s=_side: in_messages(a, v, s)
    for _call in (ended_outgoing, ended_incoming, one_bio, resized_buffer, password, dropped):
        SCENARIOS["%s, %s" % (_call.__name__.replace("_", " "), _name)] = lambda c=_call, v=_version: c(v)


def outcomes(names):
    return dict((name, SCENARIOS[name]()) for name in names)


if __name__ == "__main__":
    import warnings
    warnings.simplefilter("ignore")
    print(json.dumps(outcomes(sys.argv[1:] or sorted(SCENARIOS))))
