"""Certificates that must be refused, by whom, with which code, and what the other side hears."""

import ssl
import unittest

import support
from support import client_context, data, server_context, tls_pair

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


class TestClientRefuses(support.TestCase):
    def refusal(self, certificate, hostname="localhost", context=None, version=TLS13):
        with support.Server(server_context(certificate, version=version)) as server:
            error = self.assertFails(ssl.SSLCertVerificationError, server.connect,
                                     context or client_context(), hostname)
        self.assertEqual(error.reason, "CERTIFICATE_VERIFY_FAILED")
        self.assertEqual(error.library, "SSL")
        self.assertEqual(error.errno, 1)
        self.assertTrue(str(error).startswith(
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: " + error.verify_message), error)
        (heard,) = server.errors
        self.assertIsInstance(heard, OSError)
        return error, heard

    def test_codes_and_alerts(self):
        for certificate, code, message, alert in (
                ("expired.pem", 10, "certificate has expired", "SSLV3_ALERT_CERTIFICATE_EXPIRED"),
                ("notyet.pem", 9, "certificate is not yet valid", "SSLV3_ALERT_BAD_CERTIFICATE"),
                ("selfsigned.pem", 18, "self-signed certificate", "TLSV1_ALERT_UNKNOWN_CA"),
                ("otherissuer.pem", 20, "unable to get local issuer certificate", "TLSV1_ALERT_UNKNOWN_CA"),
                ("chain-leaf-only.pem", 20, "unable to get local issuer certificate",
                 "TLSV1_ALERT_UNKNOWN_CA")):
            for version in (TLS12, TLS13):
                with self.subTest(certificate=certificate, version=version):
                    error, heard = self.refusal(certificate, version=version)
                    self.assertEqual((error.verify_code, error.verify_message), (code, message))
                    self.assertEqual(heard.reason, alert)

    def test_host_name(self):
        for certificate, hostname, code in (("wronghost.pem", "localhost", 62), ("server.pem", "other.example", 62),
                                            ("wronghost.pem", "127.0.0.1", 64), ("wildcard.pem", "example.test", 62),
                                            ("wildcard.pem", "a.b.example.test", 62)):
            with self.subTest(certificate=certificate, hostname=hostname):
                error, heard = self.refusal(certificate, hostname)
                self.assertEqual(error.verify_code, code)
                self.assertIn(hostname, error.verify_message)
                self.assertIn("ismatch", error.verify_message)

    def test_wrong_purpose(self):
        error, heard = self.refusal("wrongpurpose.pem")
        self.assertEqual(error.verify_code, 26)

    def test_issuer_that_is_no_authority(self):
        error, heard = self.refusal("notauthority.pem")
        self.assertIn(error.verify_code, (24, 79))

    def test_forged_signature(self):
        """The issuer's name is right and the signature is not by its key."""
        error, heard = self.refusal("forged.pem")
        self.assertIn(error.verify_code, (7, 20))

    def test_nothing_trusted(self):
        error, heard = self.refusal("server.pem", context=client_context(cafile=None))
        self.assertEqual(error.verify_code, 20)

    def test_self_signed_in_chain(self):
        error, heard = self.refusal("server.pem", context=client_context(cafile=data("otherca.pem")))
        self.assertEqual(error.verify_code, 20)

    def test_common_name_switched_off(self):
        context = client_context(hostname_checks_common_name=False)
        error, heard = self.refusal("commonname.pem", context=context)
        self.assertEqual(error.verify_code, 62)

    def test_missing_crl(self):
        context = client_context()
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
        error, heard = self.refusal("server.pem", context=context)
        self.assertEqual(error.verify_code, 3)

    def test_optional_is_required_for_a_client(self):
        context = client_context(protocol=ssl.PROTOCOL_TLS, verify_mode=ssl.CERT_OPTIONAL)
        error, heard = self.refusal("otherissuer.pem", context=context)
        self.assertEqual(error.verify_code, 20)

    def test_server_survives(self):
        with support.Server(server_context("expired.pem")) as server:
            self.assertRaises(ssl.SSLCertVerificationError, server.connect, client_context())
            with server.connect(support.careless_context()) as connection:
                connection.sendall(b"still there")
                self.assertEqual(support.receive(connection, 11), b"still there")


class TestClientAccepts(support.TestCase):
    def connected(self, certificate, hostname="localhost", **settings):
        near, far = tls_pair(client_context(**settings), server_context(certificate), hostname)
        near.close()
        far.close()

    def test_names(self):
        for certificate, hostname in (("server.pem", "localhost"), ("server.pem", "LOCALHOST"),
                                      ("server.pem", "127.0.0.1"), ("server.pem", "::1"),
                                      ("wildcard.pem", "www.example.test"), ("commonname.pem", "localhost"),
                                      ("wronghost.pem", "other.example"), ("wronghost.pem", "192.0.2.1")):
            with self.subTest(certificate=certificate, hostname=hostname):
                self.connected(certificate, hostname)

    def test_wrong_name_unchecked(self):
        self.connected("wronghost.pem", check_hostname=False)

    def test_self_signed_as_its_own_authority(self):
        self.connected("selfsigned.pem", cafile=data("selfsigned.pem"))

    def test_folder_of_authorities(self):
        context = client_context(cafile=None)
        context.load_verify_locations(capath=data("capath"))
        near, far = tls_pair(context, server_context())
        near.close()
        far.close()
        self.assertEqual(context.cert_store_stats()["x509"], 1)

    def test_intermediate_as_anchor(self):
        context = client_context(cafile=None)
        context.load_verify_locations(data("chain.pem"))
        self.assertRaises(ssl.SSLCertVerificationError, tls_pair, context,
                          server_context("chain-leaf-only.pem"))
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        near, far = tls_pair(context, server_context("chain-leaf-only.pem"))
        near.close()
        far.close()


class TestServerRefuses(support.TestCase):
    def refusal(self, client, version):
        """The server's error, and the client's: in TLS 1.3 it comes with the first read."""
        server = server_context(version=version, trust="ca.pem", verify_mode=ssl.CERT_REQUIRED)
        with support.Server(server) as server:
            def attempt():
                with server.connect(client) as connection:
                    connection.recv(1)
            heard = self.assertFails(ssl.SSLError, attempt)
        (error,) = server.errors
        return error, heard

    def test_no_certificate(self):
        for version in (TLS12, TLS13):
            error, heard = self.refusal(client_context(), version)
            self.assertEqual(error.reason, "PEER_DID_NOT_RETURN_A_CERTIFICATE")
            self.assertEqual(heard.reason, {TLS12: "SSLV3_ALERT_HANDSHAKE_FAILURE",
                                            TLS13: "TLSV13_ALERT_CERTIFICATE_REQUIRED"}[version])

    def test_bad_certificates(self):
        for certificate, code in (("selfsigned.pem", 18), ("otherissuer.pem", 20), ("server.pem", 26)):
            for version in (TLS12, TLS13):
                with self.subTest(certificate=certificate, version=version):
                    error, heard = self.refusal(client_context(certificate=certificate), version)
                    self.assertIsInstance(error, ssl.SSLCertVerificationError)
                    self.assertEqual(error.verify_code, code)


class TestNoVersion(support.TestCase):
    def test_all_versions_off(self):
        """An error, not the defaults."""
        for protocol, server_side in ((ssl.PROTOCOL_TLS_CLIENT, False), (ssl.PROTOCOL_TLS_SERVER, True)):
            context = ssl.SSLContext(protocol)
            context.check_hostname = False
            context.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
            connection = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=server_side)
            error = self.assertFails(ssl.SSLError, connection.do_handshake)
            self.assertEqual(error.reason, "NO_PROTOCOLS_AVAILABLE")


class TestPolicies(support.TestCase):
    def test_explicit_policy(self):
        """X509_V_FLAG_EXPLICIT_POLICY: nobody accepts a policy, so none is explicit; asking turns the check on."""
        context = client_context()
        context.verify_flags |= 0x100
        self.assertEqual(int(context.verify_flags) & 0x180, 0x180)
        with support.Server(server_context()) as server:
            error = self.assertFails(ssl.SSLCertVerificationError, server.connect, context, "localhost")
        self.assertEqual((error.verify_code, error.verify_message), (43, "no explicit policy"))


if __name__ == "__main__":
    unittest.main()
