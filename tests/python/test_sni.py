"""The server name callback: what it is told, and what it can do about it."""

import ssl
import struct
import unittest

import support
from support import careless_context, client_context, server_context, tls_pair

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
VERSIONS = (TLS12, TLS13)


def shake_hands(client, server, hostname="localhost", **options):
    """Two SSLObjects with memory between them, and what each one's handshake raised, or None."""
    one, other = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = (client.wrap_bio(one, other, server_hostname=hostname, **options), server.wrap_bio(other, one, server_side=True))
    failures = [None, None]
    for _ in range(8):
        for index, end in enumerate(ends):
            if failures[index] is None:
                try:
                    end.do_handshake()
                except ssl.SSLWantReadError:
                    pass
                except ssl.SSLError as error:
                    failures[index] = error
    return ends[0], ends[1], failures[0], failures[1]


def client_hello(extensions):
    """A record with a ClientHello of TLS 1.2; extensions None leaves even their length out."""
    suites = b"\xc0\x2f\xc0\x30\x00\x9c\x00\x9d\xc0\x27\xc0\x13\x00\x2f\x00\x3c"
    body = b"\x03\x03" + b"r" * 32 + b"\0" + struct.pack(">H", len(suites)) + suites + b"\1\0"
    if extensions is not None:
        body += struct.pack(">H", len(extensions)) + extensions
    message = b"\1" + struct.pack(">I", len(body))[1:] + body
    return b"\x16\3\1" + struct.pack(">H", len(message)) + message


def server_name(name, kind=0):
    entry = struct.pack(">BH", kind, len(name)) + name
    inner = struct.pack(">H", len(entry)) + entry
    return struct.pack(">HH", 0, len(inner)) + inner


class TestSni(support.TestCase):
    def test_retry_asks_again(self):
        """As OpenSSL does, and the second time the context that the first call set is asked."""
        asked = []

        def callback(mark):
            def call(connection, name, context):
                asked.append((mark, name, connection.context is outer))
                connection.context = inner
            return call
        outer, inner = self.server(callback("outer")), self.server(callback("inner"))
        for context in (outer, inner):
            context.set_ecdh_curve("secp384r1")
        near, far, failure, refusal = shake_hands(client_context(version=ssl.TLSVersion.TLSv1_3), outer)
        self.assertEqual((failure, refusal), (None, None))
        self.assertEqual(asked, [("outer", "localhost", True), ("inner", "localhost", False)])
        counts = [[context.session_stats()[name] for name in ("accept", "accept_good")] for context in (outer, inner)]
        self.assertEqual(counts, [[0, 0], [1, 1]])

    def test_counters_move_with_the_context(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            inner = server_context()

            def switch(connection, name, context):
                connection.context = inner
            outer = self.server(switch)
            near, far, failure, refusal = shake_hands(client_context(version=version), outer)
            self.assertEqual((failure, refusal), (None, None))
            counts = [[context.session_stats()[name] for name in ("accept", "accept_good")] for context in (outer, inner)]
            self.assertEqual(counts, [[0, 0], [1, 1]])

    def server(self, callback, **settings):
        context = server_context(**settings)
        context.sni_callback = callback
        return context

    def feed(self, record, callback):
        """What a server answers to a ClientHello made by hand, and what it raised."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        far = self.server(callback, ciphers="ALL:@SECLEVEL=0").wrap_bio(incoming, outgoing, server_side=True)
        incoming.write(record)
        failure = None
        try:
            far.do_handshake()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            failure = error
        return outgoing.read(), failure

    # -- what it is told ----------------------------------------------------------------------

    def test_arguments(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                calls = []
                server = self.server(lambda *arguments: calls.append(arguments))
                near, far, failure, refusal = shake_hands(client_context(version=version), server)
                self.assertEqual((failure, refusal), (None, None))
                (connection, name, context), = calls
                self.assertIs(connection, far)
                self.assertEqual((name, type(name)), ("localhost", str))
                self.assertIs(context, server)

    def test_socket_is_the_argument(self):
        calls = []
        near, far = tls_pair(client_context(), self.server(lambda *arguments: calls.append(arguments)))
        self.addCleanup(near.close)
        self.addCleanup(far.close)
        self.assertIs(calls[0][0], far)
        self.assertIsNone(far.server_hostname)

    def test_international_names(self):
        names = []
        server = self.server(lambda connection, name, context: names.append(name))
        for hostname, sent in (("b\u00fccher.example", "xn--bcher-kva.example"),
                               ("xn--knigsgsschen-lcb0w.idna.example", "xn--knigsgsschen-lcb0w.idna.example"),
                               ("k\u00f6nigsg\u00e4\u00dfchen.example", "xn--knigsgsschen-lcb0w.example")):
            with self.subTest(hostname=hostname):
                near, far, failure, refusal = shake_hands(careless_context(), server, hostname)
                self.assertIsNone(failure)
                self.assertEqual((names.pop(), near.server_hostname), (sent, sent))

    def test_plain_names(self):
        """A name of ASCII goes as it is, whether the codec for international names is asked or not; what that refuses is refused."""
        names = []
        server = self.server(lambda connection, name, context: names.append(name))
        for hostname in ("localhost", "Under_score.Example", "a", "x" * 63 + ".example", "1.2.example"):
            with self.subTest(hostname=hostname):
                near, far, failure, refusal = shake_hands(careless_context(), server, hostname)
                self.assertIsNone(failure)
                self.assertEqual((names.pop(), near.server_hostname), (hostname, hostname))
        context = careless_context()
        for hostname in ("x" * 64, "x" * 64 + ".example", "a..example", ".example"):
            with self.subTest(hostname=hostname):
                self.assertRaises(ValueError, context.wrap_bio, ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=hostname)

    def test_without_name(self):
        names = []
        server = self.server(lambda connection, name, context: names.append(name))
        for version in VERSIONS:
            for hostname in (None, "127.0.0.1", "::1"):
                with self.subTest(version=version, hostname=hostname):
                    near, far, failure, refusal = shake_hands(careless_context(version=version), server, hostname)
                    self.assertEqual((failure, refusal), (None, None))
                    self.assertEqual(names, [None])
                    del names[:]

    def test_hello_without_extensions(self):
        names = []
        for extensions in (None, b""):
            with self.subTest(extensions=extensions):
                answer, failure = self.feed(client_hello(extensions), lambda c, name, s: names.append(name))
                self.assertIsNone(failure)
                self.assertEqual(answer[:1] + answer[5:6], b"\x16\2", "a ServerHello")
        self.assertEqual(names, [None, None])

    def test_handmade_name(self):
        names = []
        answer, failure = self.feed(client_hello(server_name(b"made.by.hand")), lambda c, name, s: names.append(name))
        self.assertEqual((failure, names), (None, ["made.by.hand"]))
        self.assertEqual(answer[5:6], b"\2")

    def test_bad_names(self):
        calls = []
        for extension, alert in ((server_name(b"nul\0.example"), 112), (server_name(b"x" * 256), 112),
                                 (server_name(b"caf\xe9.example"), 80), (server_name(b""), 50),
                                 (struct.pack(">HH", 0, 0), 50), (struct.pack(">HH", 0, 2) + b"\0\0", 50),
                                 (server_name(b"a") + server_name(b"b"), 47)):
            with self.subTest(extension=extension[:20]):
                answer, failure = self.feed(client_hello(extension), lambda *arguments: calls.append(arguments))
                self.assertIsInstance(failure, ssl.SSLError)
                self.assertEqual(answer[:1] + answer[5:7], b"\x15\2" + struct.pack("B", alert))
        self.assertEqual(calls, [])

    # -- what it answers ----------------------------------------------------------------------

    def test_none_goes_on(self):
        near, far, failure, refusal = shake_hands(client_context(), self.server(lambda *arguments: None))
        self.assertEqual((near.version(), failure, refusal), ("TLSv1.3", None, None))

    def test_alerts(self):
        for version in VERSIONS:
            for code, reason in ((ssl.ALERT_DESCRIPTION_ACCESS_DENIED, "TLSV1_ALERT_ACCESS_DENIED"),
                                 (ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME, "TLSV1_UNRECOGNIZED_NAME"),
                                 (ssl.ALERT_DESCRIPTION_INTERNAL_ERROR, "TLSV1_ALERT_INTERNAL_ERROR"),
                                 (49 + 256, "TLSV1_ALERT_ACCESS_DENIED"), (49 - 256, "TLSV1_ALERT_ACCESS_DENIED")):
                with self.subTest(version=version, code=code):
                    server = self.server(lambda *arguments: code)
                    near, far, failure, refusal = shake_hands(client_context(version=version), server)
                    self.assertEqual((failure.reason, refusal.reason), (reason, "CALLBACK_FAILED"))

    def test_any_number_is_an_alert(self):
        for code in (0, 1, 19, 113, 120, 255, True):
            with self.subTest(code=code):
                answer, failure = self.feed(client_hello(None), lambda *arguments: code)
                self.assertEqual(answer[5:7], b"\2" + struct.pack("B", code))
                self.assertEqual(failure.reason, "CALLBACK_FAILED")

    def test_raises(self):
        for version in VERSIONS:
            with self.subTest(version=version), support.Unraisable() as unraisable:
                server = self.server(lambda *arguments: 1 / 0)
                near, far, failure, refusal = shake_hands(client_context(version=version), server)
            self.assertEqual((failure.reason, refusal.reason), ("SSLV3_ALERT_HANDSHAKE_FAILURE", "CALLBACK_FAILED"))
            self.assertEqual(unraisable.names, ["ZeroDivisionError"])

    def test_answers_nonsense(self):
        for nonsense in ("foo", [], 1.5, b"1", object()):
            with self.subTest(nonsense=nonsense), support.Unraisable() as unraisable:
                near, far, failure, refusal = shake_hands(client_context(), self.server(lambda *arguments: nonsense))
            self.assertEqual((failure.reason, refusal.reason), ("TLSV1_ALERT_INTERNAL_ERROR", "CALLBACK_FAILED"))
            self.assertEqual(unraisable.names, ["TypeError"])

    def test_number_too_large(self):
        with support.Unraisable() as unraisable:
            near, far, failure, refusal = shake_hands(client_context(), self.server(lambda *arguments: 1 << 100))
        self.assertEqual(failure.reason, "TLSV1_ALERT_INTERNAL_ERROR")
        self.assertEqual(unraisable.names, ["OverflowError"])

    # -- the context it sets ------------------------------------------------------------------

    def switch(self, other, **settings):
        def callback(connection, name, context):
            connection.context = other
        return self.server(callback, **settings)

    def test_certificate_of_the_new_context(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                other = server_context("server-ec.pem")
                server = self.switch(other, certificate="wronghost.pem")
                near, far, failure, refusal = shake_hands(client_context(version=version), server)
                self.assertEqual((failure, refusal), (None, None))
                self.assertIs(far.context, other)
                self.assertIn(("DNS", "localhost"), near.getpeercert()["subjectAltName"])

    def test_without_switch_the_name_is_wrong(self):
        near, far, failure, refusal = shake_hands(client_context(), self.server(lambda *a: None, certificate="wronghost.pem"))
        self.assertIsInstance(failure, ssl.SSLCertVerificationError)

    def test_verify_mode_of_the_new_context(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                strict = server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem")
                server = self.switch(strict)
                near, far, failure, refusal = shake_hands(client_context(version=version), server)
                self.assertEqual(refusal.reason, "PEER_DID_NOT_RETURN_A_CERTIFICATE")
                client = client_context(version=version, certificate="client.pem")
                near, far, failure, refusal = shake_hands(client, server)
                self.assertEqual((failure, refusal), (None, None))
                self.assertTrue(far.getpeercert()["subject"])

    def test_alpn_of_the_new_context(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                server = self.switch(server_context(alpn=["new"]), alpn=["old"])
                client = client_context(version=version, alpn=["old", "new"])
                near, far, failure, refusal = shake_hands(client, server)
                self.assertEqual((near.selected_alpn_protocol(), far.selected_alpn_protocol()), ("new", "new"))

    def test_ciphers_of_the_new_context(self):
        server = self.switch(server_context(ciphers="ECDHE-RSA-AES128-GCM-SHA256"), ciphers="ECDHE-RSA-AES256-GCM-SHA384")
        near, far, failure, refusal = shake_hands(client_context(version=TLS12), server)
        self.assertEqual(near.cipher()[0], "ECDHE-RSA-AES128-GCM-SHA256")
        self.assertEqual([name for name, _, _ in far.shared_ciphers() if name.startswith("ECDHE")],
                         ["ECDHE-RSA-AES128-GCM-SHA256"])

    def test_messages_go_to_the_new_context(self):
        old, new = [], []
        other = server_context()
        other._msg_callback = lambda connection, direction, *rest: new.append(direction)
        server = self.switch(other)
        server._msg_callback = lambda connection, direction, *rest: old.append(direction)
        near, far, failure, refusal = shake_hands(client_context(), server)
        self.assertIsNone(failure)
        self.assertEqual(set(old), set(["read"]))
        self.assertEqual(new[0], "write")

    def test_only_contexts_can_be_set(self):
        def callback(connection, name, context):
            with self.assertRaises(TypeError):
                connection.context = "context"
        near, far, failure, refusal = shake_hands(client_context(), self.server(callback))
        self.assertIsNone(failure)

    def test_limits_inside_the_callback(self):
        seen = []

        def callback(connection, name, context):
            seen.append((connection.selected_alpn_protocol(), connection.cipher(), connection.version(),
                         connection.context is context))
            with self.assertRaises(ValueError):
                connection.getpeercert()
        near, far, failure, refusal = shake_hands(client_context(), self.server(callback))
        self.assertIsNone(failure)
        self.assertEqual(seen[0][0::3], (None, True))

    # -- the old name -------------------------------------------------------------------------

    def test_set_servername_callback(self):
        names = []
        server = server_context()
        server.set_servername_callback(lambda connection, name, context: names.append((name, context is server)))
        shake_hands(client_context(), server)
        self.assertEqual(names, [("localhost", True)])
        server.set_servername_callback(None)
        shake_hands(client_context(), server)
        self.assertEqual(len(names), 1)

    def test_client_context_has_none(self):
        self.assertFails(ValueError, setattr, client_context(), "sni_callback", lambda *arguments: None)


if __name__ == "__main__":
    unittest.main()
