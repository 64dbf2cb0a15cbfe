"""What a packet analyser sees: connections sniffed on the loopback interface while they happen, and opened with
their key logs. Without dumpcap and tshark, or the right to capture, the tests are skipped by name.
"""

import binascii
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

import stockpeer
import support
from support import client_context, data, server_context

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
SENTINEL = b"the last datagram of all"


class Capture(object):
    """dumpcap on lo for the connections of some TCP ports, from the block's beginning to its end."""

    def __init__(self, test, *ports):
        self.folder = tempfile.mkdtemp()
        test.addCleanup(shutil.rmtree, self.folder)
        self.path = os.path.join(self.folder, "capture.pcapng")
        self.ports = ports
        self.end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.end.bind(("127.0.0.1", 0))
        test.addCleanup(self.end.close)
        self.test = test

    def __enter__(self):
        wanted = " or ".join(["tcp port %d" % port for port in self.ports] + ["udp port %d" % self.end.getsockname()[1]])
        self.process = subprocess.Popen(["dumpcap", "-q", "-i", "lo", "-f", wanted, "-w", self.path],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        line = self.process.stderr.readline()
        while line and not line.startswith(b"File:"):
            line = self.process.stderr.readline()
        if not line:
            self.process.wait()
            self.process.stderr.close()
            self.test.skipTest("no permission to capture on lo")
        return self

    def __exit__(self, kind, error, trace):
        try:
            deadline = time.time() + support.PATIENCE
            while kind is None and SENTINEL not in support.read_file(self.path):
                if time.time() > deadline:
                    raise AssertionError("dumpcap captures nothing")
                self.end.sendto(SENTINEL, self.end.getsockname())
                time.sleep(0.05)
        finally:
            self.process.terminate()
            self.process.wait()
            self.process.stderr.close()

    def followed(self, keys, streams):
        """What tshark reads in each of the first TCP streams, in hexadecimal digits."""
        command = ["tshark", "-r", self.path, "-o", "tls.keylog_file:" + keys, "-q"]
        for port in self.ports:
            command += ["-d", "tcp.port==%d,tls" % port]
        for stream in range(streams):
            command += ["-z", "follow,tls,raw,%d" % stream]
        text = subprocess.check_output(command, stderr=subprocess.DEVNULL).decode()
        parts = dict()
        for part in text.split("Follow: tls,raw")[1:]:
            filtered = part.split("Filter: tcp.stream eq ")[1]
            number, _, rest = filtered.partition("\n")
            parts[int(number)] = "".join(rest.split("Node 1:")[1].split("\n", 1)[1].split())
        return [parts.get(stream, "") for stream in range(streams)]


def digits(text):
    return binascii.hexlify(text).decode()


@unittest.skipUnless(shutil.which("dumpcap") and shutil.which("tshark"), "no dumpcap and tshark")
class TestCapture(support.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.keys = os.path.join(self.folder, "keys")
        self.empty = os.path.join(self.folder, "empty")
        open(self.empty, "w").close()

    def logging(self, context):
        context.keylog_filename = self.keys
        return context

    def talk(self, listener, client, server, name, session=None):
        """A connection on which each end tells the other its secret; gives the client's session."""
        near = socket.create_connection(listener.getsockname(), support.PATIENCE)
        far, _ = listener.accept()
        far.settimeout(support.PATIENCE)
        near, far = support.both(lambda: client.wrap_socket(near, server_hostname="localhost", session=session),
                                 lambda: server.wrap_socket(far, server_side=True))
        if isinstance(far, Exception):
            raise far
        with near, far:
            self.assertEqual(near.session_reused, session is not None)
            for from_end, to_end, secret in ((near, far, "client's " + name), (far, near, "server's " + name)):
                from_end.sendall(secret.encode())
                self.assertEqual(support.receive(to_end, len(secret)), secret.encode())
            return near.session

    def scenes(self):
        """(name, client, server, how often)"""
        for version in (TLS12, TLS13):
            yield "%s, key log of the client" % version.name, self.logging(client_context(version=version)), server_context(), 2
            yield "%s, key log of the server" % version.name, client_context(version=version), self.logging(server_context()), 2
        yield "RSA key exchange", self.logging(client_context(version=TLS12, ciphers="AES128-SHA256")), server_context(ciphers="AES128-SHA256"), 2
        yield "CBC", self.logging(client_context(version=TLS12, ciphers="ECDHE-RSA-AES128-SHA256")), server_context(ciphers="ECDHE-RSA-AES128-SHA256"), 1
        hybrid = self.logging(client_context(version=TLS13))
        hybrid.set_groups("X25519MLKEM768")
        yield "hybrid", hybrid, server_context(), 2
        retry = self.logging(server_context())
        retry.set_groups("secp384r1")
        yield "retry", client_context(version=TLS13), retry, 2
        yield ("client certificate", self.logging(client_context(version=TLS13, certificate="client.pem")),
               server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem"), 1)

    def check(self, capture, names):
        opened = capture.followed(self.keys, len(names))
        closed = capture.followed(self.empty, len(names))
        for stream, name in enumerate(names):
            with self.subTest(name=name):
                for end in ("client's ", "server's "):
                    self.assertIn(digits((end + name).encode()), opened[stream])
                    self.assertNotIn(digits((end + name).encode()), closed[stream])

    def test_our_connections(self):
        names = []
        with support.listener() as listener:
            with Capture(self, listener.getsockname()[1]) as capture:
                for name, client, server, times in self.scenes():
                    session = None
                    for _ in range(times):
                        session = self.talk(listener, client, server, name, session)
                        names.append(name)
        self.check(capture, names)

    def test_key_update(self):
        """OpenSSL's server changes its key and asks for ours; what follows is under the new keys."""
        if not shutil.which("openssl"):
            self.skipTest("no openssl")
        command = ("openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", data("server.pem"), "-tls1_3", "-msg")
        with support.Program(*command) as program:
            port = int(program.hear_until("ACCEPT").rpartition(":")[2])
            with Capture(self, port) as capture:
                with socket.create_connection(("127.0.0.1", port), support.PATIENCE) as plain:
                    with self.logging(client_context()).wrap_socket(plain, server_hostname="localhost") as near:
                        for round_number in range(2):
                            program.say("K")
                            program.hear_until("KeyUpdate")         # it takes a line at a time for a command
                            program.say("server's update %d" % round_number)
                            near.sendall(b"ready\n")
                            wanted = ("server's update %d\n" % round_number).encode()
                            self.assertEqual(support.receive(near, len(wanted)), wanted)
                            near.sendall(("client's update %d\n" % round_number).encode())
                            program.hear_until("client's update %d" % round_number)
        opened, = capture.followed(self.keys, 1)
        for round_number in range(2):
            for end in ("client's update %d", "server's update %d"):
                self.assertIn(digits((end % round_number).encode()), opened)
        with open(self.keys) as log:
            labels = [line.split()[0] for line in log]
        self.assertEqual((labels.count("SERVER_TRAFFIC_SECRET_N"), labels.count("CLIENT_TRAFFIC_SECRET_N")), (2, 2))

    @unittest.skipUnless(stockpeer.available(), "no other ssl here")
    def test_with_the_interpreters_own_ssl(self):
        """Our key log alone, as client and as server."""
        sent = support.pattern(100)
        with stockpeer.Peer() as peer, support.listener() as listener:
            with Capture(self, peer.port, listener.getsockname()[1]) as capture:
                for version in (TLS12, TLS13):
                    peer.serve()
                    with socket.create_connection(("127.0.0.1", peer.port), support.PATIENCE) as plain:
                        with self.logging(support.careless_context(version=version)).wrap_socket(plain) as near:
                            near.sendall(sent)
                            self.assertEqual(support.receive(near, len(sent)), sent)
                    peer.answer()
                    peer.connect(listener.getsockname()[1], [100])
                    plain, _ = listener.accept()
                    with plain, self.logging(server_context(version=version)).wrap_socket(plain, server_side=True) as far:
                        support.echo(far)
                    self.assertNotIn("error", peer.answer())
        for opened in capture.followed(self.keys, 4):
            self.assertEqual(opened.count(digits(sent)), 2)


if __name__ == "__main__":
    unittest.main()
