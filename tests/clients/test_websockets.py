"""serve() and connect(), messages of many lengths."""

import asyncio
import ssl
import unittest

import websockets

import support
from servers import BODY
from support import client_context, data, server_context

LIBRARY = "websockets"
MODULE = "websockets"
PACKAGE = "python3-websockets"


class TestWebsockets(support.TestCase):
    def serve(self, scene, context=None):
        async def turn(connection, *path):
            async for message in connection:
                await connection.send(message[::-1])

        async def run():
            async with websockets.serve(turn, "127.0.0.1", 0, ssl=context or server_context()) as server:
                port = server.sockets[0].getsockname()[1]
                await asyncio.wait_for(scene("wss://localhost:%d/" % port), support.PATIENCE)
        asyncio.run(run())

    def test_messages(self):
        async def scene(address):
            async with websockets.connect(address, ssl=client_context()) as connection:
                for length in (0, 1, 2047, 2048, 2049, 16383, 16384, 16385, 500000):
                    await connection.send(BODY[:length])
                    self.assertEqual(await connection.recv(), BODY[:length][::-1])

        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            self.serve(scene, server_context(version=version))

    def test_refusal(self):
        async def scene(address):
            for context in (client_context(cafile=data("otherca.pem")), True):
                with self.assertRaises(ssl.SSLCertVerificationError):
                    await websockets.connect(address, ssl=context)

        self.serve(scene)


if __name__ == "__main__":
    unittest.main()
