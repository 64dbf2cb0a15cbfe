"""The page's table: which client constant reaches which server constant, and at what version."""

import shutil
import socket
import ssl
import subprocess
import unittest

import support
from support import tls_pair

# Old versions sign with MD5 and SHA-1, which the default security level forbids.
OLD_FRIENDLY = "ALL:@SECLEVEL=0"
VERSIONS = [("SSLv3", "SSLv3"), ("TLSv1", "TLSv1"), ("TLSv1_1", "TLSv1.1"), ("TLSv1_2", "TLSv1.2"),
            ("TLSv1_3", "TLSv1.3")]


def constants():
    """(name, the versions that it speaks, best last), for what the host has."""
    present = [text for name, text in VERSIONS if getattr(ssl, "HAS_" + name)]
    found = []
    for name in ("SSLv3", "TLSv1", "TLSv1_1", "TLSv1_2"):
        constant = getattr(ssl, "PROTOCOL_" + name, None)
        if constant is not None and getattr(ssl, "HAS_" + name):
            found.append((constant, [dict(VERSIONS)[name]]))
    found.append((ssl.PROTOCOL_SSLv23, [text for text in present if text != "SSLv3"]))
    return found


class ContextCase(support.TestCase):
    def context(self, protocol, server):
        context = ssl.SSLContext(protocol)
        context.set_ciphers(OLD_FRIENDLY)
        if protocol == ssl.PROTOCOL_SSLv23:
            context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        if protocol == getattr(ssl, "PROTOCOL_SSLv3", None):
            context.options &= ~ssl.OP_NO_SSLv3
        if server:
            context.load_cert_chain(support.data("server.pem"))
        return context


class TestMatrix(ContextCase):
    def agreed(self, client, server):
        """The version agreed on, or None."""
        try:
            near, far = tls_pair(client, server, hostname=None)
        except OSError:
            return None
        with near, far:
            near.sendall(b"ping")
            self.assertEqual(support.receive(far, 4), b"ping")
            far.sendall(b"pong")
            self.assertEqual(support.receive(near, 4), b"pong")
            self.assertEqual(near.version(), far.version())
            return near.version()

    def test_constants(self):
        for client, client_speaks in constants():
            for server, server_speaks in constants():
                common = [text for text in client_speaks if text in server_speaks]
                with self.subTest(client=client, server=server):
                    self.assertEqual(self.agreed(self.context(client, False), self.context(server, True)),
                                     common[-1] if common else None)

    def test_sslv2(self):
        """The page's fourth column and row: refused, and with the reason."""
        if "SslModule" in ssl.OPENSSL_VERSION:
            for other in (0, ssl.PROTOCOL_TLS):
                for client, server in ((0, other), (other, 0)):
                    ends = [self.context(client, False), self.context(server, True)]
                    near, far = support.connected_pair()
                    with near, far:
                        outcome = support.both(
                            lambda: self.assertFails(OSError, ends[0].wrap_socket, near),
                            lambda: ends[1].wrap_socket(far, server_side=True))
                    for side, error in zip((client, server), outcome):
                        self.assertIsInstance(error, OSError)
                        if side == 0:
                            self.assertEqual(error.reason, "UNSUPPORTED_PROTOCOL")
                            self.assertIn("6176", str(error))
        self.assertFalse(getattr(ssl, "HAS_SSLv2", False))

    def test_both_new_versions_off(self):
        """Not the defaults instead: an error, on the side that has no version left."""
        for which in (False, True):
            client, server = support.careless_context(), support.server_context()
            (server if which else client).options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
            ends = [client.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO()),
                    server.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=True)]
            if not which:
                error = self.assertFails(ssl.SSLError, ends[0].do_handshake)
                self.assertEqual(error.reason, "NO_PROTOCOLS_AVAILABLE")
            else:
                self.assertIsNone(self.agreed(client, server))

    def test_minimum_and_maximum(self):
        """Every range of versions against every single one."""
        present = [(getattr(ssl.TLSVersion, name), text) for name, text in VERSIONS
                   if getattr(ssl, "HAS_" + name)]
        for low in range(len(present)):
            for high in range(low, len(present)):
                for one, (version, text) in enumerate(present):
                    client = self.context(ssl.PROTOCOL_TLS, False)
                    client.minimum_version, client.maximum_version = present[low][0], present[high][0]
                    server = self.context(ssl.PROTOCOL_TLS, True)
                    server.minimum_version = server.maximum_version = version
                    with self.subTest(low=present[low][1], high=present[high][1], server=text):
                        self.assertEqual(self.agreed(client, server), text if low <= one <= high else None)

    def test_options(self):
        """A version switched off is not taken, though both have it. OpenSSL's client takes the best
        below such a hole, for a Client Hello before TLS 1.3 names a range."""
        present = [text for name, text in VERSIONS[1:] if getattr(ssl, "HAS_" + name)]
        for name, text in VERSIONS[1:]:
            if text not in present:
                continue
            for which in (False, True):
                client = self.context(ssl.PROTOCOL_TLS, False)
                server = self.context(ssl.PROTOCOL_TLS, True)
                (server if which else client).options |= getattr(ssl, "OP_NO_" + name)
                with self.subTest(off=text, server=which):
                    self.assertIn(self.agreed(client, server), [other for other in present if other != text])

    def test_old_versions_are_off_by_default(self):
        for name, text in VERSIONS[:3]:
            if not getattr(ssl, "HAS_" + name):
                continue
            client = ssl.SSLContext(ssl.PROTOCOL_TLS)
            server = support.server_context()
            server.set_ciphers(OLD_FRIENDLY)
            server.minimum_version = server.maximum_version = getattr(ssl.TLSVersion, name)
            with self.subTest(version=text):
                self.assertIsNone(self.agreed(client, server))


@unittest.skipUnless(shutil.which("openssl"), "no openssl program")
class TestAgainstOpenSsl(ContextCase):
    """Every constant against each version of the openssl program; usual builds of it have no SSL 3.0."""

    OPTIONS = [("-tls1", "TLSv1"), ("-tls1_1", "TLSv1.1"), ("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")]

    def test_our_clients(self):
        for option, text in self.OPTIONS:
            with support.Program("openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", support.data("server-cert.pem"),
                                 "-key", support.data("server-key.pem"), "-cipher", OLD_FRIENDLY, "-rev", option) as server:
                port = int(server.hear_until("ACCEPT").rsplit(":", 1)[1])
                for client, speaks in constants():
                    with self.subTest(server=text, client=client):
                        self.assertEqual(self.reversed(client, port), text if text in speaks else None)

    def reversed(self, client, port):
        """The version that a client and `s_server -rev` agree on; None if they do not."""
        plain = socket.create_connection(("127.0.0.1", port), support.PATIENCE)
        try:
            with self.context(client, False).wrap_socket(plain) as connection:
                connection.sendall(b"ping\n")
                self.assertEqual(support.receive(connection, 5), b"gnip\n")
                return connection.version()
        except ssl.SSLError:
            return None
        finally:
            plain.close()

    def test_our_servers(self):
        for protocol, speaks in constants():
            for option, text in self.OPTIONS:
                server = support.Server(self.context(protocol, True), lambda connection: connection.version())
                with server:
                    client = subprocess.Popen(
                        ["openssl", "s_client", "-connect", "127.0.0.1:%d" % server.port, "-cipher", OLD_FRIENDLY, option],
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                    client.communicate(b"")
                with self.subTest(server=protocol, client=text):
                    self.assertEqual(server.results, [text] if text in speaks else [])


if __name__ == "__main__":
    unittest.main()
