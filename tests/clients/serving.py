"""What every HTTP server of others must do: serve the standard library's client, refuse one without a certificate."""

import http.client
import os
import ssl

import programs
import support
from servers import BODY
from support import client_context, data

PATHS = os.pathsep.join([programs.HERE, os.path.dirname(os.path.abspath(support.__file__))] +
                        [path for path in [os.environ.get("PYTHONPATH")] if path])


class ServerTests(object):
    """Mixed into a TestCase with command(port, demanding), the words that start the server, and ready."""

    def serving(self, demanding=False):
        return programs.listening(lambda port: self.command(port, demanding), self.ready, {"PYTHONPATH": PATHS})

    def connection(self, port, **options):
        connection = http.client.HTTPSConnection("localhost", port, context=client_context(**options), timeout=support.PATIENCE)
        self.addCleanup(connection.close)
        return connection

    def exchange(self, connection, length):
        connection.request("GET", "/%d" % length)
        self.assertEqual(connection.getresponse().read(), BODY[:length])
        connection.request("POST", "/", BODY[:length])
        self.assertEqual(connection.getresponse().read(), BODY[:length])

    def test_served(self):
        with self.serving() as port:
            for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
                connection = self.connection(port, version=version)
                for length in (1, 2047, 2048, 2049, 16383, 16384, 16385, 300000):
                    self.exchange(connection, length)
            stranger = self.connection(port, cafile=data("otherca.pem"))
            self.assertFails(ssl.SSLCertVerificationError, stranger.request, "GET", "/1")
            self.exchange(self.connection(port), 10)

    def test_client_certificate(self):
        with self.serving(True) as port:
            self.exchange(self.connection(port, certificate="client.pem"), 10)
            with self.assertRaises((OSError, http.client.HTTPException)):
                self.exchange(self.connection(port), 10)
