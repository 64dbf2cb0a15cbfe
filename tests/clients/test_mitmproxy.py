"""mitmdump between the standard library's client and server: it has OpenSSL by pyOpenSSL, and speaks TLS with both."""

import http.client
import os
import ssl
import unittest

import mitmproxy

import programs
import servers
import support
from servers import BODY, running
from support import client_context, server_context

LIBRARY = "mitmproxy"
MODULE = "mitmproxy"
PACKAGE = "mitmproxy"


@programs.needs("mitmdump")
class TestMitmproxy(support.TestCase):
    def test_between(self):
        with programs.folder() as folder, running(servers.Http(server_context())) as server, programs.listening(
                lambda port: ["mitmdump", "--listen-host", "127.0.0.1", "--listen-port", str(port), "--set", "confdir=" + folder,
                              "--set", "ssl_verify_upstream_trusted_ca=" + support.CA],
                "listening", {"PYTHONUNBUFFERED": "1"}) as port:
            own = os.path.join(folder, "mitmproxy-ca-cert.pem")
            for context in (client_context(cafile=own, version=version) for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)):
                connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=support.PATIENCE)
                self.addCleanup(connection.close)
                connection.set_tunnel("localhost", server.port)
                for length in (1, 2048, 16384, 300000):
                    connection.request("GET", "/length/%d" % length)
                    self.assertEqual(connection.getresponse().read(), BODY[:length])
            # Without its authority the client sees through it.
            stranger = http.client.HTTPSConnection("127.0.0.1", port, context=client_context(), timeout=support.PATIENCE)
            self.addCleanup(stranger.close)
            stranger.set_tunnel("localhost", server.port)
            self.assertFails(ssl.SSLCertVerificationError, stranger.request, "GET", "/")


if __name__ == "__main__":
    unittest.main()
