"""HTTPServer with ssl_options and AsyncHTTPClient, client certificates, a plain TCP server and client, start_tls."""

import asyncio
import ssl
import unittest

import tornado.httpclient
import tornado.httpserver
import tornado.iostream
import tornado.netutil
import tornado.tcpclient
import tornado.tcpserver
import tornado.web

import support
from servers import BODY
from support import client_context, data, server_context

LIBRARY = "tornado"
MODULE = "tornado"
PACKAGE = "python3-tornado"


class Length(tornado.web.RequestHandler):
    def get(self, length):
        self.write(BODY[:int(length)])


class Echo(tornado.web.RequestHandler):
    def post(self):
        self.write(self.request.body)


class Subject(tornado.web.RequestHandler):
    def get(self):
        certificate = self.request.get_ssl_certificate()
        self.write(dict(pair for entry in certificate["subject"] for pair in entry)["commonName"])


class Lines(tornado.tcpserver.TCPServer):
    """Answers lines; after "secure" over TLS."""

    async def handle_stream(self, stream, address):
        try:
            line = await stream.read_until(b"\n")
            if line == b"secure\n":
                await stream.write(b"go ahead\n")
                stream = await stream.start_tls(True, server_context())
                line = await stream.read_until(b"\n")
            await stream.write(line.upper())
        except (tornado.iostream.StreamClosedError, ssl.SSLError):
            pass        # the client has gone, or does not trust this server
        finally:
            stream.close()


class TestTornado(support.TestCase):
    def serve(self, options, scene):
        async def run():
            application = tornado.web.Application([("/length/(.*)", Length), ("/", Echo), ("/subject", Subject)])
            server = tornado.httpserver.HTTPServer(application, ssl_options=options)
            sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
            server.add_sockets(sockets)
            client = tornado.httpclient.AsyncHTTPClient(force_instance=True)
            try:
                await asyncio.wait_for(scene(client, "https://localhost:%d" % sockets[0].getsockname()[1]), support.PATIENCE)
            finally:
                client.close()
                server.stop()
        asyncio.run(run())

    def test_client_and_server(self):
        async def scene(client, address):
            for length in (0, 1, 2047, 2048, 2049, 16383, 16384, 16385, 500000):
                answer = await client.fetch("%s/length/%d" % (address, length), ca_certs=support.CA)
                self.assertEqual(answer.body, BODY[:length])
                answer = await client.fetch(address + "/", method="POST", body=BODY[:length], ssl_options=client_context())
                self.assertEqual(answer.body, BODY[:length])

        self.serve(server_context(), scene)
        self.serve({"certfile": data("server-cert.pem"), "keyfile": data("server-key.pem")}, scene)

    def test_refusal(self):
        async def scene(client, address):
            for options in ({"ca_certs": data("otherca.pem")}, {}, {"ssl_options": client_context(cafile=None)}):
                with self.assertRaises(ssl.SSLCertVerificationError):
                    await client.fetch(address + "/length/1", **options)

        self.serve(server_context(), scene)

    def test_client_certificate(self):
        async def scene(client, address):
            answer = await client.fetch(address + "/subject", ca_certs=support.CA, client_cert=data("client.pem"))
            self.assertEqual(answer.body, b"A Client")
            with self.assertRaises((OSError, tornado.httpclient.HTTPError)):
                await client.fetch(address + "/subject", ca_certs=support.CA)

        self.serve({"certfile": data("server.pem"), "cert_reqs": ssl.CERT_REQUIRED, "ca_certs": support.CA}, scene)

    def test_streams(self):
        async def scene():
            for options, first in ((server_context(), b""), (None, b"secure\n")):
                server = Lines(ssl_options=options)
                sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
                server.add_sockets(sockets)
                port = sockets[0].getsockname()[1]

                async def connect(context):
                    client = tornado.tcpclient.TCPClient()
                    if not first:
                        return await client.connect("localhost", port, ssl_options=context)
                    stream = await client.connect("localhost", port)
                    await stream.write(first)
                    self.assertEqual(await stream.read_until(b"\n"), b"go ahead\n")
                    return await stream.start_tls(False, context, "localhost")

                stream = await connect(client_context())
                await stream.write(b"a" * 50000 + b"\n")
                self.assertEqual(await stream.read_until(b"\n"), b"A" * 50000 + b"\n")
                stream.close()
                with self.assertRaises(ssl.SSLCertVerificationError):
                    await connect(client_context(cafile=data("otherca.pem")))
                server.stop()

        asyncio.run(asyncio.wait_for(scene(), support.PATIENCE))


if __name__ == "__main__":
    unittest.main()
