"""Peers and callers that misbehave: an exception that a script can catch, never a hang."""

import errno
import os
import socket
import ssl
import struct
import unittest

import support
from support import both, client_context, connected_pair, data, server_context, tls_pair

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


class TestNothingInCommon(support.TestCase):
    def refusal(self, client, server):
        near, far = connected_pair()
        with near, far:
            def accept():
                server.wrap_socket(far, server_side=True)
            error, heard = both(
                lambda: self.assertFails(ssl.SSLError, client.wrap_socket, near, server_hostname="localhost"),
                accept)
        self.assertIsInstance(heard, ssl.SSLError)
        return error, heard

    def test_versions(self):
        error, heard = self.refusal(client_context(version=TLS13), server_context(version=TLS12))
        self.assertEqual(error.reason, "TLSV1_ALERT_PROTOCOL_VERSION")
        self.assertEqual(heard.reason, "UNSUPPORTED_PROTOCOL")
        error, heard = self.refusal(client_context(version=TLS12), server_context(version=TLS13))
        self.assertEqual(error.reason, "TLSV1_ALERT_PROTOCOL_VERSION")
        self.assertEqual(heard.reason, "UNSUPPORTED_PROTOCOL")

    def test_ciphers(self):
        error, heard = self.refusal(client_context(version=TLS12, ciphers="AES128-SHA"),
                                    server_context(ciphers="AES256-SHA"))
        self.assertEqual(error.reason, "SSLV3_ALERT_HANDSHAKE_FAILURE")
        self.assertEqual(heard.reason, "NO_SHARED_CIPHER")

    def test_kind_of_key(self):
        error, heard = self.refusal(client_context(version=TLS12, ciphers="ECDHE-ECDSA-AES128-GCM-SHA256"),
                                    server_context("server.pem"))
        self.assertEqual((error.reason, heard.reason), ("SSLV3_ALERT_HANDSHAKE_FAILURE", "NO_SHARED_CIPHER"))

    def test_server_without_certificate(self):
        error, heard = self.refusal(client_context(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
        self.assertEqual(heard.reason, "NO_SHARED_CIPHER")


class TestPeerVanishes(support.TestCase):
    def test_at_once(self):
        for server_side in (False, True):
            near, far = connected_pair()
            far.close()
            context = server_context() if server_side else support.careless_context()
            with near:
                self.assertRaises(OSError, context.wrap_socket, near, server_side=server_side)

    def test_after_some_bytes(self):
        hello = client_hello()
        for cut in (1, 5, 6, 60, len(hello)):
            near, far = connected_pair()
            far.sendall(hello[:cut])
            far.close()
            with near:
                self.assertRaises(OSError, server_context().wrap_socket, near, server_side=True)

    def test_after_the_client_hello(self):
        near, far = connected_pair()

        def vanish():
            far.recv(5)
            far.close()
        with near:
            error, _ = both(lambda: self.assertFails(OSError, support.careless_context().wrap_socket, near), vanish)

    def test_reset(self):
        near, far = connected_pair()

        def reset():
            far.recv(5)
            far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            far.close()
        with near:
            both(lambda: self.assertFails(OSError, support.careless_context().wrap_socket, near), reset)


def client_hello():
    """What a client sends first."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    connection = client_context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    try:
        connection.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


class TestGarbage(support.TestCase):
    def answer(self, request):
        """What the server makes of bytes that a client sends: its error, and its last words."""
        near, far = connected_pair()
        with near:
            near.sendall(request)

            def serve():
                with far:
                    server_context().wrap_socket(far, server_side=True)
            words, error = both(lambda: read_all(near), serve)
        self.assertIsInstance(error, ssl.SSLError)
        return error, words

    def test_http(self):
        error, words = self.answer(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertEqual(error.reason, "HTTP_REQUEST")

    def test_http_proxy(self):
        error, words = self.answer(b"CONNECT example.test:443 HTTP/1.1\r\n\r\n")
        self.assertEqual(error.reason, "HTTPS_PROXY_REQUEST")

    def test_noise(self):
        error, words = self.answer(support.pattern(4096, 7))
        self.assertIn(error.reason, ("WRONG_VERSION_NUMBER", "WRONG_SSL_VERSION", "UNSUPPORTED_PROTOCOL",
                                     "UNKNOWN_PROTOCOL", "RECORD_LENGTH_MISMATCH", "LENGTH_TOO_SHORT"))

    def test_server_stays_up(self):
        with support.Server(server_context()) as server:
            for noise in (b"GET / HTTP/1.0\r\n\r\n", b"\0" * 100, b"\x16\x03\x01\xff\xff" + b"x" * 100):
                with socket.create_connection(server.address, support.PATIENCE) as plain:
                    plain.sendall(noise)
                    try:
                        plain.shutdown(socket.SHUT_WR)
                    except OSError:     # the server has left the noise unread and closed: that resets
                        pass
                    read_all(plain)
            with server.connect(client_context()) as connection:
                connection.sendall(b"alive")
                self.assertEqual(support.receive(connection, 5), b"alive")
        self.assertEqual(len(server.errors), 3)

    def test_altered_hellos(self):
        """Every byte of a Client Hello changed once: an SSLError or a handshake that goes on, no other."""
        hello = client_hello()
        context = server_context()
        for place in range(0, len(hello), 3):
            altered = bytearray(hello)
            altered[place] ^= 0x55
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            incoming.write(bytes(altered))
            connection = context.wrap_bio(incoming, outgoing, server_side=True)
            with self.subTest(place=place):
                try:
                    connection.do_handshake()
                except ssl.SSLError:
                    pass

    def test_altered_record(self):
        """A record changed on its way breaks the connection, with an alert."""
        for version in (TLS12, TLS13):
            near, far, near_out, far_out = bio_pair(version)
            near.write(b"a secret")
            record = bytearray(near_out.read())
            record[-1] ^= 1
            far.incoming.write(bytes(record))
            error = self.assertFails(ssl.SSLError, far.read, 100)
            self.assertEqual(error.reason, "DECRYPTION_FAILED_OR_BAD_RECORD_MAC")
            near.incoming.write(far_out.read())
            error = self.assertFails(ssl.SSLError, near.read, 100)
            self.assertEqual(error.reason, "SSLV3_ALERT_BAD_RECORD_MAC")


class Bio(object):
    """An SSLObject with its two MemoryBIOs."""

    def __init__(self, context, **options):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.connection = context.wrap_bio(self.incoming, self.outgoing, **options)
        self.read, self.write = self.connection.read, self.connection.write


def bio_pair(version):
    near = Bio(client_context(version=version), server_hostname="localhost")
    far = Bio(server_context(), server_side=True)
    for _ in range(10):
        for one, other in ((near, far), (far, near)):
            try:
                one.connection.do_handshake()
            except ssl.SSLWantReadError:
                pass
            other.incoming.write(one.outgoing.read())
    try:
        near.read(1)        # the tickets
    except ssl.SSLWantReadError:
        pass
    return near, far, near.outgoing, far.outgoing


def read_all(sock):
    pieces = []
    try:
        while True:
            piece = sock.recv(65536)
            if not piece:
                break
            pieces.append(piece)
    except OSError:     # a reset says no more than an end
        pass
    return b"".join(pieces)


class TestTruncation(support.TestCase):
    def truncated(self, suppress):
        """A connected client whose server went away without a close_notify."""
        near, far = tls_pair(support.strict(client_context()), server_context(), suppress_ragged_eofs=suppress)
        far.sendall(b"the first half")
        self.assertEqual(support.receive(near, 14), b"the first half")
        # The descriptor leaves the SSLSocket, so that nothing says goodbye.
        plain = socket.socket(fileno=far.detach())
        plain.close()
        return near

    def test_suppressed(self):
        with self.truncated(True) as near:
            self.assertEqual(near.recv(100), b"")
            self.assertEqual(near.recv_into(bytearray(10)), 0)

    def test_raised(self):
        with self.truncated(False) as near:
            error = self.assertFails(ssl.SSLEOFError, near.recv, 100)
            self.assertEqual(error.args[0], ssl.SSL_ERROR_EOF)


class TestMisuse(support.TestCase):
    def test_kinds_of_socket(self):
        context = client_context(check_hostname=False)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            self.assertRaises(NotImplementedError, context.wrap_socket, sock)
        self.assertRaises(AttributeError, context.wrap_socket, None)

    def test_no_public_constructors(self):
        self.assertRaises(TypeError, ssl.SSLSocket)
        self.assertRaises(TypeError, ssl.SSLSocket, socket.socket)
        self.assertRaises(TypeError, ssl.SSLObject)

    @unittest.skipIf(support.IRONPYTHON, "its file names are text")
    @unittest.skipUnless("SslModule" in ssl.OPENSSL_VERSION, "OpenSSL opens any name")
    def test_file_names_that_are_not_text(self):
        context = client_context()
        for name in (b"\xff.pem", os.fsdecode(b"\xff.pem")):
            for call in (context.load_verify_locations, context.load_cert_chain, context.load_dh_params):
                self.assertRaisesRegex(ValueError, "UTF-8", call, name)

    def test_host_names(self):
        with socket.socket() as sock:
            self.assertRaises(ValueError, client_context().wrap_socket, sock)
            self.assertRaises(ValueError, server_context().wrap_socket, sock, server_side=True,
                              server_hostname="localhost")
            self.assertRaises(TypeError, client_context().wrap_bio, ssl.MemoryBIO(), ssl.MemoryBIO(),
                              server_hostname="nul\0inside")
            for name in ("", ".example.test"):
                self.assertRaises(ValueError, client_context().wrap_bio, ssl.MemoryBIO(), ssl.MemoryBIO(),
                                  server_hostname=name)

    def test_sides(self):
        with socket.socket() as sock:
            wrapped = server_context().wrap_socket(sock, server_side=True)
            with wrapped:
                self.assertRaises(ValueError, wrapped.connect, ("127.0.0.1", 1))
        for protocol, server_side in ((ssl.PROTOCOL_TLS_CLIENT, True), (ssl.PROTOCOL_TLS_SERVER, False)):
            context = ssl.SSLContext(protocol)
            context.check_hostname = False      # Python 3.14 would ask for a name first
            error = self.assertFails(ssl.SSLError, context.wrap_bio, ssl.MemoryBIO(),
                                     ssl.MemoryBIO(), server_side=server_side, server_hostname=None if server_side else "x")
            self.assertIn("Cannot create a ", str(error))

    def test_not_connected(self):
        with client_context().wrap_socket(socket.socket(), server_hostname="localhost") as sock:
            self.assertRaises(ValueError, sock.read)
            self.assertRaises(ValueError, sock.write, b"x")
            self.assertRaises(ValueError, sock.unwrap)
            for call in (sock.getpeercert, sock.do_handshake):
                self.assertEqual(self.assertFails(OSError, call).errno, errno.ENOTCONN)
            self.assertEqual((sock.cipher(), sock.version(), sock.session, sock.compression(),
                              sock.selected_alpn_protocol(), sock.shared_ciphers(), sock.session_reused,
                              sock.pending()), (None,) * 7 + (0,))

    def test_connect_refused(self):
        with support.listener() as waiting:
            address = waiting.getsockname()
        with client_context().wrap_socket(socket.socket(), server_hostname="localhost") as sock:
            self.assertRaises(OSError, sock.connect, address)
            self.assertIsNone(sock.cipher())

    def test_connect_twice(self):
        with support.Server(server_context()) as server:
            with client_context().wrap_socket(socket.socket(), server_hostname="localhost") as sock:
                sock.connect(server.address)
                self.assertRaises(ValueError, sock.connect, server.address)
                self.assertRaises(ValueError, sock.connect_ex, server.address)

    def test_before_the_handshake(self):
        near, far = connected_pair()
        sock = client_context().wrap_socket(near, server_hostname="localhost", do_handshake_on_connect=False)
        with sock, far:
            self.assertRaises(ValueError, sock.getpeercert)
            self.assertIsNone(sock.cipher())
            self.assertIsNone(sock.version())

    def test_after_close(self):
        near, far = tls_pair(client_context(), server_context())
        far.close()
        near.close()
        near.close()
        for call in (near.read, near.unwrap, near.getpeername):
            self.assertRaises((ValueError, OSError), call)
        self.assertRaises((ValueError, OSError), near.send, b"x")
        self.assertRaises((ValueError, OSError), near.recv, 1)

    def test_forbidden_calls(self):
        near, far = tls_pair(client_context(), server_context())
        with near, far:
            buffer = bytearray(10)
            for call, arguments in ((near.recvfrom, (1,)), (near.recvfrom_into, (buffer,)),
                                    (near.sendto, (b"x", ("127.0.0.1", 1))), (near.recv, (1, 1)),
                                    (near.recv_into, (buffer, 1, 1)), (near.send, (b"x", 1)),
                                    (near.sendall, (b"x", 1))):
                self.assertRaises(ValueError, call, *arguments)
            for call in (near.recvmsg, near.recvmsg_into, near.sendmsg, near.dup):
                self.assertRaises(NotImplementedError, call)

    def test_old_plaintext_is_not_passed_off(self):
        """A peer that sends and hangs up before the handshake (CVE-2023-40217)."""
        near, far = connected_pair()
        with near:
            far.sendall(b"not protected at all")
            far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            far.close()
            self.assertRaises(OSError, client_context().wrap_socket, near, server_hostname="localhost")


if __name__ == "__main__":
    unittest.main()
