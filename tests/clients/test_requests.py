"""A session, client certificates, redirects, uploads and downloads, CONNECT proxy, an adapter with its own context."""

import ssl
import unittest

import requests
import requests.adapters

import servers
import support
from servers import BODY, running
from support import data, server_context

LIBRARY = "requests"
MODULE = "requests"
PACKAGE = "python3-requests"


class OwnContext(requests.adapters.HTTPAdapter):
    """The way to a context of one's own that its documentation shows."""

    def __init__(self, context):
        self.context = context
        super().__init__()

    def init_poolmanager(self, *arguments, **options):
        super().init_poolmanager(*arguments, ssl_context=self.context, **options)


class TestRequests(support.TestCase):
    def setUp(self):
        self.session = requests.Session()
        self.addCleanup(self.session.close)
        self.session.verify = support.CA

    def get(self, server, path, **options):
        return self.session.get("https://localhost:%d%s" % (server.port, path), timeout=support.PATIENCE, **options)

    def test_session(self):
        with running(servers.Http(server_context())) as server:
            for length in (0, 1, 2047, 2048, 2049, 16383, 16384, 16385, 300000):
                self.assertEqual(self.get(server, "/length/%d" % length).content, BODY[:length])
                self.assertEqual(self.get(server, "/chunked/%d" % length).content, BODY[:length])
                answer = self.session.post("https://localhost:%d/" % server.port, BODY[:length], timeout=support.PATIENCE)
                self.assertEqual(answer.content, BODY[:length])

    def test_stream(self):
        with running(servers.Http(server_context())) as server:
            answer = self.get(server, "/length/300000", stream=True)
            self.assertEqual(b"".join(answer.iter_content(1000)), BODY[:300000])
            answer = self.session.post("https://localhost:%d/" % server.port, iter([BODY[:5000], BODY[5000:40000]]),
                                       timeout=support.PATIENCE)
            self.assertEqual(answer.content, BODY[:40000])

    def test_refusal(self):
        with running(servers.Http(server_context())) as server:
            for verify in (data("otherca.pem"), True):
                error = self.assertFails(requests.exceptions.SSLError, requests.get, "https://localhost:%d/" % server.port,
                                         verify=verify, timeout=support.PATIENCE)
                self.assertIn("CERTIFICATE_VERIFY_FAILED", str(error))
        with running(servers.Http(server_context("wronghost.pem"))) as server:
            error = self.assertFails(requests.exceptions.SSLError, self.get, server, "/")
            self.assertIn("localhost", str(error))

    def test_client_certificate(self):
        with running(servers.Http(server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem"))) as server:
            self.assertEqual(self.get(server, "/subject", cert=data("client.pem")).content, b"A Client")
            with self.assertRaises(requests.exceptions.ConnectionError):
                requests.get("https://localhost:%d/subject" % server.port, verify=support.CA, timeout=support.PATIENCE)

    def test_redirect(self):
        with running(servers.Http(server_context())) as target, running(servers.Http()) as plain:
            plain.moved["/a"] = "https://localhost:%d/b" % target.port
            self.assertEqual(self.session.get("http://localhost:%d/a" % plain.port, timeout=support.PATIENCE).content, b"hello from /b")

    def test_proxy(self):
        with running(servers.Http(server_context())) as server, running(servers.Plain(servers.Proxy, requests=[])) as proxy:
            through = {"https": "http://127.0.0.1:%d" % proxy.port}
            self.assertEqual(self.get(server, "/p", proxies=through).content, b"hello from /p")
            with self.assertRaises(requests.exceptions.SSLError):
                requests.get("https://localhost:%d/p" % server.port, proxies=through, timeout=support.PATIENCE)
            self.assertEqual(proxy.requests, [("CONNECT", "localhost:%d" % server.port)] * 2)

    def test_own_context(self):
        self.session.mount("https://", OwnContext(support.client_context(version=ssl.TLSVersion.TLSv1_2)))
        with running(servers.Http(server_context())) as server:
            self.assertEqual(self.get(server, "/c").content, b"hello from /c")


if __name__ == "__main__":
    unittest.main()
