"""error.explanation: what failed, what was looked for and where, and what would help."""

import copy
import os
import pickle
import ssl
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import support      # noqa: E402

OURS = "SslModule" in ssl.OPENSSL_VERSION


def attempt(server, client, hostname="localhost"):
    """The two ends' exceptions, or None."""
    near, far = support.connected_pair()

    def ending(wrap, sock):
        try:
            wrap().close()
            return None
        except (OSError, ValueError) as error:
            return error
        finally:
            sock.close()

    return support.both(lambda: ending(lambda: client.wrap_socket(near, server_hostname=hostname), near),
                        lambda: ending(lambda: server.wrap_socket(far, server_side=True), far))


def lines(error):
    """The explanation's lines as a dict by their labels."""
    return dict(line.split(": ", 1) for line in error.explanation.splitlines())


@unittest.skipUnless(OURS, "the interpreter's own errors have no explanation")
class Verification(support.TestCase):
    def refused(self, client, certificate="server.pem", hostname="localhost"):
        error, _ = attempt(support.server_context(certificate), client, hostname)
        self.assertIsInstance(error, ssl.SSLCertVerificationError)
        return error

    def test_the_text_and_the_code_stay_as_they_are(self):
        error = self.refused(support.client_context(cafile=None))
        self.assertRegex(str(error), r"^\[SSL: CERTIFICATE_VERIFY_FAILED\] certificate verify failed: unable to get local issuer certificate \(_ssl\.c:\d+\)$")
        self.assertEqual((error.verify_code, error.verify_message), (20, "unable to get local issuer certificate"))
        self.assertIsInstance(error.explanation, str)
        self.assertIs(error.explanation, error.explanation)

    def test_an_unknown_root(self):
        found = lines(self.refused(support.client_context(cafile=support.data("otherca.pem"))))
        self.assertEqual(sorted(found), ["certificate", "looked for", "looked in", "what would help"])
        self.assertTrue(found["certificate"].startswith("depth 0, the server's own; subject 'CN=localhost,"), found)
        self.assertIn("valid from 2020-01-01 00:00:00 UTC to 2049-12-31 23:59:59 UTC", found["certificate"])
        self.assertIn("issuer, 'CN=Test Authority,", found["looked for"])
        self.assertIn("; 1 trusted certificate of the file %s" % support.data("otherca.pem"), found["looked in"])

    def test_nothing_loaded(self):
        self.assertIn("none were loaded into this context", lines(self.refused(support.client_context(cafile=None)))["looked in"])

    def test_each_source_is_named(self):
        client = support.client_context(cafile=support.data("otherca.pem"))
        client.load_verify_locations(capath=support.data("crlpath"))
        with open(support.data("selfsigned.pem")) as file:
            text = file.read()
        client.load_verify_locations(cadata=text[text.index("-----BEGIN CERTIFICATE"):])
        place = lines(self.refused(client))["looked in"]
        for part in (support.data("otherca.pem"), "the directory %s" % support.data("crlpath"), "handed over as data"):
            self.assertIn(part, place)

    def test_a_missing_intermediate(self):
        found = lines(self.refused(support.client_context(), "chain-leaf-only.pem"))
        self.assertIn("the server did not send the certificate of 'CN=", found["what would help"])
        self.assertIn("If that is an intermediate, the server has to send it", found["what would help"])

    def test_expired_and_not_yet_valid(self):
        found = lines(self.refused(support.client_context(), "expired.pem"))
        self.assertIn("the time of this computer's clock", found["looked for"])
        self.assertIn("it has expired", found["what would help"])
        self.assertIn("it becomes valid in", lines(self.refused(support.client_context(), "notyet.pem"))["what would help"])

    def test_another_name(self):
        found = lines(self.refused(support.client_context(), "wronghost.pem"))
        self.assertEqual(found["looked for"], "the name 'localhost'")
        self.assertIn("valid for 'other.example', 192.0.2.1:", found["what would help"])

    def test_self_signed(self):
        self.assertIn("has signed itself", lines(self.refused(support.client_context(), "selfsigned.pem"))["what would help"])

    def test_another_purpose(self):
        self.assertIn("it was issued for 'TLS Web Client Authentication'", lines(self.refused(support.client_context(), "wrongpurpose.pem"))["what would help"])

    def test_without_a_revocation_list(self):
        client = support.client_context(verify_flags=ssl.VERIFY_CRL_CHECK_LEAF)
        found = lines(self.refused(client))
        self.assertIn("a certificate revocation list (CRL) of 'CN=Test Authority,", found["looked for"])
        self.assertIn("CRLs are never fetched", found["what would help"])

    def test_revoked(self):
        client = support.client_context(cafile=support.data("crl-root.pem"), verify_flags=ssl.VERIFY_CRL_CHECK_LEAF)
        for name in ("crl-list-root.pem", "crl-list-middle.pem"):
            client.load_verify_locations(support.data(name))
        found = lines(self.refused(client, "crl-revoked.pem"))
        self.assertIn("its issuer has revoked it", found["what would help"])
        self.assertIn("the CRL of 'CN=", found["looked in"])

    def test_a_root_that_the_system_has(self):
        """The variable names the system's file; it is read when it is asked for, and not by the context."""
        script = ("import sys; sys.path.insert(0, %r); import support, test_explanation as this\n"
                  "error, _ = this.attempt(support.server_context(), support.client_context(cafile=support.data('otherca.pem')))\n"
                  "print(error.explanation)" % os.path.dirname(os.path.abspath(__file__)))
        said = subprocess.check_output([sys.executable, "-c", script], env=dict(os.environ, SSL_CERT_FILE=support.CA)).decode()
        self.assertRegex(said, "the root 'CN=Test Authority,.*' is in the system's store but this context did not load it: load_default_certs()")

    def test_it_goes_where_the_exception_goes(self):
        error = self.refused(support.client_context(), "wronghost.pem")
        self.assertEqual(pickle.loads(pickle.dumps(error)).explanation, error.explanation)
        self.assertEqual(copy.copy(error).explanation, error.explanation)
        unread = self.refused(support.client_context(), "wronghost.pem")
        self.assertEqual(pickle.loads(pickle.dumps(unread)).explanation, error.explanation)

    def test_of_the_servers_view_on_a_client(self):
        server = support.server_context(verify_mode=ssl.CERT_REQUIRED, trust="otherca.pem")
        _, error = attempt(server, support.client_context(certificate="client.pem"))
        self.assertTrue(lines(error)["certificate"].startswith("depth 1, counted from the client's own at 0"), error.explanation)


@unittest.skipUnless(OURS, "the interpreter's own errors have no explanation")
class Protocol(support.TestCase):
    def test_no_version_in_common(self):
        client, server = attempt(support.server_context(version=ssl.TLSVersion.TLSv1_2), support.client_context(version=ssl.TLSVersion.TLSv1_3))
        self.assertEqual((lines(server)["the client offered"], lines(server)["this server accepts"]), ("versions TLSv1.3", "versions TLSv1.2"))
        self.assertEqual(lines(client)["this client offered"], "versions TLSv1.3")
        self.assertIn("the server has sent the alert protocol_version (70)", lines(client)["what happened"])
        self.assertIn("this server has sent the alert protocol_version (70)", lines(server)["what happened"])

    def test_no_cipher_in_common(self):
        version = ssl.TLSVersion.TLSv1_2
        client, server = attempt(support.server_context(version=version, ciphers="ECDHE-RSA-AES128-GCM-SHA256"),
                                 support.client_context(version=version, ciphers="ECDHE-RSA-AES256-GCM-SHA384"))
        self.assertEqual(server.reason, "NO_SHARED_CIPHER")
        self.assertIn("ciphers ECDHE-RSA-AES256-GCM-SHA384;", lines(server)["the client offered"])
        self.assertIn("ciphers ECDHE-RSA-AES128-GCM-SHA256;", lines(server)["this server accepts"])
        self.assertIn("ciphers ECDHE-RSA-AES256-GCM-SHA384;", lines(client)["this client offered"])

    def test_a_refused_certificate_on_the_other_end(self):
        _, server = attempt(support.server_context(), support.client_context(cafile=None))
        self.assertIn("the client has sent the alert unknown_ca (48)", lines(server)["what happened"])
        self.assertIn("this end sent 'CN=localhost,", lines(server)["what would help"])

    def without_tls(self, text, wrap):
        near, far = support.connected_pair()
        try:
            far.sendall(text)
            error = self.assertFails(ssl.SSLError, wrap, near)
        finally:
            near.close()
            far.close()
        return error

    def test_http_to_a_tls_port(self):
        context = support.server_context()
        error = self.without_tls(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", lambda sock: context.wrap_socket(sock, server_side=True))
        self.assertEqual(error.reason, "HTTP_REQUEST")
        self.assertIn("'GET / HTTP/1.1', which is an HTTP request without TLS", error.explanation)

    def test_tls_to_other_ports(self):
        for text, said in ((b"HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP without TLS"), (b"220 mail.example ESMTP\r\n", "STARTTLS")):
            context = support.client_context()
            error = self.without_tls(text, lambda sock: context.wrap_socket(sock, server_hostname="localhost"))
            self.assertEqual(error.reason, "WRONG_VERSION_NUMBER")
            self.assertIn(said, error.explanation)

    def test_a_client_certificate_that_is_missing(self):
        server = support.server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem")
        with support.Server(server) as running:
            connection = running.connect(support.client_context())
            try:
                error = self.assertFails(ssl.SSLError, connection.recv, 1)
            finally:
                connection.close()
        self.assertIn("certificate_required (116)", error.explanation)
        self.assertIn("load_cert_chain()", error.explanation)

    def test_nothing_to_say(self):
        self.assertIsNone(ssl.SSLError("a program's own").explanation)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.assertIsNone(self.assertFails(ssl.SSLError, context.set_ciphers, "no such").explanation)
        waiting = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")
        self.assertIsNone(self.assertFails(ssl.SSLWantReadError, waiting.do_handshake).explanation)


if __name__ == "__main__":
    unittest.main()
