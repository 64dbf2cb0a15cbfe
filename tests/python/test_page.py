"""The examples of the documentation's page, each next to a loopback stand-in for the host it names.

What the page prints is asserted where it is a fact; a host name becomes the stand-in's address, and
a path becomes a file of the tests.
"""

import pprint
import select
import socket
import ssl
import unittest

import support
from support import data, server_context


def http(connection):
    """A web server for one request."""
    request = b""
    while b"\r\n\r\n" not in request:
        piece = connection.recv(1024)
        if not piece:
            break
        request += piece
    connection.sendall(b"HTTP/1.1 302 Found\r\nServer: Apache/2.2\r\nConnection: close\r\n\r\n")
    return request


class TestFunctions(support.TestCase):
    def test_support_idiom(self):
        try:
            import ssl
        except ImportError:
            pass
        else:
            self.assertTrue(ssl.RAND_status())

    def test_cert_time(self):
        # The page prints 1178694000.0, its writer's local time at UTC-7; the text says GMT.
        self.assertEqual(ssl.cert_time_to_seconds("May  9 00:00:00 2007 GMT"), 1178694000.0 - 7 * 3600)

    def test_versions(self):
        self.assertTrue(ssl.OPENSSL_VERSION.startswith("OpenSSL "))
        self.assertEqual(len(ssl.OPENSSL_VERSION_INFO), 5)
        self.assertTrue(hex(ssl.OPENSSL_VERSION_NUMBER).startswith("0x"))


class TestClient(support.TestCase):
    def test_wrap_then_connect(self):
        with support.Server(server_context(), http) as server:
            s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)

            # require a certificate from the server
            ssl_sock = ssl.wrap_socket(s, ca_certs=support.CA, cert_reqs=ssl.CERT_REQUIRED)

            ssl_sock.connect(server.address)
            self.assertEqual(ssl_sock.getpeername(), server.address)
            self.assertIn("'notAfter': 'Dec 31 23:59:59 2049 GMT'", pprint.pformat(ssl_sock.getpeercert()))

            # Set a simple HTTP request -- use http.client in actual code.
            count = ssl_sock.write(b"GET / HTTP/1.0\r\nHost: www.verisign.com\r\n\r\n")
            self.assertEqual(count, 42)

            # Read a chunk of data. Will not necessarily read all the data returned by the server.
            received = ssl_sock.read()
            self.assertTrue(received.startswith(b"HTTP/1.1 302 Found"))

            # note that closing the SSLSocket will also close the underlying socket
            ssl_sock.close()
            self.assertRaises(OSError, s.getpeername)
        self.assertEqual(server.errors, [])

    def test_context(self):
        with support.Server(server_context("everything.pem"), http) as server:
            context = ssl.SSLContext(ssl.PROTOCOL_SSLv23)
            context.verify_mode = ssl.CERT_OPTIONAL
            context.load_verify_locations(support.CA)

            conn = context.wrap_socket(socket.socket(socket.AF_INET))
            conn.connect(server.address)
            cert = conn.getpeercert()
            self.assertEqual(cert["subject"][-1], (("commonName", "localhost"),))
            self.assertIn(("othername", "<unsupported>"), cert["subjectAltName"])

            self.assertEqual(conn.write(b"HEAD / HTTP/1.0\r\nHost: linuxfr.org\r\n\r\n"), 38)
            lines = conn.read().split(b"\r\n")
            self.assertEqual((lines[0], lines[-2:]), (b"HTTP/1.1 302 Found", [b"", b""]))
            conn.close()

    def test_options(self):
        context = ssl.SSLContext(ssl.PROTOCOL_SSLv23)
        context.options |= ssl.OP_NO_SSLv2
        self.assertEqual(context.options & ssl.OP_NO_SSLv2, ssl.OP_NO_SSLv2)

    def test_handshake_loop(self):
        with support.Server(server_context(), http) as server:
            plain = socket.create_connection(server.address, support.PATIENCE)
            plain.setblocking(False)
            sock = support.client_context().wrap_socket(plain, do_handshake_on_connect=False,
                                                        server_hostname="localhost")
            with sock:
                while True:
                    try:
                        sock.do_handshake()
                        break
                    except ssl.SSLError as err:
                        if err.args[0] == ssl.SSL_ERROR_WANT_READ:
                            select.select([sock], [], [])
                        elif err.args[0] == ssl.SSL_ERROR_WANT_WRITE:
                            select.select([], [sock], [])
                        else:
                            raise
                self.assertEqual(sock.version(), "TLSv1.3")


class TestServer(support.TestCase):
    def test_accept_and_wrap(self):
        """The page's context speaks TLS 1.0 alone; that one needs a lower security level."""
        protocols = [(ssl.PROTOCOL_TLS_SERVER, "TLSv1.3")]
        if ssl.HAS_TLSv1:
            protocols.append((ssl.PROTOCOL_TLSv1, "TLSv1"))
        for protocol, version in protocols:
            context = ssl.SSLContext(protocol)
            context.load_cert_chain(certfile=data("server-cert.pem"), keyfile=data("server-key.pem"))
            client = support.careless_context()
            if protocol == ssl.PROTOCOL_TLS_SERVER:
                context.num_tickets = 0     # the client closes without a read: no ticket may await it
            else:
                context.set_ciphers("ALL:@SECLEVEL=0")
                client.set_ciphers("ALL:@SECLEVEL=0")
                client.minimum_version = ssl.TLSVersion.TLSv1

            bindsocket = socket.socket()
            bindsocket.bind(("127.0.0.1", 0))
            bindsocket.listen(5)
            done = []

            def do_something(connstream, data):
                done.append(data)
                return data != b"enough"

            def deal_with_client(connstream):
                data = connstream.read()
                # empty data means the client is finished with us
                while data:
                    if not do_something(connstream, data):
                        # we'll assume do_something returns False when we're finished with client
                        break
                    data = connstream.read()
                # finished with client

            def serve():
                for _ in range(2):
                    newsocket, fromaddr = bindsocket.accept()
                    connstream = context.wrap_socket(newsocket, server_side=True)
                    try:
                        deal_with_client(connstream)
                    finally:
                        connstream.close()

            def visit():
                for words in (b"hello", b"enough"):
                    plain = socket.create_connection(bindsocket.getsockname(), support.PATIENCE)
                    with client.wrap_socket(plain) as connection:
                        self.assertEqual(connection.version(), version)
                        connection.write(words)
            with self.subTest(version=version), bindsocket:
                _, served = support.both(visit, serve)
                self.assertIsNone(served)
                self.assertEqual(done, [b"hello", b"enough"])


if __name__ == "__main__":
    unittest.main()
