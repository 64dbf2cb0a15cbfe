"""Pre-shared keys: RFC 4279's exchanges in TLS 1.2, external PSKs in TLS 1.3."""

import ssl
import unittest

import support
from support import careless_context, client_context, data, server_context
from test_sni import shake_hands

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
VERSIONS = (TLS12, TLS13)
KEY = b"\xde\xad\xbe\xef" * 4
ANY = "PSK:@SECLEVEL=1"


def client(callback=lambda hint: ("someone", KEY), ciphers=ANY, **settings):
    context = careless_context(ciphers=ciphers, **settings)
    if callback is not None:
        context.set_psk_client_callback(callback)
    return context


def server(callback=lambda identity: KEY, hint=None, ciphers=ANY, certificate=None, **settings):
    context = server_context(certificate, ciphers=ciphers, **settings)
    if callback is not None:
        context.set_psk_server_callback(callback, hint)
    return context


class TestPsk(support.TestCase):
    def agree(self, one, other, **options):
        near, far, failure, refusal = shake_hands(one, other, **options)
        self.assertEqual((failure, refusal), (None, None))
        self.assertEqual(near.cipher(), far.cipher())
        self.assertIsNone(near.getpeercert())
        return near, far

    def refuse(self, one, other):
        near, far, failure, refusal = shake_hands(one, other)
        return getattr(failure, "reason", failure), getattr(refusal, "reason", refusal)

    # -- what works ---------------------------------------------------------------------------

    def test_constant(self):
        self.assertIs(ssl.HAS_PSK, True)

    def test_exchanges_of_tls12(self):
        for name in ("PSK-AES256-GCM-SHA384", "PSK-AES128-CBC-SHA256", "PSK-CHACHA20-POLY1305", "PSK-AES128-CCM",
                     "DHE-PSK-AES128-GCM-SHA256", "DHE-PSK-CHACHA20-POLY1305", "DHE-PSK-AES256-CBC-SHA384",
                     "ECDHE-PSK-CHACHA20-POLY1305", "ECDHE-PSK-AES128-CBC-SHA256", "ECDHE-PSK-AES256-CBC-SHA384"):
            with self.subTest(name=name):
                far_context = server(ciphers=name)
                far_context.load_dh_params(support.data("dh2048.pem"))
                near, far = self.agree(client(ciphers=name, version=TLS12), far_context)
                self.assertEqual((near.cipher()[0], near.version()), (name, "TLSv1.2"))
                self.assertEqual((near.session_reused, far.session_reused), (False, False))

    def test_rsa_psk(self):
        for name in ("RSA-PSK-AES128-GCM-SHA256", "RSA-PSK-AES256-CBC-SHA384"):
            with self.subTest(name=name):
                near, far, failure, refusal = shake_hands(
                    with_keys(client_context(version=TLS12, ciphers=name)), server(ciphers=name, certificate="server.pem"))
                self.assertEqual((failure, refusal), (None, None))
                self.assertEqual(near.cipher()[0], name)
                self.assertTrue(near.getpeercert()["subject"])

    def test_rsa_psk_checks_the_certificate(self):
        name = "RSA-PSK-AES128-GCM-SHA256"
        near, far, failure, refusal = shake_hands(with_keys(client_context(version=TLS12, ciphers=name)),
                                                  server(ciphers=name, certificate="server.pem"), "elsewhere")
        self.assertIsInstance(failure, ssl.SSLCertVerificationError)

    def test_external_psk_of_tls13(self):
        identities = []
        near, far = self.agree(client(version=TLS13), server(lambda identity: identities.append(identity) or KEY))
        self.assertEqual((near.version(), identities), ("TLSv1.3", ["someone"]))
        self.assertIn(near.cipher()[0], ("TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"))
        self.assertEqual((near.session_reused, far.session_reused), (True, True))

    def test_client_that_verifies_needs_no_certificate(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                self.agree(with_keys(client_context(version=version, ciphers=ANY)), server())

    def test_server_that_verifies_needs_no_certificate(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                self.agree(client(version=version), server(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem"))

    def test_hint_and_identity(self):
        for hint, identity in (("a hint", "someone"), ("\u8eab\u4efd\u6697\u793a", "\u5ba2\u6237\u8eab\u4efd"), (None, "x")):
            seen = []
            with self.subTest(hint=hint):
                self.agree(client(lambda given: seen.append(given) or (identity, KEY), version=TLS12),
                           server(lambda name: seen.append(name) or KEY, hint))
                self.assertEqual(seen, [hint, identity])

    def test_hint_by_name(self):
        context, hints = server(None), []
        context.set_psk_server_callback(callback=lambda identity: KEY, identity_hint="by name")
        self.agree(client(lambda hint: hints.append(hint) or ("x", KEY), version=TLS12), context)
        self.assertEqual(hints, ["by name"])

    def test_no_hint_in_tls13(self):
        hints = []
        self.agree(client(lambda hint: hints.append(hint) or ("x", KEY), version=TLS13), server(hint="not sent"))
        self.assertEqual(hints, [None])

    def test_empty_identity_in_tls12(self):
        for empty in (None, "", b""):
            with self.subTest(empty=empty):
                identities = []
                self.agree(client(lambda hint: (empty, KEY), version=TLS12),
                           server(lambda identity: identities.append(identity) or KEY))
                self.assertEqual(identities, [None])

    def test_bytes_like_answers(self):
        for version in VERSIONS:
            for identity, key in ((b"someone", bytearray(KEY)), ("someone", memoryview(KEY)), (bytearray(b"a"), KEY)):
                with self.subTest(version=version, identity=identity):
                    self.agree(client(lambda hint: (identity, key), version=version), server(lambda name: bytearray(KEY)))

    def test_longest(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                identities = []
                self.agree(client(lambda hint: ("i" * 255, b"k" * 512), version=version),
                           server(lambda identity: identities.append(identity) or b"k" * 512))
                self.assertEqual(identities, ["i" * 255])

    def test_certificate_beside_psk(self):
        """A server that has both: who brings no key it knows gets the certificate."""
        for version in VERSIONS:
            with self.subTest(version=version):
                both = server(lambda identity: None, certificate="server.pem", ciphers="DEFAULT:PSK")
                one = with_keys(client_context(version=version))
                near, far, failure, refusal = shake_hands(one, both)
                self.assertEqual((failure, refusal), (None, None))
                self.assertTrue(near.getpeercert()["subject"])
                self.assertIs(near.session_reused, False)

    def test_retry_with_another_group(self):
        picky = server()
        picky.set_ecdh_curve("secp384r1")
        near, far = self.agree(client(version=TLS13), picky)
        self.assertIs(far.session_reused, True)

    def test_psk_of_the_context_that_sni_sets(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                other = server(hint="new")
                outer = server(lambda identity: b"another key")

                def switch(connection, name, context):
                    connection.context = other
                outer.sni_callback = switch
                self.agree(client(version=version), outer, hostname="localhost")

    def test_callback_taken_away(self):
        context = client(version=TLS12)
        context.set_psk_client_callback(None)
        self.assertEqual(self.refuse(context, server())[0], "NO_CIPHERS_AVAILABLE")
        context = server()
        context.set_psk_server_callback(None)
        self.assertEqual(self.refuse(client(version=TLS12), context)[1], "NO_SHARED_CIPHER")

    # -- what is refused ----------------------------------------------------------------------

    def test_wrong_key(self):
        failure, refusal = self.refuse(client(lambda hint: ("x", b"other"), version=TLS12), server())
        self.assertEqual(refusal, "DECRYPTION_FAILED_OR_BAD_RECORD_MAC")
        self.assertEqual(failure, "SSLV3_ALERT_BAD_RECORD_MAC")
        failure, refusal = self.refuse(client(lambda hint: ("x", b"other"), version=TLS13), server())
        self.assertEqual(refusal, "BINDER_DOES_NOT_VERIFY")
        self.assertEqual(failure, "TLSV1_ALERT_DECRYPT_ERROR")

    def test_client_without_key(self):
        for nothing in (b"", bytearray(), b"k" * 513):
            with self.subTest(nothing=nothing[:4]):
                failure, refusal = self.refuse(client(lambda hint: ("x", nothing), version=TLS12), server())
                self.assertEqual((failure, refusal), ("PSK_IDENTITY_NOT_FOUND", "SSLV3_ALERT_HANDSHAKE_FAILURE"))
                failure, refusal = self.refuse(client(lambda hint: ("x", nothing), version=TLS13), server())
                self.assertEqual((failure, refusal), ("SSLV3_ALERT_HANDSHAKE_FAILURE", "NO_SUITABLE_SIGNATURE_ALGORITHM"))

    def test_identity_too_long(self):
        failure, refusal = self.refuse(client(lambda hint: ("i" * 256, KEY), version=TLS12), server())
        self.assertEqual((failure, refusal), ("PSK_IDENTITY_NOT_FOUND", "SSLV3_ALERT_HANDSHAKE_FAILURE"))

    def test_empty_identity_in_tls13(self):
        near, far, failure, refusal = shake_hands(client(lambda hint: (None, KEY), version=TLS13), server())
        self.assertIsInstance(failure, ssl.SSLError)

    def test_unknown_identity(self):
        for nothing in (b"", b"k" * 513):
            with self.subTest(nothing=nothing[:4]):
                failure, refusal = self.refuse(client(version=TLS12), server(lambda identity: nothing))
                self.assertEqual((failure, refusal), ("TLSV1_ALERT_UNKNOWN_PSK_IDENTITY", "PSK_IDENTITY_NOT_FOUND"))
                failure, refusal = self.refuse(client(version=TLS13), server(lambda identity: nothing))
                self.assertEqual((failure, refusal), ("SSLV3_ALERT_HANDSHAKE_FAILURE", "NO_SUITABLE_SIGNATURE_ALGORITHM"))

    def test_identity_that_is_no_text(self):
        failure, refusal = self.refuse(client(lambda hint: (b"\xff\xfe", KEY), version=TLS12), server())
        self.assertEqual((failure, refusal), ("TLSV1_ALERT_UNKNOWN_PSK_IDENTITY", "PSK_IDENTITY_NOT_FOUND"))

    def test_callbacks_that_raise(self):
        for version, failed in ((TLS12, "PSK_IDENTITY_NOT_FOUND"), (TLS13, "SSLV3_ALERT_HANDSHAKE_FAILURE")):
            with self.subTest(version=version):
                with support.Unraisable() as unraisable:
                    failure, refusal = self.refuse(client(lambda hint: 1 / 0, version=version), server())
                self.assertEqual((failure, unraisable.names), (failed, ["ZeroDivisionError"]))
        for version, failed in ((TLS12, "PSK_IDENTITY_NOT_FOUND"), (TLS13, "NO_SUITABLE_SIGNATURE_ALGORITHM")):
            with self.subTest(version=version):
                with support.Unraisable() as unraisable:
                    failure, refusal = self.refuse(client(version=version), server(lambda identity: 1 / 0))
                self.assertEqual((refusal, unraisable.names), (failed, ["ZeroDivisionError"]))

    def test_callbacks_that_answer_nonsense(self):
        for nonsense in (5, None, ("x",), ("x", KEY, 1), ["x", KEY], (5, KEY), ("x", "text"), ("x", None)):
            with self.subTest(nonsense=nonsense):
                with support.Unraisable() as unraisable:
                    failure, refusal = self.refuse(client(lambda hint: nonsense, version=TLS12), server())
                self.assertEqual((failure, refusal), ("PSK_IDENTITY_NOT_FOUND", "SSLV3_ALERT_HANDSHAKE_FAILURE"))
                self.assertEqual(len(unraisable.names), 1)
        for nonsense in (5, None, "text", ("x", KEY)):
            with self.subTest(nonsense=nonsense):
                with support.Unraisable() as unraisable:
                    failure, refusal = self.refuse(client(version=TLS12), server(lambda identity: nonsense))
                self.assertEqual((failure, refusal), ("TLSV1_ALERT_UNKNOWN_PSK_IDENTITY", "PSK_IDENTITY_NOT_FOUND"))
                self.assertEqual(unraisable.names, ["TypeError"])

    def test_no_psk_suites_without_callbacks(self):
        failure, refusal = self.refuse(client(None, version=TLS12), server())
        self.assertEqual(failure, "NO_CIPHERS_AVAILABLE")
        failure, refusal = self.refuse(client(version=TLS12), server(None, certificate="server.pem", ciphers="DEFAULT:PSK"))
        self.assertEqual(refusal, "NO_SHARED_CIPHER")

    # -- the setters --------------------------------------------------------------------------

    def test_setters(self):
        one, other = careless_context(), server_context()
        error = self.assertFails(ssl.SSLError, one.set_psk_server_callback, lambda identity: KEY, "hint")
        self.assertIn("Cannot add PSK server callback to a PROTOCOL_TLS_CLIENT context", str(error))
        error = self.assertFails(ssl.SSLError, other.set_psk_client_callback, lambda hint: ("x", KEY))
        self.assertIn("Cannot add PSK client callback to a PROTOCOL_TLS_SERVER context", str(error))
        for nonsense in (5, "text", KEY):
            self.assertFails(TypeError, one.set_psk_client_callback, nonsense)
            self.assertFails(TypeError, other.set_psk_server_callback, nonsense)
        self.assertFails(TypeError, other.set_psk_server_callback, lambda identity: KEY, 5)
        other.set_psk_server_callback(lambda identity: KEY, "h" * 256)
        self.assertFails(ValueError, other.set_psk_server_callback, lambda identity: KEY, "h" * 257)
        self.assertFails(TypeError, one.set_psk_client_callback)


def with_keys(context):
    context.set_psk_client_callback(lambda hint: ("someone", KEY))
    return context


if __name__ == "__main__":
    unittest.main()
