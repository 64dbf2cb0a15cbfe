"""Every public call with arguments that it must refuse: wrong types, wrong values, NULs, absurd sizes.

The table says what CPython raises. To prove that, this file also passes on an interpreter's own ssl and
_ssl: python3 tests/python/run.py test_arguments, without PYTHONPATH. Where a host of ours answers
better than CPython does, the table names both.
"""

import array
import copy
import pickle
import socket
import sys
import unittest
import warnings

import ssl
import _ssl

from support import data

ON_IRONPYTHON = sys.implementation.name == "ironpython"

# What IronPython's own layer decides: how it asks for a writable buffer, __index__, pickling, and
# assignment to a property of .NET without a setter through a Python subclass.
NOT_WRITABLE = (TypeError, BufferError) if ON_IRONPYTHON else TypeError


class Index(object):
    def __init__(self, value):
        self.value = value

    def __index__(self):
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


class Truth(object):
    def __bool__(self):
        raise KeyError("truth")


class Text(str):
    pass


# Values that no call for a whole number, a text, bytes, a path, a callable takes.
NO_INTEGERS = [None, 1.5, "1", b"1", [], object()]
NO_TEXTS = [None, 1, 1.5, b"x", bytearray(b"x"), [], object()]
NO_BYTES = [None, 1, 1.5, "x", [], object()]
NO_PATHS = [1, 1.5, [], {}, object()]
NO_CALLABLES = [1, 1.5, "x", b"x", [], object()]
TOO_LARGE = [1 << 70, -(1 << 70)]


def server():
    return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


def client():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def bio():
    return ssl.MemoryBIO()


def connection():
    """A client's connection over memory whose handshake has not begun."""
    return client().wrap_bio(bio(), bio())


def inner():
    """The same, as _ssl has it."""
    return client()._wrap_bio(bio(), bio(), False)


def assign(target, name, value):
    setattr(target, name, value)


class Table(unittest.TestCase):

    def setUp(self):
        self.quiet = warnings.catch_warnings()
        self.quiet.__enter__()
        warnings.simplefilter("ignore")

    def tearDown(self):
        self.quiet.__exit__(None, None, None)

    def refuse(self, error, call, values):
        for value in values:
            with self.subTest(value=repr(value)[:40]):
                self.assertRaises(error, call, value)


class TestConversions(Table):
    """Values that are almost what a call takes, or just that."""

    HALF = "\ud800"        # half a character: no text that could be encoded

    def test_half_characters(self):
        for call in (server().set_ciphers, _ssl.txt2obj):
            self.assertRaises(UnicodeEncodeError, call, self.HALF)

    @unittest.skipIf(sys.platform == "win32", "a path of Windows may hold half a character")
    def test_half_characters_in_paths(self):
        context = server()
        for call in (context.load_cert_chain, context.load_verify_locations, context.load_dh_params, _ssl._test_decode_cert,
                     lambda value: context.load_verify_locations(capath=value),
                     lambda value: assign(context, "keylog_filename", value)):
            self.assertRaises(UnicodeEncodeError, call, self.HALF)

    def test_embedded_nul(self):
        self.refuse(ValueError, server().set_ciphers, ["AES128-SHA\0", "\0"])
        self.refuse(ValueError, lambda value: inner().get_channel_binding(value), ["tls-unique\0"])

    def test_texts_of_a_subclass(self):
        self.assertIsNone(ssl.RAND_add(Text("seed"), 1.0))
        with open(data("ca.pem")) as file:
            text = Text(file.read())
        context = client()
        context.load_verify_locations(cadata=text)
        self.assertEqual(context.cert_store_stats()["x509"], 1)
        context.set_ciphers(Text("AES128-SHA"))

    def test_sides(self):
        """server_side was a number for long, not anything that is true or false."""
        wrong = NO_INTEGERS + [Text("1"), bytearray(b"1"), ()]
        if sys.version_info < (3, 12):      # a truth value from there on
            self.refuse(TypeError, lambda value: client()._wrap_bio(bio(), bio(), value), wrong)
            self.refuse(OverflowError, lambda value: client()._wrap_bio(bio(), bio(), value), TOO_LARGE)
            with socket.socket() as sock:
                self.refuse(TypeError, lambda value: client()._wrap_socket(sock, value), wrong)
        self.assertTrue(server()._wrap_bio(bio(), bio(), Index(1)).server_side)
        self.assertFalse(client()._wrap_bio(bio(), bio(), 0).server_side)

    def test_flags(self):
        context = client()
        for name in ("_host_flags", "verify_flags", "options"):
            self.refuse(TypeError, lambda value: assign(context, name, value), [None, 1.5, "1", b"1", [], object()])
        context._host_flags = 1 << 31
        self.assertEqual(context._host_flags, 1 << 31)
        self.refuse(TypeError, lambda value: assign(context, "verify_flags", value), [Index(1)])

    def test_protocol(self):
        self.assertEqual(_ssl._SSLContext(Index(ssl.PROTOCOL_TLS_CLIENT)).protocol, ssl.PROTOCOL_TLS_CLIENT)
        self.refuse(TypeError, _ssl._SSLContext, [None, "1", b"1", [], object()])
        self.refuse(OverflowError, _ssl._SSLContext, TOO_LARGE)

    def test_rooms(self):
        """What is to be read into can be written to, however much is asked for."""
        self.refuse(TypeError, lambda value: inner().read(1, value), [None, 1, "x", b"x", memoryview(b"x"), [], object()])
        self.assertRaises(ssl.SSLWantReadError, inner().read, 1 << 31)
        self.assertRaises(ssl.SSLWantReadError, inner().read, 1 << 31, bytearray(1))


class TestModule(Table):

    def test_random_counts(self):
        self.refuse(TypeError, ssl.RAND_bytes, NO_INTEGERS)
        self.refuse(OverflowError, ssl.RAND_bytes, TOO_LARGE)
        self.refuse(ValueError, ssl.RAND_bytes, [-1, -1000])
        self.assertRaises(TypeError, ssl.RAND_bytes)
        self.assertRaises(TypeError, ssl.RAND_bytes, 1, 2)
        self.assertEqual(ssl.RAND_bytes(0), b"")
        self.assertEqual(len(ssl.RAND_bytes(True)), 1)

    def test_random_seed(self):
        self.refuse(TypeError, lambda value: ssl.RAND_add(value, 1.0), [None, 1, 1.5, [], object()])
        self.refuse(TypeError, lambda value: ssl.RAND_add(b"x", value), [None, "1", b"1", [], object()])
        self.assertRaises(TypeError, ssl.RAND_add, b"x")
        self.assertRaises(TypeError, ssl.RAND_add)
        for seed in ("text", b"", "a\0b", bytearray(70000), memoryview(b"x")):
            self.assertIsNone(ssl.RAND_add(seed, 0.0))

    def test_identifiers(self):
        self.refuse(TypeError, _ssl.txt2obj, NO_TEXTS)
        self.refuse(ValueError, _ssl.txt2obj, ["", "no such name", "1.", "a\0b", "x" * 70000, "serverAuth"])
        self.assertRaises(KeyError, _ssl.txt2obj, "serverAuth", Truth())
        self.refuse(TypeError, _ssl.nid2obj, NO_INTEGERS)
        self.refuse(OverflowError, _ssl.nid2obj, TOO_LARGE + [1 << 31])
        self.refuse(ValueError, _ssl.nid2obj, [-1, 100000])
        self.refuse(TypeError, ssl.Purpose.SERVER_AUTH.fromname, NO_TEXTS)

    def test_decode(self):
        self.refuse(TypeError, _ssl._test_decode_cert, NO_PATHS + [None])
        self.refuse(ValueError, _ssl._test_decode_cert, ["a\0b", b"a\0b"])
        self.refuse(ssl.SSLError, _ssl._test_decode_cert, ["/no/such/file", data("empty.pem")])

    def test_certificate_text(self):
        self.refuse(TypeError, ssl.DER_cert_to_PEM_cert, [None, 1, "x", []])
        self.refuse((TypeError, AttributeError), ssl.PEM_cert_to_DER_cert, [None, 1, b"x", []])
        self.refuse(ValueError, ssl.PEM_cert_to_DER_cert, ["", "x", ssl.PEM_HEADER, ssl.PEM_HEADER + "\n\xfc\n" + ssl.PEM_FOOTER])
        self.refuse((TypeError, AttributeError, ValueError), ssl.cert_time_to_seconds, [None, 1, b"May  9 00:00:00 2007 GMT", []])
        self.refuse(ValueError, ssl.cert_time_to_seconds, ["", "x", "May  9 00:00:00 2007", "May 99 00:00:00 2007 GMT", "x" * 70000])

    def test_contexts(self):
        for value in NO_INTEGERS[1:]:
            self.assertRaises(TypeError, ssl.SSLContext, value)
        self.refuse(OverflowError, _ssl._SSLContext, TOO_LARGE)
        self.refuse(ValueError, ssl.SSLContext, [99, -1])
        self.refuse(TypeError, ssl.create_default_context, [None, 1, "x", b"x"])
        self.assertRaises(TypeError, ssl.SSLObject)
        self.assertRaises(TypeError, ssl.SSLSocket, socket.socket)
        self.assertRaises(TypeError, ssl.SSLSession)


class TestContextMethods(Table):

    def test_ciphers(self):
        self.refuse(TypeError, server().set_ciphers, NO_TEXTS)
        self.refuse(ssl.SSLError, server().set_ciphers, ["", "NONSENSE", "ALL:!ALL", "x" * 70000])
        if not ON_IRONPYTHON:
            self.refuse(ValueError, server().set_ciphers, ["ALL\0x"])
        self.assertIsNone(server().set_ciphers(Text("ALL")))

    def test_alpn(self):
        self.refuse(TypeError, server()._set_alpn_protocols, NO_BYTES)
        # CPython says MemoryError of a malformed list.
        self.refuse((ValueError, MemoryError), server()._set_alpn_protocols, [b"\0", b"\1", b"\3ab", b"\1a\0", bytes(70000)])
        self.refuse(TypeError, server().set_alpn_protocols, [1, None, [b"x"], [1], [None]])
        self.refuse(ssl.SSLError, server().set_alpn_protocols, [[""], ["a" * 256]])
        self.refuse(UnicodeEncodeError, server().set_alpn_protocols, [["\xfc"]])

    def test_curve(self):
        self.refuse(TypeError, server().set_ecdh_curve, [None, 1, 1.5, [], object()])
        self.refuse(ValueError, server().set_ecdh_curve, ["", "no such curve", "prime256v1\0", "x" * 70000, b"no such curve"])

    def test_files(self):
        context = server()
        for call in (context.load_dh_params, context.load_cert_chain, context.load_verify_locations):
            self.refuse(TypeError, call, NO_PATHS)
            self.refuse(OSError, call, ["/no/such/file", "/no/such/folder/file"])
            self.refuse(ValueError, call, ["a\0b"])
        self.refuse(TypeError, context.load_dh_params, [None])
        self.refuse(TypeError, context.load_cert_chain, [None])
        self.refuse(ssl.SSLError, context.load_cert_chain, [data("empty.pem"), data("notpem.pem")])
        self.refuse(ssl.SSLError, context.load_verify_locations, [data("empty.pem"), data("notpem.pem"), data("server-key.pem")])
        self.refuse(TypeError, lambda value: context.load_cert_chain(data("server.pem"), value), NO_PATHS)
        self.assertRaises(TypeError, context.load_cert_chain)
        self.assertRaises(TypeError, context.load_verify_locations)
        self.assertRaises(TypeError, context.load_verify_locations, None, None, None)
        self.assertRaises(TypeError, context.load_verify_locations, None, None, None, None)

    def test_data(self):
        def load(value):
            server().load_verify_locations(cadata=value)
        self.refuse(TypeError, load, [1, 1.5, [], object(), "\xfc", "\udc80"])
        self.refuse(ValueError, load, ["", b"", bytearray()])
        self.refuse(ssl.SSLError, load, ["x", b"broken", b"\x30\x80", "x" * 70000, bytes(70000)])
        if not ON_IRONPYTHON:
            self.refuse(BufferError, load, [memoryview(b"abcd")[::2]])

    def test_password(self):
        def load(value):
            server().load_cert_chain(data("server-encrypted.pem"), password=value)
        self.refuse(TypeError, load, [1, 1.5, [], object(), memoryview(b"x"), lambda: 1, lambda: None])
        self.refuse(ValueError, load, ["x" * 102400, b"x" * 102400, lambda: "x" * 102400])
        self.refuse(KeyError, load, [lambda: {}["no such key"]])
        self.refuse(ssl.SSLError, load, ["wrong", b"wrong", bytearray(b"wrong"), lambda: "wrong"])

    def test_callbacks(self):
        for name in ("sni_callback", "_msg_callback"):
            self.refuse(TypeError, lambda value: assign(server(), name, value), NO_CALLABLES)
        self.refuse(TypeError, server().set_servername_callback, NO_CALLABLES)
        self.assertRaises(ValueError, assign, client(), "sni_callback", len)

    def test_wrapping(self):
        for value in NO_BYTES:
            self.assertRaises(TypeError, server()._wrap_bio, value, bio(), True)
            self.assertRaises(TypeError, server()._wrap_bio, bio(), value, True)
            self.assertRaises((TypeError, AttributeError), server()._wrap_socket, value, True)
            self.assertRaises(AttributeError, server().wrap_socket, value)
        self.refuse(ssl.SSLError, lambda context: context._wrap_bio(bio(), bio(), False), [server()])
        self.refuse(ssl.SSLError, lambda context: context._wrap_bio(bio(), bio(), True), [client()])
        self.refuse(ValueError, lambda name: client().wrap_bio(bio(), bio(), server_hostname=name), ["", ".example.org"])
        self.refuse((TypeError, ValueError), lambda name: client()._wrap_bio(bio(), bio(), False, name), ["a\0b", 1, b"x", [], "\xfc"])
        self.refuse(ssl.SSLError, lambda name: client()._wrap_bio(bio(), bio(), False, name), ["a" * 256])
        self.assertRaises(TypeError, lambda: client().wrap_bio(bio(), bio(), session=1))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            self.assertRaises(NotImplementedError, client().wrap_socket, datagrams)


class TestContextAttributes(Table):

    def test_wrong_types(self):
        for name in ("options", "verify_flags", "verify_mode", "minimum_version", "maximum_version", "num_tickets"):
            self.refuse(TypeError, lambda value: assign(server(), name, value), [None, 1.5, "1", b"1", [], object()])
        self.refuse(TypeError, lambda value: assign(server(), "keylog_filename", value), NO_PATHS)
        for name in ("check_hostname", "post_handshake_auth"):
            self.assertRaises(KeyError, assign, server(), name, Truth())

    def test_wrong_values(self):
        self.refuse(ValueError, lambda value: assign(server(), "verify_mode", value), [3, -1, 99])
        self.refuse(ValueError, lambda value: assign(server(), "minimum_version", value), [1, 0x0305, 99])
        self.refuse(ValueError, lambda value: assign(server(), "maximum_version", value), [1, 0x0305, 99])
        self.refuse(ValueError, lambda value: assign(server(), "num_tickets", value), [-1])
        self.refuse(ValueError, lambda value: assign(client(), "num_tickets", value), [1])
        self.refuse(OSError, lambda value: assign(server(), "keylog_filename", value), ["/no/such/folder/file", ""])
        self.refuse(ValueError, lambda value: assign(server(), "keylog_filename", value), ["a\0b"])
        for name in ("verify_mode", "minimum_version", "maximum_version", "num_tickets", "options"):
            self.refuse(OverflowError, lambda value: assign(server(), name, value), [1 << 70])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.assertRaises(ValueError, assign, context, "verify_mode", ssl.CERT_NONE)

    @unittest.skipIf(ON_IRONPYTHON, "IronPython lets a subclass shadow a read-only property")
    def test_read_only(self):
        for name in ("protocol", "security_level"):
            self.assertRaises(AttributeError, assign, server(), name, 1)

    @unittest.skipIf(ON_IRONPYTHON, "IronPython pickles any object of .NET")
    def test_copies(self):
        for value in (server(), bio()):
            self.assertRaises(TypeError, pickle.dumps, value)
            self.assertRaises(TypeError, copy.copy, value)


class TestMemory(Table):

    def test_arguments(self):
        self.refuse(TypeError, lambda value: bio().write(value), NO_BYTES)
        self.refuse(TypeError, lambda value: bio().read(value), NO_INTEGERS)
        self.refuse(OverflowError, lambda value: bio().read(value), TOO_LARGE)
        self.assertRaises(TypeError, ssl.MemoryBIO, 1)
        self.assertRaises(TypeError, bio().write)
        self.assertRaises(TypeError, bio().read, 1, 2)
        self.assertRaises(AttributeError, assign, bio(), "pending", 1)

    def test_end(self):
        ended = bio()
        ended.write_eof()
        self.assertRaises(ssl.SSLError, ended.write, b"x")
        self.assertRaises(ssl.SSLError, ended.write, b"")

    def test_what_is_taken(self):
        buffer = bio()
        self.assertEqual(buffer.write(array.array("i", [1, 2])), 2 * array.array("i").itemsize)
        self.assertEqual(len(buffer.read(-5)), 2 * array.array("i").itemsize)
        self.assertEqual(buffer.write(bytes(1 << 20)), 1 << 20)
        self.assertEqual(buffer.read(0), b"")
        self.assertEqual(len(buffer.read(1 << 30)), 1 << 20)


class TestConnection(Table):

    def test_read(self):
        self.refuse(TypeError, lambda value: connection().read(value), NO_INTEGERS)
        self.refuse(ValueError, lambda value: connection().read(value), [-1, -70000])
        self.refuse(OverflowError, lambda value: connection().read(value), TOO_LARGE)
        self.refuse(NOT_WRITABLE, lambda value: connection().read(5, value), [1, 1.5, "x", b"x", [], object(), memoryview(b"x")])
        self.assertEqual(connection().read(0), b"")
        self.assertRaises(ssl.SSLWantReadError, connection().read, 5)
        if not ON_IRONPYTHON:
            self.assertRaises(ssl.SSLWantReadError, connection().read, Index(5))
            self.assertRaises(KeyError, connection().read, Index(KeyError("index")))
        self.assertRaises(ssl.SSLWantReadError, connection().read, 5, bytearray(5))

    def test_write(self):
        self.refuse(TypeError, lambda value: connection().write(value), NO_BYTES)
        self.refuse(ssl.SSLWantReadError, lambda value: connection().write(value), [b"x", bytes(70000), array.array("i", [1])])

    def test_before_the_handshake(self):
        self.assertRaises(ValueError, connection().getpeercert)
        self.assertRaises(ssl.SSLError, connection().unwrap)
        self.assertRaises(ssl.SSLError, connection().verify_client_post_handshake)
        names = ["cipher", "version", "selected_alpn_protocol", "compression"]
        if sys.version_info < (3, 5) or sys.version_info >= (3, 11, 4):
            names.append("shared_ciphers")      # in between, the client's own were there from the start
        for name in names:
            self.assertIsNone(getattr(connection(), name)())
        self.assertEqual(connection().pending(), 0)

    def test_channel_binding(self):
        self.refuse((TypeError, ValueError), lambda value: inner().get_channel_binding(value), NO_TEXTS)
        self.refuse(ValueError, lambda value: connection().get_channel_binding(value), ["", "no such type", "tls-unique\0", "x" * 70000])

    def test_attributes(self):
        self.refuse(TypeError, lambda value: assign(connection(), "context", value), [None, 1, "x", object()])
        self.refuse(TypeError, lambda value: assign(connection(), "session", value), [1, "x", object()])
        for name in ("server_side", "server_hostname", "session_reused"):
            self.assertRaises(AttributeError, assign, connection(), name, 1)


class TestSockets(Table):

    def pair(self):
        left, right = socket.socketpair()
        self.addCleanup(right.close)
        wrapped = client().wrap_socket(left, do_handshake_on_connect=False)
        self.addCleanup(wrapped.close)
        wrapped.setblocking(False)
        return wrapped

    def test_data(self):
        one = self.pair()
        self.refuse(TypeError, one.write, NO_BYTES)
        self.refuse(TypeError, one.send, NO_BYTES)
        self.refuse(TypeError, one.sendall, NO_BYTES)
        self.refuse(NOT_WRITABLE, one.recv_into, [1, "x", b"x"])
        self.refuse(ValueError, one.recv, [-1])
        self.refuse(ValueError, lambda flags: one.recv(1, flags), [1, -1])
        self.refuse(ValueError, lambda flags: one.send(b"x", flags), [1, -1])
        self.refuse(ValueError, lambda flags: one.sendall(b"x", flags), [1, -1])
        self.refuse(ValueError, lambda flags: one.recv_into(bytearray(1), 1, flags), [1, -1])
        for name in ("recvfrom", "recvfrom_into"):
            self.refuse(ValueError, getattr(one, name), [bytearray(1)])
        self.assertRaises(ValueError, one.sendto, b"x", ("127.0.0.1", 9))
        for name in ("recvmsg", "recvmsg_into", "sendmsg", "dup"):
            self.assertRaises(NotImplementedError, getattr(one, name))
        self.assertRaises(ValueError, one.connect, ("127.0.0.1", 9))

    def test_closed(self):
        one = self.pair()
        one.close()
        for call in (one.read, one.unwrap, one.getpeercert, one.do_handshake):
            # CPython's getpeercert() stumbles over its own None here.
            self.assertRaises((ValueError, OSError, AttributeError), call)
        self.assertRaises(ValueError, one.write, b"x")
        self.refuse(OSError, lambda call: call(), [lambda: one.recv(1), lambda: one.send(b"x"), lambda: one.sendall(b"x")])
        for name in ("cipher", "version", "selected_alpn_protocol", "shared_ciphers"):
            self.assertIsNone(getattr(one, name)())
        self.assertEqual(one.pending(), 0)
        self.assertIsNone(one.close())


if __name__ == "__main__":
    unittest.main()
