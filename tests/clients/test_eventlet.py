"""The standard library after monkey_patch(), its own wsgi server."""

import eventlet

eventlet.monkey_patch()

import ssl
import unittest
import urllib.error
import urllib.request

import eventlet.wsgi

import support
from servers import BODY
from support import data

LIBRARY = "eventlet"
MODULE = "eventlet"
PACKAGE = "python3-eventlet"


def application(environment, start):
    body = BODY[:int(environment["PATH_INFO"].rpartition("/")[2])]
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]


class TestEventlet(support.TestCase):
    def setUp(self):
        listener = eventlet.wrap_ssl(eventlet.listen(("127.0.0.1", 0)), certfile=data("server-cert.pem"),
                                     keyfile=data("server-key.pem"), server_side=True)
        self.port = listener.getsockname()[1]
        server = eventlet.spawn(eventlet.wsgi.server, listener, application, log=support.Discard())
        self.addCleanup(server.kill)

    def fetch(self, length, cafile):
        with urllib.request.urlopen("https://localhost:%d/%d" % (self.port, length), cafile=cafile, timeout=support.PATIENCE) as answer:
            return answer.read()

    def test_wsgi(self):
        for length in (0, 1, 2047, 2048, 2049, 16383, 16384, 16385, 300000):
            self.assertEqual(self.fetch(length, support.CA), BODY[:length])

    def test_refusal(self):
        error = self.assertFails(urllib.error.URLError, self.fetch, 1, data("otherca.pem"))
        self.assertIsInstance(error.reason, ssl.SSLCertVerificationError)


if __name__ == "__main__":
    unittest.main()
