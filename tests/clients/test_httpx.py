"""Client and AsyncClient, streams, client certificates, CONNECT proxy."""

import asyncio
import ssl
import unittest

import httpx

import servers
import support
from servers import BODY, running
from support import client_context, data, server_context

LIBRARY = "httpx"
MODULE = "httpx"
PACKAGE = "python3-httpx"


class TestHttpx(support.TestCase):
    def test_client(self):
        with running(servers.Http(server_context())) as server:
            for verify in (support.CA, client_context()):
                with httpx.Client(verify=verify, timeout=support.PATIENCE) as client:
                    for length in (0, 2047, 2048, 2049, 16383, 16384, 16385, 300000):
                        address = "https://localhost:%d/" % server.port
                        self.assertEqual(client.get(address + "length/%d" % length).content, BODY[:length])
                        self.assertEqual(client.post(address, content=BODY[:length]).content, BODY[:length])

    def test_stream(self):
        with running(servers.Http(server_context())) as server, httpx.Client(verify=support.CA, timeout=support.PATIENCE) as client, \
                client.stream("GET", "https://localhost:%d/chunked/300000" % server.port) as answer:
            self.assertEqual(b"".join(answer.iter_bytes()), BODY[:300000])

    def test_refusal(self):
        with running(servers.Http(server_context())) as server:
            for verify in (data("otherca.pem"), True):
                error = self.assertFails(httpx.ConnectError, httpx.get, "https://localhost:%d/" % server.port, verify=verify)
                self.assertIn("CERTIFICATE_VERIFY_FAILED", str(error))

    def test_client_certificate(self):
        with running(servers.Http(server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem"))) as server:
            answer = httpx.get("https://localhost:%d/subject" % server.port, verify=support.CA, cert=data("client.pem"))
            self.assertEqual(answer.content, b"A Client")

    def test_async(self):
        async def fetch(server):
            async with httpx.AsyncClient(verify=support.CA, timeout=support.PATIENCE) as client:
                answers = await asyncio.gather(*(client.get("https://localhost:%d/length/%d" % (server.port, length))
                                                 for length in (1, 2048, 16384, 100000)))
                self.assertEqual([answer.content for answer in answers], [BODY[:1], BODY[:2048], BODY[:16384], BODY[:100000]])
            async with httpx.AsyncClient(verify=data("otherca.pem")) as client:
                with self.assertRaises((httpx.ConnectError, ssl.SSLCertVerificationError)):
                    await client.get("https://localhost:%d/" % server.port)

        with running(servers.Http(server_context())) as server:
            asyncio.run(fetch(server))

    def test_proxy(self):
        with running(servers.Http(server_context())) as server, running(servers.Plain(servers.Proxy, requests=[])) as proxy, \
                httpx.Client(verify=support.CA, proxies="http://127.0.0.1:%d" % proxy.port) as client:
            self.assertEqual(client.get("https://localhost:%d/length/100000" % server.port).content, BODY[:100000])
            self.assertEqual(len(proxy.requests), 1)


if __name__ == "__main__":
    unittest.main()
