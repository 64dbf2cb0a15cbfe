"""Its Agent with the standard library's server, its web server with the standard library's client: it has OpenSSL by pyOpenSSL."""

import http.client
import ssl
import threading
import unittest

import twisted.internet.endpoints
import twisted.internet.ssl
import twisted.internet.threads
import twisted.web.client
import twisted.web.resource
import twisted.web.server
from twisted.internet import reactor

import servers
import support
from servers import BODY, running
from support import client_context, data, server_context

LIBRARY = "twisted"
MODULE = "twisted"
PACKAGE = "python3-twisted"


class Lengths(twisted.web.resource.Resource):
    isLeaf = True

    def render_GET(self, request):
        return BODY[:int(request.postpath[-1])]

    def render_POST(self, request):
        return request.content.read()


def in_reactor(call, *arguments):
    return twisted.internet.threads.blockingCallFromThread(reactor, call, *arguments)


class TestTwisted(support.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.thread = threading.Thread(target=reactor.run, kwargs={"installSignalHandlers": False})
        cls.thread.start()

    @classmethod
    def tearDownClass(cls):
        reactor.callFromThread(reactor.stop)
        cls.thread.join(support.PATIENCE)

    def fetch(self, address, authority):
        root = twisted.internet.ssl.Certificate.loadPEM(support.read_file(authority))
        policy = twisted.web.client.BrowserLikePolicyForHTTPS(twisted.internet.ssl.trustRootFromCertificates([root]))
        agent = twisted.web.client.Agent(reactor, policy, connectTimeout=support.PATIENCE)
        asked = agent.request(b"GET", address.encode())
        return asked.addCallback(twisted.web.client.readBody)

    def test_agent(self):
        with running(servers.Http(server_context())) as server:
            for length in (0, 2048, 16384, 300000):
                body = in_reactor(self.fetch, "https://localhost:%d/length/%d" % (server.port, length), support.CA)
                self.assertEqual(body, BODY[:length])
            error = self.assertFails(twisted.web.client.ResponseNeverReceived, in_reactor, self.fetch,
                                     "https://localhost:%d/length/1" % server.port, data("otherca.pem"))
            self.assertIn("certificate verify failed", str(error.reasons[0].value))

    def test_site(self):
        certificate = twisted.internet.ssl.PrivateCertificate.loadPEM(support.read_file(data("server.pem")))
        endpoint = twisted.internet.endpoints.SSL4ServerEndpoint(reactor, 0, certificate.options(), interface="127.0.0.1")
        port = in_reactor(endpoint.listen, twisted.web.server.Site(Lengths()))
        self.addCleanup(in_reactor, port.stopListening)
        connection = http.client.HTTPSConnection("localhost", port.getHost().port, context=client_context(), timeout=support.PATIENCE)
        self.addCleanup(connection.close)
        for length in (0, 2047, 2048, 2049, 16383, 16384, 16385, 300000):
            connection.request("GET", "/%d" % length)
            self.assertEqual(connection.getresponse().read(), BODY[:length])
            connection.request("POST", "/", BODY[:length])
            self.assertEqual(connection.getresponse().read(), BODY[:length])
        stranger = http.client.HTTPSConnection("localhost", port.getHost().port, context=client_context(cafile=data("otherca.pem")))
        self.addCleanup(stranger.close)
        self.assertFails(ssl.SSLCertVerificationError, stranger.request, "GET", "/1")


if __name__ == "__main__":
    unittest.main()
