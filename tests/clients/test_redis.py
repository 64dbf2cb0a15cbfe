"""With redis-server behind TLS that wants a client certificate; redis.asyncio as well."""

import asyncio
import unittest

import redis
import redis.asyncio

import programs
import support
from servers import BODY
from support import data

LIBRARY = "redis"
MODULE = "redis"
PACKAGE = "python3-redis"


@programs.needs("redis-server")
class TestRedis(support.TestCase):
    def serving(self):
        return programs.listening(lambda port: [
            "redis-server", "--port", "0", "--tls-port", str(port), "--bind", "127.0.0.1", "--tls-cert-file", data("server-cert.pem"),
            "--tls-key-file", data("server-key.pem"), "--tls-ca-cert-file", support.CA, "--save", ""], "eady to accept connections")

    def options(self, port, **more):
        options = dict(host="localhost", port=port, ssl=True, ssl_ca_certs=support.CA, ssl_certfile=data("client.pem"),
                       ssl_keyfile=data("client.pem"), ssl_check_hostname=True)
        options.update(more)
        return options

    def test_commands(self):
        with self.serving() as port:
            client = redis.Redis(socket_timeout=support.PATIENCE, **self.options(port))
            with client:
                for length in (0, 1, 2047, 2048, 2049, 16383, 16384, 16385, 500000):
                    client.set("key", BODY[:length])
                    self.assertEqual(client.get("key"), BODY[:length])
                with client.pipeline() as pipeline:
                    for number in range(200):
                        pipeline.incr("count")
                    self.assertEqual(pipeline.execute(), list(range(1, 201)))
            for more in ({"ssl_ca_certs": data("otherca.pem")}, {"ssl_certfile": None, "ssl_keyfile": None}):
                with redis.Redis(**self.options(port, **more)) as stranger, self.assertRaises(redis.ConnectionError):
                    stranger.get("key")

    def test_asyncio(self):
        async def scene(port):
            client = redis.asyncio.Redis(**self.options(port))
            await client.set("key", BODY)
            self.assertEqual(await client.get("key"), BODY)
            await client.close()
            stranger = redis.asyncio.Redis(**self.options(port, ssl_ca_certs=data("otherca.pem")))
            with self.assertRaises(redis.ConnectionError):
                await stranger.get("key")

        with self.serving() as port:
            asyncio.run(asyncio.wait_for(scene(port), support.PATIENCE))


if __name__ == "__main__":
    unittest.main()
