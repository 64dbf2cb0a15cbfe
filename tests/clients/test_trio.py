"""SSLStream and SSLListener, both directions at once, closing, refusal."""

import ssl
import unittest

import trio

import support
from servers import BODY
from support import client_context, data, server_context

LIBRARY = "trio"
MODULE = "trio"
PACKAGE = "python3-trio"


class TestTrio(support.TestCase):
    def serve(self, scene, context):
        async def echo(stream):
            try:
                async for piece in stream:
                    await stream.send_all(piece)
                await stream.aclose()
            except trio.BrokenResourceError:
                pass        # the client does not trust this server

        async def run():
            with trio.fail_after(support.PATIENCE):
                async with trio.open_nursery() as nursery:
                    listeners = await nursery.start(trio.serve_ssl_over_tcp, echo, 0, context)
                    port = listeners[0].transport_listener.socket.getsockname()[1]
                    await scene(port)
                    nursery.cancel_scope.cancel()

        trio.run(run)

    async def connect(self, port, context):
        return await trio.open_ssl_over_tcp_stream("localhost", port, ssl_context=context)

    def test_both_directions(self):
        async def scene(port):
            stream = await self.connect(port, client_context())
            async with stream, trio.open_nursery() as nursery:
                nursery.start_soon(stream.send_all, BODY)
                received = bytearray()
                while len(received) < len(BODY):
                    received += await stream.receive_some()
                self.assertEqual(bytes(received), BODY)

        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            self.serve(scene, server_context(version=version))

    def test_unwrap(self):
        async def run():
            near, far = trio.testing.memory_stream_pair()
            client = trio.SSLStream(near, client_context(), server_hostname="localhost")
            server = trio.SSLStream(far, server_context(), server_side=True)
            with trio.fail_after(support.PATIENCE):
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(client.do_handshake)
                    nursery.start_soon(server.do_handshake)
                await client.send_all(b"over TLS")
                self.assertEqual(await server.receive_some(), b"over TLS")
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(client.unwrap)
                    nursery.start_soon(server.unwrap)

        import trio.testing
        trio.run(run)

    def test_refusal(self):
        async def scene(port):
            for context in (client_context(cafile=data("otherca.pem")), ssl.create_default_context()):
                stream = await self.connect(port, context)
                with self.assertRaises(trio.BrokenResourceError) as caught:
                    await stream.do_handshake()
                self.assertIsInstance(caught.exception.__cause__, ssl.SSLCertVerificationError)

        self.serve(scene, server_context())


if __name__ == "__main__":
    unittest.main()
