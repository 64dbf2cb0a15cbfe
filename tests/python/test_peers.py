"""The programs that people have: OpenSSL's, GnuTLS's, curl, Java and Node, each as client of our server and as server
of our client; TLS 1.2 and 1.3, RSA and ECDSA keys, with and without a client's certificate, 100 KiB there and back.

A program that is not there is skipped by its name.
"""

import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import unittest

import support
from support import IRONPYTHON, client_context, data, server_context

SIZE = 102400
PEERS = os.path.join(os.path.dirname(support.data("")).rsplit(os.sep, 2)[0], "peers")
VERSIONS = (("TLSv1.2", ssl.TLSVersion.TLSv1_2), ("TLSv1.3", ssl.TLSVersion.TLSv1_3))
CERTIFICATES = ("server.pem", "server-ec.pem")
CLIENT = data("client.pem")
LINE = b"The quick brown fox jumps over the lazy dog, and back again.\n"     # for programs that hand on whole lines


def which(program):
    return shutil.which(program) if hasattr(shutil, "which") else None


def free_port():
    """For a program that cannot tell which port the system gave it."""
    with support.listener() as sock:
        return sock.getsockname()[1]


class Peers(support.TestCase):
    def each(self, check):
        """Calls with the version's name, the version, the server's certificate and whether the client shows one."""
        for name, version in VERSIONS:
            for certificate in CERTIFICATES:
                for known in (False, True):
                    with self.subTest(version=name, certificate=certificate, client_certificate=known):
                        check(name, version, certificate, known)

    def server(self, version, certificate, known, handle=None):
        settings = dict(trust="ca.pem", verify_mode=ssl.CERT_REQUIRED) if known else {}
        context = server_context(certificate, version=version, **settings)

        def seen(connection):
            result = (handle or support.echo)(connection)
            subject = connection.getpeercert()["subject"][-1][0][1] if known else None
            return connection.version(), subject, result
        return support.Server(context, seen)

    def finished(self, running, name, known, result=SIZE):
        running.finish()
        self.assertEqual(running.errors, [])
        self.assertEqual(running.results, [(name, "A Client" if known else None, result)])

    def client(self, version, known):
        return client_context(version=version, **(dict(certificate="client.pem") if known else {}))

    def echoed(self, port, context, name, sent, piece=None):
        """Sends in pieces, each of which is back before the next goes."""
        with socket.create_connection(("127.0.0.1", port), support.PATIENCE) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as near:
                self.assertEqual(near.version(), name)
                received = b""
                for at in range(0, len(sent), piece or len(sent)):
                    part = sent[at:at + (piece or len(sent))]
                    near.sendall(part)
                    received += support.receive(near, len(part))
                self.assertEqual(received, sent)


@unittest.skipIf(IRONPYTHON, "CPython drives the programs; the engine is the same")
class TestOpenSsl(Peers):
    def setUp(self):
        if not which("openssl"):
            self.skipTest("no openssl")

    OPTION = {"TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}

    def test_client(self):
        sent = support.pattern(SIZE)
        def check(name, version, certificate, known):
            with self.server(version, certificate, known, lambda end: end.sendall(support.receive(end, SIZE))) as running:
                command = ["openssl", "s_client", "-connect", "127.0.0.1:%d" % running.port, "-quiet", "-no_ign_eof",
                           "-CAfile", support.CA, "-verify_return_error", "-verify_hostname", "localhost", self.OPTION[name]]
                with support.Program(*(command + (["-cert", CLIENT] if known else []))) as client:
                    received, _ = support.both(lambda: client.process.stdout.read(SIZE),
                                               lambda: (client.process.stdin.write(sent), client.process.stdin.flush()))
                self.assertEqual(received, sent)
                self.finished(running, name, known, None)
        self.each(check)

    def test_server(self):
        def check(name, version, certificate, known):
            command = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-rev", "-cert", data(certificate),
                       "-CAfile", support.CA, self.OPTION[name]]
            with support.Program(*(command + (["-Verify", "1", "-verify_return_error"] if known else []))) as server:
                port = int(server.hear_until("ACCEPT").rsplit(":", 1)[-1])
                with socket.create_connection(("127.0.0.1", port), support.PATIENCE) as plain:
                    with self.client(version, known).wrap_socket(plain, server_hostname="localhost") as near:
                        self.assertEqual(near.version(), name)
                        for _ in range(SIZE // 10000):
                            line = LINE.replace(b"\n", b" ") * 160
                            near.sendall(line + b"\n")
                            self.assertEqual(support.receive(near, len(line) + 1), line[::-1] + b"\n")
        self.each(check)


@unittest.skipIf(IRONPYTHON, "CPython drives the programs; the engine is the same")
class TestGnuTls(Peers):
    def priority(self, name):
        return "NORMAL:-VERS-ALL:+VERS-" + name.replace("v", "")

    def test_client(self):
        if not which("gnutls-cli"):
            self.skipTest("no gnutls-cli")
        sent = (LINE * (SIZE // len(LINE) + 1))[:SIZE - 1] + b"\n"
        def check(name, version, certificate, known):
            with self.server(version, certificate, known, lambda end: end.sendall(support.receive(end, SIZE))) as running:
                command = ["gnutls-cli", "--x509cafile", support.CA, "--priority", self.priority(name),
                           "--logfile", os.devnull, "--port", str(running.port), "localhost"]
                own = ["--x509certfile", CLIENT, "--x509keyfile", CLIENT] if known else []
                with support.Program(*(command + own)) as client:
                    received, _ = support.both(lambda: client.process.stdout.read(SIZE),
                                               lambda: (client.process.stdin.write(sent), client.process.stdin.flush()))
                self.assertEqual(received, sent)
                self.finished(running, name, known, None)
        self.each(check)

    def test_server(self):
        if not which("gnutls-serv"):
            self.skipTest("no gnutls-serv")
        def check(name, version, certificate, known):
            port = free_port()
            command = ["gnutls-serv", "--echo", "--port", str(port), "--priority", self.priority(name),
                       "--x509certfile", data(certificate), "--x509keyfile", data(certificate), "--x509cafile", support.CA]
            command += ["--require-client-cert", "--verify-client-cert"] if known else ["--disable-client-cert"]
            with support.Program(*command, stderr=subprocess.STDOUT) as server:
                server.hear_until("listening on IPv4")
                server.ignore()
                self.echoed(port, self.client(version, known), name, LINE * (SIZE // len(LINE) + 1), 16 * len(LINE))
        self.each(check)


@unittest.skipIf(IRONPYTHON, "CPython drives the programs; the engine is the same")
class TestCurl(Peers):
    def setUp(self):
        if not which("curl"):
            self.skipTest("no curl")

    def test_client(self):
        """A POST whose body comes back."""
        sent = support.pattern(SIZE)
        file = tempfile.NamedTemporaryFile()
        self.addCleanup(file.close)
        file.write(sent)
        file.flush()

        def handle(connection):
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(1)
            self.assertEqual(head.split(b" ")[0], b"POST")
            body = support.receive(connection, SIZE)
            connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            return len(body)
        def check(name, version, certificate, known):
            with self.server(version, certificate, known, handle) as running:
                command = ["curl", "--silent", "--show-error", "--max-time", str(support.PATIENCE), "--cacert", support.CA,
                           "--header", "Expect:", "--data-binary", "@" + file.name, "--" + name.lower(),
                           "--tls-max", name[-3:], "https://localhost:%d/" % running.port, "--resolve",
                           "localhost:%d:127.0.0.1" % running.port, "--noproxy", "*"]
                self.assertEqual(subprocess.check_output(command + (["--cert", CLIENT] if known else [])), sent)
                self.finished(running, name, known)
        self.each(check)


class Spoken(object):
    """A program that takes commands, see peers/Peer.java; one process for all cases."""

    command = ()

    @classmethod
    def setUpClass(cls):
        if IRONPYTHON:
            raise unittest.SkipTest("CPython drives the programs; the engine is the same")
        if not which(cls.command[0]):
            raise unittest.SkipTest("no " + cls.command[0])
        cls.program = support.Program(*(list(cls.command) + [support.CA]))
        cls.program.hear_until("ready")

    @classmethod
    def tearDownClass(cls):
        cls.program.__exit__()

    def test_client(self):
        def check(name, version, certificate, known):
            with self.server(version, certificate, known) as running:
                self.program.say("connect", running.port, name, CLIENT if known else "-", SIZE)
                self.assertEqual(self.program.hear(), "done " + name)
                self.finished(running, name, known)
        self.each(check)

    def test_server(self):
        def check(name, version, certificate, known):
            self.program.say("serve", name, data(certificate), int(known))
            port = int(self.program.hear_until("port").split()[1])
            try:
                self.echoed(port, self.client(version, known), name, support.pattern(SIZE), 16384)
            finally:
                answer = self.program.hear()
            self.assertEqual(answer, "done " + name)
        self.each(check)

    def test_server_refuses_a_client_without_certificate(self):
        for name, version in VERSIONS:
            with self.subTest(version=name):
                self.program.say("serve", name, data("server.pem"), 1)
                port = int(self.program.hear_until("port").split()[1])
                try:
                    self.assertFails(OSError, self.echoed, port, self.client(version, False), name, b"x" * 100)
                finally:
                    answer = self.program.hear()
                self.assertEqual(answer[:6], "failed")

    def test_client_refuses_a_stranger(self):
        for name, version in VERSIONS:
            with self.subTest(version=name):
                with self.server(version, "otherissuer.pem", False) as running:
                    self.program.say("connect", running.port, name, "-", 1)
                    self.assertEqual(self.program.hear()[:6], "failed")
                    running.finish()
                    # Node's shakes hands first and looks then: that it sent nothing is what counts.
                    self.assertEqual([received for _, _, received in running.results if received], [])


class TestJava(Spoken, Peers):
    command = ("java", "-XX:TieredStopAtLevel=1", os.path.join(PEERS, "Peer.java"))


class TestNode(Spoken, Peers):
    command = ("node", os.path.join(PEERS, "peer.js"))


if __name__ == "__main__":
    unittest.main()
