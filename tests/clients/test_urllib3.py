"""A pool, its own context, fingerprints, client certificates, HTTPS through an HTTPS proxy (TLS in TLS)."""

import hashlib
import ssl
import unittest

import urllib3
import urllib3.exceptions
import urllib3.util.ssl_

import servers
import support
from servers import BODY, running
from support import client_context, data, server_context

LIBRARY = "urllib3"
MODULE = "urllib3"
PACKAGE = "python3-urllib3"


class SecureProxy(servers.Proxy):
    """Spoken to over TLS: what it passes on may wait in the connection, where select() does not see it."""

    def handle(self):
        self.connection.do_handshake()
        super().handle()


class TestUrllib3(support.TestCase):
    def manager(self, **options):
        manager = urllib3.PoolManager(timeout=support.PATIENCE, retries=False, **options)
        self.addCleanup(manager.clear)
        return manager

    def test_pool(self):
        manager = self.manager(ca_certs=support.CA)
        with running(servers.Http(server_context())) as server:
            for length in (0, 2047, 2048, 2049, 16383, 16384, 16385, 300000):
                address = "https://localhost:%d/length/%d" % (server.port, length)
                self.assertEqual(manager.request("GET", address).data, BODY[:length])

    def test_context(self):
        for context in (client_context(), urllib3.util.ssl_.create_urllib3_context()):
            context.load_verify_locations(support.CA)
            with running(servers.Http(server_context())) as server:
                answer = self.manager(ssl_context=context).request("GET", "https://localhost:%d/a" % server.port)
                self.assertEqual(answer.data, b"hello from /a")

    def test_refusal(self):
        with running(servers.Http(server_context())) as server:
            for options in ({"ca_certs": data("otherca.pem")}, {"cert_reqs": "CERT_REQUIRED"}, {"ssl_context": client_context(cafile=None)}):
                error = self.assertFails(urllib3.exceptions.SSLError, self.manager(**options).request, "GET",
                                         "https://localhost:%d/" % server.port)
                self.assertIn("CERTIFICATE_VERIFY_FAILED", str(error))
        with running(servers.Http(server_context("wronghost.pem"))) as server:
            with self.assertRaises(urllib3.exceptions.SSLError):
                self.manager(ca_certs=support.CA).request("GET", "https://localhost:%d/" % server.port)

    def test_host_that_it_is_told_to_expect(self):
        with running(servers.Http(server_context("wronghost.pem"))) as server:
            manager = self.manager(ca_certs=support.CA, assert_hostname="other.example")
            self.assertEqual(manager.request("GET", "https://localhost:%d/h" % server.port).data, b"hello from /h")
            with self.assertRaises(urllib3.exceptions.SSLError):
                self.manager(ca_certs=support.CA, assert_hostname="third.example").request("GET", "https://localhost:%d/" % server.port)

    def test_fingerprint(self):
        right = hashlib.sha256(support.read_file(data("server.der"))).hexdigest()
        with running(servers.Http(server_context())) as server:
            manager = self.manager(assert_fingerprint=right, cert_reqs="CERT_NONE")
            self.assertEqual(manager.request("GET", "https://localhost:%d/f" % server.port).data, b"hello from /f")
            with self.assertRaises(urllib3.exceptions.SSLError):
                self.manager(assert_fingerprint="0" * 64, cert_reqs="CERT_NONE").request("GET", "https://localhost:%d/" % server.port)

    def test_client_certificate(self):
        with running(servers.Http(server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem"))) as server:
            manager = self.manager(ca_certs=support.CA, cert_file=data("client.pem"))
            self.assertEqual(manager.request("GET", "https://localhost:%d/subject" % server.port).data, b"A Client")

    def test_tls_in_tls(self):
        with running(servers.Http(server_context())) as server, \
                running(servers.Secure(SecureProxy, server_context(), requests=[])) as proxy:
            manager = urllib3.ProxyManager("https://localhost:%d" % proxy.port, proxy_ssl_context=client_context(),
                                           ssl_context=client_context(), timeout=support.PATIENCE, retries=False)
            self.addCleanup(manager.clear)
            for length in (10, 100000):
                answer = manager.request("GET", "https://localhost:%d/length/%d" % (server.port, length))
                self.assertEqual(answer.data, BODY[:length])
            self.assertEqual(proxy.requests, [("CONNECT", "localhost:%d" % server.port)])
            stranger = urllib3.ProxyManager("https://localhost:%d" % proxy.port, proxy_ssl_context=client_context(),
                                            ssl_context=client_context(cafile=data("otherca.pem")), timeout=support.PATIENCE, retries=False)
            self.addCleanup(stranger.clear)
            self.assertFails(urllib3.exceptions.SSLError, stranger.request, "GET", "https://localhost:%d/" % server.port)


if __name__ == "__main__":
    unittest.main()
