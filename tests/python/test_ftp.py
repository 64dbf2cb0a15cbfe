"""ftplib.FTP_TLS: the control connection, protected transfers, and data connections that resume its session."""

import ftplib
import io
import ssl
import unittest

import servers
import support
from servers import BODY, running
from support import client_context, data, server_context

STRANGER = data("otherca.pem")
VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
LENGTHS = (0, 1, 2047, 2048, 2049, 16383, 16384, 16385, 500000)


class Resuming(ftplib.FTP_TLS):
    """The subclass that everybody writes for servers that demand the control connection's session."""

    def ntransfercmd(self, command, rest=None):
        connection, size = ftplib.FTP.ntransfercmd(self, command, rest)
        if self._prot_p:
            connection = self.context.wrap_socket(connection, server_hostname=self.host, session=self.sock.session)
        return connection, size


class TestFtp(support.TestCase):
    """ftplib: `FTP_TLS`, PROT P and C, CCC, data connections that resume the control connection's session, a server that demands it."""

    def serving(self, context=None, **settings):
        settings.setdefault("strict", False)
        settings.setdefault("files", {})
        return running(servers.Plain(servers.Ftp, context or server_context(), transfers=[], **settings))

    def open(self, server, context=None, kind=ftplib.FTP_TLS):
        client = kind(context=context or client_context(), timeout=support.PATIENCE)
        self.addCleanup(client.close)
        client.connect("localhost", server.port)
        client.login("user", "password")
        return client

    def exchange(self, client, server):
        """Sends and takes back files of every length."""
        for length in LENGTHS:
            name, body = "file%d" % length, BODY[:length]
            client.storbinary("STOR " + name, io.BytesIO(body))
            self.assertEqual(server.files[name], body)
            received = io.BytesIO()
            client.retrbinary("RETR " + name, received.write)
            self.assertEqual(received.getvalue(), body)
        self.assertEqual(client.nlst(), sorted(server.files))
        lines = ["first", "", "last " + "x" * 3000]
        client.storlines("STOR lines", io.BytesIO("\r\n".join(lines).encode()))
        received = []
        client.retrlines("RETR lines", received.append)
        self.assertEqual(received, lines)

    def test_protected(self):
        for version in VERSIONS:
            with self.subTest(version=version), self.serving() as server:
                client = self.open(server, client_context(version=version))
                client.prot_p()
                self.exchange(client, server)
                self.assertEqual(set(server.transfers), {(True, False)})
                client.quit()
                self.assertEqual(server.errors, ())

    def test_session_of_the_control_connection(self):
        for version in VERSIONS:
            with self.subTest(version=version), self.serving(strict=True) as server:
                client = self.open(server, client_context(version=version), Resuming)
                client.prot_p()
                self.exchange(client, server)
                self.assertEqual(set(server.transfers), {(True, True)})
                client.quit()
                self.assertEqual(server.errors, ())

    def test_server_that_demands_resumption(self):
        with self.serving(strict=True, files={"a": b"secret"}) as server:
            client = self.open(server)
            client.prot_p()
            received = []
            error = self.assertFails(ftplib.Error, client.retrbinary, "RETR a", received.append)
            self.assertEqual((str(error)[:3], received), ("522", []))
            client.quit()

    def test_clear_transfers(self):
        with self.serving(files={"a": b"text"}) as server:
            client = self.open(server)
            received = []
            client.retrbinary("RETR a", received.append)
            client.prot_p()
            client.retrbinary("RETR a", received.append)
            client.prot_c()
            client.retrbinary("RETR a", received.append)
            client.quit()
            self.assertEqual((received, server.transfers), ([b"text"] * 3, [(False, None), (True, False), (False, None)]))

    def test_back_to_a_clear_control_connection(self):
        for version in VERSIONS:
            with self.subTest(version=version), self.serving(files={"a": b"text"}) as server:
                client = self.open(server, client_context(version=version))
                client.prot_p()
                self.assertTrue(client.sock.version())
                client.ccc()
                self.assertIsNone(client.sock.version())
                received = []
                client.retrbinary("RETR a", received.append)
                client.quit()
                self.assertEqual((received, server.transfers, server.errors), ([b"text"], [(True, False)], ()))

    def test_unknown_authority(self):
        with self.serving() as server:
            for context in (client_context(cafile=STRANGER), ssl.create_default_context()):
                error = self.assertFails(ssl.SSLCertVerificationError, self.open, server, context)
                self.assertEqual(error.verify_code, 20)
            self.open(server).quit()

    def test_unknown_authority_of_a_transfer(self):
        """The control connection is trusted, the data connection shows another certificate."""
        with self.serving(files={"a": b"text"}) as server:
            client = self.open(server)
            client.prot_p()
            server.context = server_context("otherissuer.pem")
            self.assertFails(ssl.SSLCertVerificationError, client.retrbinary, "RETR a", [].append)


if __name__ == "__main__":
    unittest.main()
