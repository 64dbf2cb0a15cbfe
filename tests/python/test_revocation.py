"""CRLs: from files in PEM and DER and from hashed folders, for the leaf and for the whole chain, on both sides."""

import ssl
import unittest

import support
from support import client_context, data, server_context, tls_pair

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
LEAF, CHAIN = ssl.VERIFY_CRL_CHECK_LEAF, ssl.VERIFY_CRL_CHECK_CHAIN


class TestRevocation(support.TestCase):
    def context(self, flags, *lists):
        context = client_context(cafile=data("crl-root.pem"))
        for name in lists:
            context.load_verify_locations(data(name))
        context.verify_flags |= flags
        return context

    def accepted(self, context, certificate="crl-good.pem"):
        near, far = tls_pair(context, server_context(certificate), "localhost")
        near.close()
        far.close()

    def refused(self, context, certificate, code, message, alert, version=TLS13):
        with support.Server(server_context(certificate, version=version)) as server:
            error = self.assertFails(ssl.SSLCertVerificationError, server.connect, context, "localhost")
        self.assertEqual((error.verify_code, error.verify_message), (code, message))
        (heard,) = server.errors
        self.assertEqual(heard.reason, alert)

    def test_lists_are_counted_and_kept_once(self):
        context = self.context(LEAF, "crl-list-middle.pem", "crl-list-root.pem", "crl-list-middle.pem")
        self.assertEqual(context.cert_store_stats(), {"x509": 1, "x509_ca": 1, "crl": 2})
        self.assertEqual(len(context.get_ca_certs()), 1)

    def test_a_der_file(self):
        context = self.context(LEAF, "crl-list-middle.der")
        self.assertEqual(context.cert_store_stats()["crl"], 1)
        self.accepted(context)
        self.refused(context, "crl-revoked.pem", 23, "certificate revoked", "SSLV3_ALERT_CERTIFICATE_REVOKED")

    def test_no_list(self):
        self.refused(self.context(LEAF), "crl-good.pem", 3, "unable to get certificate CRL", "TLSV1_ALERT_UNKNOWN_CA")
        self.accepted(self.context(0))

    def test_leaf(self):
        context = self.context(LEAF, "crl-list-middle.pem")
        self.accepted(context)
        for version in (TLS12, TLS13):
            self.refused(context, "crl-revoked.pem", 23, "certificate revoked", "SSLV3_ALERT_CERTIFICATE_REVOKED", version)

    def test_revoked_but_not_asked(self):
        self.accepted(self.context(0, "crl-list-middle.pem"), "crl-revoked.pem")

    def test_expired_list(self):
        self.refused(self.context(LEAF, "crl-list-old.pem"), "crl-good.pem", 12, "CRL has expired",
                     "SSLV3_ALERT_CERTIFICATE_EXPIRED")

    def test_the_list_in_time_is_chosen(self):
        context = self.context(LEAF, "crl-list-old.pem", "crl-list-middle.pem")
        self.accepted(context)
        self.refused(context, "crl-revoked.pem", 23, "certificate revoked", "SSLV3_ALERT_CERTIFICATE_REVOKED")

    def test_chain(self):
        context = self.context(CHAIN, "crl-list-middle.pem", "crl-list-root.pem", "crl-list-gone.pem")
        self.accepted(context)
        self.refused(context, "crl-orphan.pem", 23, "certificate revoked", "SSLV3_ALERT_CERTIFICATE_REVOKED")
        # The leaf itself is on no list.
        self.accepted(self.context(LEAF, "crl-list-gone.pem"), "crl-orphan.pem")

    def test_chain_needs_a_list_of_every_authority(self):
        self.refused(self.context(CHAIN, "crl-list-middle.pem"), "crl-good.pem", 3,
                     "unable to get certificate CRL", "TLSV1_ALERT_UNKNOWN_CA")

    def test_hashed_folder(self):
        context = client_context(cafile=None)
        context.load_verify_locations(capath=data("crlpath"))
        context.verify_flags |= CHAIN
        self.assertEqual(context.cert_store_stats(), {"x509": 0, "x509_ca": 0, "crl": 0})
        self.accepted(context)
        self.assertEqual(context.cert_store_stats(), {"x509": 1, "x509_ca": 1, "crl": 3})
        self.refused(context, "crl-revoked.pem", 23, "certificate revoked", "SSLV3_ALERT_CERTIFICATE_REVOKED")

    def test_server_side(self):
        for version in (TLS12, TLS13):
            server = server_context(version=version, trust="crl-root.pem", verify_mode=ssl.CERT_REQUIRED)
            server.load_verify_locations(data("crl-list-middle.pem"))
            server.load_verify_locations(data("crl-list-root.pem"))
            server.verify_flags |= CHAIN
            near, far = tls_pair(client_context(certificate="crl-good-client.pem"), server, "localhost")
            near.close()
            far.close()
            with support.Server(server) as running:
                def attempt():
                    with running.connect(client_context(certificate="crl-revoked-client.pem")) as connection:
                        connection.recv(1)
                heard = self.assertFails(ssl.SSLError, attempt)
            (error,) = running.errors
            self.assertEqual(error.verify_code, 23)
            self.assertEqual(heard.reason, "SSLV3_ALERT_CERTIFICATE_REVOKED")


if __name__ == "__main__":
    unittest.main()
