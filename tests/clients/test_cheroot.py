"""Its WSGI server with BuiltinSSLAdapter, and the standard library's client."""

import http.client
import ssl
import threading
import unittest

import cheroot.ssl.builtin
import cheroot.wsgi

import support
import wsgi
from servers import BODY
from support import client_context, data

LIBRARY = "cheroot"
MODULE = "cheroot"
PACKAGE = "python3-cheroot"


class TestCheroot(support.TestCase):
    def setUp(self):
        self.server = cheroot.wsgi.Server(("127.0.0.1", 0), wsgi.application, numthreads=4)
        self.server.ssl_adapter = cheroot.ssl.builtin.BuiltinSSLAdapter(data("server-cert.pem"), data("server-key.pem"))
        self.server.prepare()
        thread = threading.Thread(target=self.server.serve, daemon=True)
        thread.start()
        self.addCleanup(thread.join, support.PATIENCE)
        self.addCleanup(self.server.stop)

    def connection(self, **options):
        connection = http.client.HTTPSConnection("localhost", self.server.bind_addr[1], context=client_context(**options),
                                                 timeout=support.PATIENCE)
        self.addCleanup(connection.close)
        return connection

    def test_served(self):
        connection = self.connection()
        for length in (1, 2047, 2048, 2049, 16383, 16384, 16385, 300000):
            connection.request("GET", "/%d" % length)
            self.assertEqual(connection.getresponse().read(), BODY[:length])
            connection.request("POST", "/", BODY[:length])
            self.assertEqual(connection.getresponse().read(), BODY[:length])

    def test_refusal(self):
        stranger = self.connection(cafile=data("otherca.pem"))
        self.assertFails(ssl.SSLCertVerificationError, stranger.request, "GET", "/1")

    def test_http_to_its_port(self):
        """It answers in the clear that it wants HTTPS, where its answer is not lost with the connection, and goes on."""
        connection = http.client.HTTPConnection("localhost", self.server.bind_addr[1], timeout=support.PATIENCE)
        self.addCleanup(connection.close)
        try:
            connection.request("GET", "/1")
            self.assertEqual(connection.getresponse().status, 400)
        except ConnectionError:
            pass
        connection = self.connection()
        connection.request("GET", "/5")
        self.assertEqual(connection.getresponse().read(), BODY[:5])


if __name__ == "__main__":
    unittest.main()
