"""Its client and its server: requests at once, web sockets, fingerprints, client certificates."""

import asyncio
import hashlib
import ssl
import unittest

import aiohttp
import aiohttp.web

import support
from servers import BODY
from support import client_context, data, server_context

LIBRARY = "aiohttp"
MODULE = "aiohttp"
PACKAGE = "python3-aiohttp"


async def length(request):
    return aiohttp.web.Response(body=BODY[:int(request.match_info["length"])])


async def echo(request):
    return aiohttp.web.Response(body=await request.read())


async def subject(request):
    certificate = request.transport.get_extra_info("peercert")
    return aiohttp.web.Response(text=dict(pair for entry in certificate["subject"] for pair in entry)["commonName"])


async def chat(request):
    connection = aiohttp.web.WebSocketResponse()
    await connection.prepare(request)
    async for message in connection:
        await connection.send_bytes(message.data[::-1])
    return connection


class TestAiohttp(support.TestCase):
    def serve(self, context, scene):
        """Runs scene(address) beside a server."""
        async def run():
            application = aiohttp.web.Application(client_max_size=1 << 24)
            application.add_routes([aiohttp.web.get("/length/{length}", length), aiohttp.web.post("/", echo),
                                    aiohttp.web.get("/subject", subject), aiohttp.web.get("/chat", chat)])
            runner = aiohttp.web.AppRunner(application)
            await runner.setup()
            try:
                site = aiohttp.web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
                await site.start()
                await asyncio.wait_for(scene("https://localhost:%d" % runner.addresses[0][1]), support.PATIENCE)
            finally:
                await runner.cleanup()
        asyncio.run(run())

    def session(self, context):
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context))

    def test_client_and_server(self):
        async def scene(address):
            async with self.session(client_context()) as session:
                async def fetch(size):
                    async with session.get("%s/length/%d" % (address, size)) as answer:
                        return await answer.read()

                async def send(size):
                    async with session.post(address + "/", data=BODY[:size]) as answer:
                        return await answer.read()

                sizes = (0, 1, 2047, 2048, 2049, 16383, 16384, 16385, 500000)
                expected = [BODY[:size] for size in sizes]
                self.assertEqual(await asyncio.gather(*map(fetch, sizes)), expected)
                self.assertEqual(await asyncio.gather(*map(send, sizes)), expected)

        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            self.serve(server_context(version=version), scene)

    def test_web_socket(self):
        async def scene(address):
            async with self.session(client_context()) as session, session.ws_connect(address + "/chat") as connection:
                for size in (1, 2048, 16384, 100000):
                    await connection.send_bytes(BODY[:size])
                    self.assertEqual(await connection.receive_bytes(), BODY[:size][::-1])

        self.serve(server_context(), scene)

    def test_refusal(self):
        async def scene(address):
            for context in (client_context(cafile=data("otherca.pem")), None):
                async with self.session(context) as session:
                    with self.assertRaises(aiohttp.ClientConnectorCertificateError):
                        await session.get(address + "/length/1")

        self.serve(server_context(), scene)

    def test_fingerprint(self):
        right = hashlib.sha256(support.read_file(data("server.der"))).digest()

        async def scene(address):
            async with self.session(aiohttp.Fingerprint(right)) as session, session.get(address + "/length/10") as answer:
                self.assertEqual(await answer.read(), BODY[:10])
            async with self.session(aiohttp.Fingerprint(b"0" * 32)) as session:
                with self.assertRaises(aiohttp.ServerFingerprintMismatch):
                    await session.get(address + "/length/10")

        self.serve(server_context(), scene)

    def test_client_certificate(self):
        async def scene(address):
            async with self.session(client_context(certificate="client.pem")) as session, session.get(address + "/subject") as answer:
                self.assertEqual(await answer.text(), "A Client")
            async with self.session(client_context()) as session:
                with self.assertRaises((aiohttp.ClientError, OSError)):
                    await session.get(address + "/subject")

        self.serve(server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem"), scene)


if __name__ == "__main__":
    unittest.main()
