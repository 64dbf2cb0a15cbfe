"""The standard library after monkey.patch_all(), its own pywsgi server and StreamServer."""

import gevent.monkey

gevent.monkey.patch_all()

import http.client
import socket
import ssl
import unittest
import urllib.error
import urllib.request

import gevent
import gevent.pywsgi
import gevent.server
import gevent.ssl

import support
from servers import BODY
from support import client_context, data, server_context

LIBRARY = "gevent"
MODULE = "gevent"
PACKAGE = "python3-gevent"


def application(environment, start):
    if environment["REQUEST_METHOD"] == "POST":
        body = environment["wsgi.input"].read()
    else:
        body = BODY[:int(environment["PATH_INFO"].rpartition("/")[2])]
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]


class TestGevent(support.TestCase):
    def serving(self, **options):
        options = options or {"certfile": data("server.pem")}
        server = gevent.pywsgi.WSGIServer(("127.0.0.1", 0), application, log=None, error_log=None, **options)
        server.start()
        self.addCleanup(server.stop)
        return server

    def test_is_patched(self):
        self.assertIs(ssl.SSLContext, gevent.ssl.SSLContext)

    def fetch(self, server, length, context):
        address = "https://localhost:%d/%d" % (server.server_port, length)
        with urllib.request.urlopen(address, context=context, timeout=support.PATIENCE) as answer:
            return answer.read()

    def test_pywsgi(self):
        for options in ({"certfile": data("server.pem")}, {"ssl_context": server_context()},
                        {"certfile": data("server-cert.pem"), "keyfile": data("server-key.pem")}):
            server = self.serving(**options)
            lengths = (0, 1, 2047, 2048, 2049, 16383, 16384, 16385, 500000)
            jobs = [gevent.spawn(self.fetch, server, length, client_context()) for length in lengths]
            gevent.joinall(jobs, timeout=support.PATIENCE, raise_error=True)
            self.assertEqual([job.value for job in jobs], [BODY[:length] for length in lengths])

    def test_post(self):
        server = self.serving()
        connection = http.client.HTTPSConnection("localhost", server.server_port, context=client_context(), timeout=support.PATIENCE)
        self.addCleanup(connection.close)
        for length in (1, 2048, 16384, 300000):
            connection.request("POST", "/", BODY[:length])
            self.assertEqual(connection.getresponse().read(), BODY[:length])

    def test_refusal(self):
        server = self.serving()
        for context in (client_context(cafile=data("otherca.pem")), None):
            error = self.assertFails(urllib.error.URLError, self.fetch, server, 1, context)
            self.assertIsInstance(error.reason, ssl.SSLCertVerificationError)

    def test_stream_server(self):
        def echo(sock, address):
            while True:
                piece = sock.recv(65536)
                if not piece:
                    return
                sock.sendall(piece)

        server = gevent.server.StreamServer(("127.0.0.1", 0), echo, ssl_context=server_context())
        server.start()
        self.addCleanup(server.stop)
        with socket.create_connection(("127.0.0.1", server.server_port)) as sock, \
                client_context().wrap_socket(sock, server_hostname="localhost") as client:
            sender = gevent.spawn(client.sendall, BODY)
            self.assertEqual(support.receive(client, len(BODY)), BODY)
            sender.get(timeout=support.PATIENCE)
            client.settimeout(0.05)
            with self.assertRaises(socket.timeout):
                client.recv(1)
            self.assertEqual((client.version(), client.context.verify_mode), ("TLSv1.3", ssl.CERT_REQUIRED))
            client.settimeout(support.PATIENCE)
            client.sendall(b"again")
            self.assertEqual(client.recv(10), b"again")


if __name__ == "__main__":
    unittest.main()
