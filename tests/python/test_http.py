"""The standard library's HTTP clients and servers over TLS."""

import http.client
import os
import socket
import socketserver
import ssl
import sys
import threading
import unittest
import urllib.error
import urllib.request
import xmlrpc.client

import servers
import support
from servers import BODY, running
from support import client_context, data, server_context

STRANGER = data("otherca.pem")
TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
# Where a buffer ends: that of a file over a socket, a TLS record, and their neighbours.
LENGTHS = sorted(set(range(0, 4)) | set(range(2030, 2070)) | set(range(4090, 4100)) | set(range(8185, 8200)) |
                 set(range(16340, 16430)) | set(range(32760, 32776)))


class TestHttpClient(support.TestCase):
    """http.client: bodies of every length around 2048 and 16384 both ways, chunks, until close, files, a tunnel through a proxy."""

    def connection(self, server, context=None):
        connection = http.client.HTTPSConnection("localhost", server.port, timeout=support.PATIENCE,
                                                 context=context or client_context())
        self.addCleanup(connection.close)
        return connection

    def get(self, connection, path):
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()

    def test_get(self):
        for version in (TLS_1_2, TLS_1_3):
            with self.subTest(version=version), running(servers.Http(server_context())) as server:
                connection = self.connection(server, client_context(version=version))
                self.assertEqual(self.get(connection, "/a"), (200, b"hello from /a"))
                self.assertEqual(connection.sock.version(), "TLSv1.2" if version == TLS_1_2 else "TLSv1.3")
                self.assertEqual(self.get(connection, "/b"), (200, b"hello from /b"))
                self.assertEqual(server.errors, ())

    def test_unknown_authority(self):
        with running(servers.Http(server_context())) as server:
            connection = self.connection(server, client_context(cafile=STRANGER))
            error = self.assertFails(ssl.SSLCertVerificationError, connection.request, "GET", "/")
            self.assertEqual(error.verify_code, 20)
            # The server goes on.
            self.assertEqual(self.get(self.connection(server), "/"), (200, b"hello from /"))

    def test_default_context_refuses(self):
        with running(servers.Http(server_context())) as server:
            connection = http.client.HTTPSConnection("localhost", server.port, timeout=support.PATIENCE)
            with self.assertRaises(ssl.SSLCertVerificationError):
                connection.request("GET", "/")

    def test_wrong_host(self):
        with running(servers.Http(server_context("wronghost.pem"))) as server:
            error = self.assertFails(ssl.SSLCertVerificationError, self.connection(server).request, "GET", "/")
            self.assertIn("Hostname mismatch", str(error))

    @unittest.skipUnless(sys.version_info < (3, 12), "check_hostname= has gone")
    def test_hostname_checked_by_the_client(self):
        """check_hostname=True of HTTPSConnection, with a context that does not check names."""
        for certificate, good in (("server.pem", True), ("wronghost.pem", False)):
            with self.subTest(certificate=certificate), running(servers.Http(server_context(certificate))) as server:
                context = client_context(check_hostname=False)
                connection = http.client.HTTPSConnection("localhost", server.port, timeout=support.PATIENCE,
                                                         context=context, check_hostname=True)
                self.addCleanup(connection.close)
                if good:
                    self.assertEqual(self.get(connection, "/"), (200, b"hello from /"))
                else:
                    self.assertFails(ssl.CertificateError, connection.request, "GET", "/")

    def test_every_length_received(self):
        with running(servers.Http(server_context())) as server:
            for kind in ("length", "chunked"):
                connection = self.connection(server)
                for length in LENGTHS:
                    status, body = self.get(connection, "/%s/%d" % (kind, length))
                    self.assertEqual((kind, status, len(body)), (kind, 200, length))
                    self.assertEqual(body, BODY[:length])
                connection.close()
            self.assertEqual(server.errors, ())

    def test_every_length_until_the_connection_closes(self):
        with running(servers.Http(server_context())) as server:
            for length in (0, 1, 2046, 2047, 2048, 2049, 2050, 16383, 16384, 16385, 16386):
                connection = self.connection(server)
                self.assertEqual(self.get(connection, "/until-close/%d" % length), (200, BODY[:length]))
                connection.close()

    def test_every_length_sent(self):
        with running(servers.Http(server_context())) as server:
            connection = self.connection(server)
            for length in LENGTHS:
                connection.request("POST", "/", BODY[:length])
                response = connection.getresponse()
                self.assertEqual(response.read(), BODY[:length])
            connection.close()
            self.assertEqual([len(form) for form in server.forms], list(LENGTHS))

    def test_sent_in_chunks(self):
        with running(servers.Http(server_context())) as server:
            connection = self.connection(server)
            for size in (1, 2047, 2048, 2049, 16384, 16385):
                connection.putrequest("POST", "/")
                connection.putheader("Transfer-Encoding", "chunked")
                connection.endheaders()
                for _ in range(3):
                    connection.send(("%x\r\n" % size).encode() + BODY[:size] + b"\r\n")
                connection.send(b"0\r\n\r\n")
                self.assertEqual(connection.getresponse().read(), BODY[:size] * 3)

    def test_response_as_a_file(self):
        """Lines, small pieces and readinto() from a response, as programs take a download."""
        with running(servers.Http(server_context())) as server:
            connection = self.connection(server)
            for length in (2047, 2048, 2049, 16383, 16384, 16385, 100000):
                expected = BODY[:length]
                connection.request("GET", "/length/%d" % length)
                response = connection.getresponse()
                pieces = [response.read(7), response.readline()]
                block = bytearray(1000)
                while True:
                    count = response.readinto(block)
                    if not count:
                        break
                    pieces.append(bytes(block[:count]))
                self.assertEqual(b"".join(pieces), expected)
                self.assertEqual(pieces[1], expected[7:].split(b"\n")[0] + b"\n")

    def test_file_sent(self):
        with running(servers.Http(server_context())) as server:
            connection = self.connection(server)
            with open(data("server.pem"), "rb") as file:
                connection.request("PUT", "/file", file, {"Content-Length": str(os.path.getsize(data("server.pem")))})
            self.assertEqual(connection.getresponse().read(), support.read_file(data("server.pem")))

    def test_tunnel(self):
        with running(servers.Http(server_context())) as server, \
                running(servers.Plain(servers.Proxy, requests=[])) as proxy:
            connection = http.client.HTTPSConnection("127.0.0.1", proxy.port, timeout=support.PATIENCE,
                                                     context=client_context())
            connection.set_tunnel("localhost", server.port)
            self.assertEqual(self.get(connection, "/length/50000"), (200, BODY[:50000]))
            connection.close()
            self.assertEqual(proxy.requests, [("CONNECT", "localhost:%d" % server.port)])


class TestUrllib(support.TestCase):
    """urllib.request: authorities by file, text and `SSL_CERT_FILE`, client certificates, redirects, CONNECT proxy, uploads and downloads."""

    def opener(self, context, proxies=None):
        """An opener that no proxy of the environment leads astray."""
        return urllib.request.build_opener(urllib.request.ProxyHandler(proxies or {}),
                                           urllib.request.HTTPSHandler(context=context))

    def read(self, opener, address):
        response = opener.open(address, timeout=support.PATIENCE)
        try:
            return response.read()
        finally:
            response.close()

    def address(self, server, path, scheme="https"):
        return "%s://localhost:%d%s" % (scheme, server.port, path)

    def assertRefused(self, call, *arguments, **options):
        error = self.assertFails(urllib.error.URLError, call, *arguments, **options)
        self.assertIsInstance(error.reason, ssl.SSLCertVerificationError)

    def test_own_authority(self):
        with running(servers.Http(server_context())) as server:
            good = ssl.create_default_context(cafile=support.CA)
            self.assertEqual(self.read(self.opener(good), self.address(server, "/x")), b"hello from /x")
            text = support.read_file(support.CA).decode()
            good = ssl.create_default_context(cadata=text)
            self.assertEqual(self.read(self.opener(good), self.address(server, "/x")), b"hello from /x")
            other = ssl.create_default_context(cafile=STRANGER)
            self.assertRefused(self.read, self.opener(other), self.address(server, "/x"))
            self.assertRefused(self.read, self.opener(None), self.address(server, "/x"))

    def test_urlopen(self):
        with running(servers.Http(server_context())) as server:
            address = self.address(server, "/y")
            os.environ["no_proxy"] = "localhost"
            self.addCleanup(os.environ.pop, "no_proxy")
            with urllib.request.urlopen(address, context=client_context(), timeout=support.PATIENCE) as response:
                self.assertEqual(response.read(), b"hello from /y")
            self.assertRefused(urllib.request.urlopen, address, timeout=support.PATIENCE)

    @unittest.skipUnless(sys.version_info < (3, 13), "cafile= has gone")
    def test_urlopen_with_a_file(self):
        with running(servers.Http(server_context())) as server:
            address = self.address(server, "/y")
            os.environ["no_proxy"] = "localhost"
            self.addCleanup(os.environ.pop, "no_proxy")
            with urllib.request.urlopen(address, cafile=support.CA, timeout=support.PATIENCE) as response:
                self.assertEqual(response.read(), b"hello from /y")
            self.assertRefused(urllib.request.urlopen, address, cafile=STRANGER, timeout=support.PATIENCE)

    def test_authority_of_the_environment(self):
        """SSL_CERT_FILE set by the program itself, and set for it."""
        with running(servers.Http(server_context())) as server:
            address = self.address(server, "/z")
            saved = os.environ.get("SSL_CERT_FILE")
            os.environ["SSL_CERT_FILE"] = support.CA
            try:
                self.assertEqual(self.read(self.opener(None), address), b"hello from /z")
                os.environ["SSL_CERT_FILE"] = STRANGER
                self.assertRefused(self.read, self.opener(None), address)
            finally:
                del os.environ["SSL_CERT_FILE"]
                if saved is not None:
                    os.environ["SSL_CERT_FILE"] = saved

    def test_client_certificate(self):
        for version in (TLS_1_2, TLS_1_3):
            demanding = server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem", version=version)
            with self.subTest(version=version), running(servers.Http(demanding)) as server:
                address = self.address(server, "/subject")
                self.assertEqual(self.read(self.opener(client_context(certificate="client.pem")), address), b"A Client")
                # Without one, or with one of another authority, the server refuses.
                for certificate in (None, "otherissuer.pem"):
                    settings = {"certificate": certificate} if certificate else {}
                    error = self.assertFails((urllib.error.URLError, OSError, http.client.HTTPException),
                                             self.read, self.opener(client_context(**settings)), address)
                    self.assertNotIsInstance(getattr(error, "reason", None), ssl.SSLCertVerificationError)
                self.assertEqual(server.paths, ["/subject"])

    def test_redirect(self):
        with running(servers.Http(server_context())) as target, running(servers.Http(server_context())) as middle, \
                running(servers.Http()) as plain:
            plain.moved["/start"] = self.address(middle, "/next")
            middle.moved["/next"] = self.address(target, "/end")
            opener = self.opener(client_context())
            self.assertEqual(self.read(opener, self.address(plain, "/start", "http")), b"hello from /end")
            self.assertEqual((plain.paths, middle.paths, target.paths), (["/start"], ["/next"], ["/end"]))

    def test_redirect_to_an_unknown_authority(self):
        with running(servers.Http(server_context("otherissuer.pem"))) as target, \
                running(servers.Http(server_context())) as middle, running(servers.Http()) as plain:
            plain.moved["/start"] = self.address(target, "/end")
            middle.moved["/next"] = self.address(target, "/end")
            for server, path, scheme in ((plain, "/start", "http"), (middle, "/next", "https")):
                self.assertRefused(self.read, self.opener(client_context()), self.address(server, path, scheme))
            self.assertEqual(target.paths, [])

    def test_proxy(self):
        with running(servers.Http(server_context())) as server, \
                running(servers.Plain(servers.Proxy, requests=[])) as proxy:
            proxies = {"https": "http://127.0.0.1:%d" % proxy.port}
            self.assertEqual(self.read(self.opener(client_context(), proxies), self.address(server, "/through")),
                             b"hello from /through")
            self.assertRefused(self.read, self.opener(client_context(cafile=STRANGER), proxies),
                               self.address(server, "/through"))
            self.assertEqual(proxy.requests, [("CONNECT", "localhost:%d" % server.port)] * 2)
            self.assertEqual(server.paths, ["/through"])

    def test_post_and_download(self):
        with running(servers.Http(server_context())) as server:
            opener = self.opener(client_context())
            body = BODY[:300000]
            self.assertEqual(opener.open(self.address(server, "/form"), body, support.PATIENCE).read(), body)
            self.assertEqual(self.read(opener, self.address(server, "/length/1000000")), BODY[:1000000])

    def test_https_to_a_plain_server(self):
        with running(servers.Http()) as server:
            error = self.assertFails(urllib.error.URLError, self.read, self.opener(client_context()),
                                     self.address(server, "/"))
            self.assertIsInstance(error.reason, ssl.SSLError)
            self.assertIn(error.reason.reason, ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"))


class TestHttpServer(support.TestCase):
    """http.server: key and certificate in one file or two, files served, clients at once, HTTP sent to its port, `HTTPSServer` of Python 3.14."""

    def get(self, server, path="/", context=None):
        connection = http.client.HTTPSConnection("localhost", server.port, timeout=support.PATIENCE,
                                                 context=context or client_context())
        try:
            connection.request("GET", path)
            return connection.getresponse().read()
        finally:
            connection.close()

    def test_one_file_for_key_and_certificate(self):
        for certificate in ("server.pem", "server-ec.pem", "server-pkcs1.pem", "chain.pem"):
            with self.subTest(certificate=certificate), running(servers.Http(server_context(certificate))) as server:
                self.assertEqual(self.get(server), b"hello from /")

    def test_serves_files(self):
        """SimpleHTTPRequestHandler, which copies an open file into the connection."""
        class Files(http.server.SimpleHTTPRequestHandler):
            def log_message(self, format, *arguments):
                pass

            def translate_path(self, path):
                return data(os.path.basename(path))

        with running(servers.Http(server_context(), Files)) as server:
            for name in ("ca.pem", "everything.pem", "empty.pem"):
                self.assertEqual(self.get(server, "/" + name), support.read_file(data(name)))

    def test_http_to_a_secure_port(self):
        with running(servers.Http(server_context())) as server:
            plain = http.client.HTTPConnection("localhost", server.port, timeout=support.PATIENCE)
            self.addCleanup(plain.close)
            with self.assertRaises((http.client.HTTPException, OSError)):
                plain.request("GET", "/")
                plain.getresponse()
            self.assertEqual(self.get(server), b"hello from /")

    def test_many_at_once(self):
        with running(servers.Http(server_context())) as server:
            results = []
            threads = [threading.Thread(target=lambda: results.append(self.get(server, "/length/70000")))
                       for _ in range(8)]
            for thread in threads:
                thread.daemon = True
                thread.start()
            for thread in threads:
                thread.join(support.PATIENCE)
            self.assertEqual(results, [BODY[:70000]] * 8)

    @unittest.skipUnless(hasattr(http.server, "HTTPSServer"), "needs Python 3.14")
    def test_https_server_of_the_library(self):
        class Server(servers.Threads, http.server.HTTPSServer):
            paths, moved = [], {}

        for files in ({"certfile": "server.pem"}, {"certfile": "server-cert.pem", "keyfile": "server-key.pem"},
                      {"certfile": "server-cert.pem", "keyfile": "server-key-encrypted.pem"}):
            options = {name: data(file) for name, file in files.items()}
            if "encrypted" in files.get("keyfile", ""):
                options["password"] = support.PASSWORD
            server = Server(("127.0.0.1", 0), servers.Pages, **options)
            with self.subTest(files=files), running(server):
                self.assertEqual(self.get(server), b"hello from /")
                with self.assertRaises(ssl.SSLCertVerificationError):
                    self.get(server, context=client_context(cafile=STRANGER))


class TestSocketserver(support.TestCase):
    """socketserver: `ThreadingMixIn` with the handshake in the connection's thread."""

    def test_threads(self):
        """A client that says nothing, and one that does not trust the server, disturb nobody."""
        class Echo(socketserver.StreamRequestHandler):
            timeout = support.PATIENCE

            def handle(self):
                for line in self.rfile:
                    self.wfile.write(line.upper())

        with running(servers.Secure(Echo, server_context())) as server:
            address = ("127.0.0.1", server.port)
            with socket.create_connection(address, support.PATIENCE):
                sock = socket.create_connection(address, support.PATIENCE)
                with sock, self.assertRaises(ssl.SSLCertVerificationError):
                    client_context(cafile=STRANGER).wrap_socket(sock, server_hostname="localhost")
                with socket.create_connection(address, support.PATIENCE) as sock, \
                        client_context().wrap_socket(sock, server_hostname="localhost") as client, \
                        client.makefile("rwb") as file:
                    for length in (1, 2047, 2048, 16384, 40000):
                        file.write(b"a" * length + b"\n")
                        file.flush()
                        self.assertEqual(file.readline(), b"A" * length + b"\n")


class TestXmlrpc(support.TestCase):
    """xmlrpc: `ServerProxy` with a context, `MultiCall`, `SimpleXMLRPCServer`."""

    def test_calls(self):
        with running(servers.Xmlrpc(server_context())) as server:
            server.register_function(lambda text: text[::-1], "reverse")
            server.register_function(lambda: 1 // 0, "fail")
            server.register_introspection_functions()
            server.register_multicall_functions()
            address = "https://localhost:%d/RPC2" % server.port
            proxy = xmlrpc.client.ServerProxy(address, context=client_context(), allow_none=True)
            text = "abcdefgh" * 5000
            self.assertEqual(proxy.reverse(text), text[::-1])
            self.assertIn("reverse", proxy.system.listMethods())
            self.assertIn("ZeroDivisionError", str(self.assertFails(xmlrpc.client.Fault, proxy.fail)))
            calls = xmlrpc.client.MultiCall(proxy)
            calls.reverse("ab")
            calls.reverse("cd")
            self.assertEqual(list(calls()), ["ba", "dc"])
            proxy("close")()

            stranger = xmlrpc.client.ServerProxy(address, context=client_context(cafile=STRANGER))
            self.assertFails(ssl.SSLCertVerificationError, stranger.reverse, "x")
            stranger = xmlrpc.client.ServerProxy(address)
            self.assertFails(ssl.SSLCertVerificationError, stranger.reverse, "x")


if __name__ == "__main__":
    unittest.main()
