"""make_server(ssl_context=...), with files and with a context, and the standard library's client."""

import http.client
import logging
import ssl
import threading
import unittest

import werkzeug.serving

import support
import wsgi
from servers import BODY
from support import client_context, data, server_context

LIBRARY = "Werkzeug"
MODULE = "werkzeug"
PACKAGE = "python3-werkzeug"

logging.getLogger("werkzeug").setLevel(logging.CRITICAL)


class TestWerkzeug(support.TestCase):
    def test_served(self):
        for context in (server_context(), (data("server-cert.pem"), data("server-key.pem"))):
            server = werkzeug.serving.make_server("127.0.0.1", 0, wsgi.application, threaded=True, ssl_context=context)
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            try:
                for length in (1, 2047, 2048, 2049, 16383, 16384, 16385, 300000):
                    for method, body in (("GET", None), ("POST", BODY[:length])):
                        connection = http.client.HTTPSConnection("localhost", server.port, context=client_context(), timeout=support.PATIENCE)
                        connection.request(method, "/%d" % length, body)
                        self.assertEqual(connection.getresponse().read(), BODY[:length])
                        connection.close()
                stranger = http.client.HTTPSConnection("localhost", server.port, context=client_context(cafile=data("otherca.pem")))
                self.assertFails(ssl.SSLCertVerificationError, stranger.request, "GET", "/1")
            finally:
                server.shutdown()
                thread.join(support.PATIENCE)
                server.server_close()


if __name__ == "__main__":
    unittest.main()
