"""With mosquitto behind TLS, by tls_set() and by a context, with a client certificate."""

import os
import queue
import ssl
import unittest

import paho.mqtt.client

import programs
import support
from servers import BODY
from support import client_context, data

LIBRARY = "paho-mqtt"
MODULE = "paho.mqtt"
PACKAGE = "python3-paho-mqtt"

CONFIGURATION = """
listener {port} 127.0.0.1
certfile {folder}/server-cert.pem
keyfile {folder}/server-key.pem
cafile {folder}/ca.pem
require_certificate true
allow_anonymous true
log_dest stderr
"""


@programs.needs("mosquitto")
class TestPaho(support.TestCase):
    def serving(self, folder):
        def command(port):
            path = os.path.join(folder, "configuration")
            with open(path, "w") as file:
                file.write(CONFIGURATION.format(port=port, folder=folder))
            return ["mosquitto", "-c", path]
        return programs.listening(command, "running", {"PATH": os.environ.get("PATH", "") + ":/usr/sbin"})

    def test_publish_and_subscribe(self):
        with programs.folder("server-cert.pem", "server-key.pem", "ca.pem") as folder, self.serving(folder) as port:
            for how in ("files", "context"):
                client = paho.mqtt.client.Client()
                if how == "files":
                    client.tls_set(support.CA, data("client.pem"), data("client.pem"))
                else:
                    client.tls_set_context(client_context(certificate="client.pem"))
                ready, received = queue.Queue(), queue.Queue()
                client.on_subscribe = lambda *arguments: ready.put(True)
                client.on_connect = lambda *arguments: client.subscribe("lengths", 1)
                client.on_message = lambda client, data, message: received.put(message.payload)
                client.connect("localhost", port)
                client.loop_start()
                try:
                    ready.get(timeout=support.PATIENCE)
                    for length in (1, 2047, 2048, 2049, 16383, 16384, 16385, 300000):
                        client.publish("lengths", BODY[:length], 1)
                        self.assertEqual(received.get(timeout=support.PATIENCE), BODY[:length])
                finally:
                    client.disconnect()
                    client.loop_stop()

    def test_refusal(self):
        with programs.folder("server-cert.pem", "server-key.pem", "ca.pem") as folder, self.serving(folder) as port:
            client = paho.mqtt.client.Client()
            client.tls_set(data("otherca.pem"), data("client.pem"), data("client.pem"))
            self.assertFails(ssl.SSLCertVerificationError, client.connect, "localhost", port)


if __name__ == "__main__":
    unittest.main()
