"""Extensions seen from Python: groups, signature algorithms, ALPN, channel bindings, the key log."""

import os
import ssl
import tempfile
import unittest

import support
from support import careless_context, client_context, data, server_context
from test_sni import shake_hands

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
VERSIONS = (TLS12, TLS13)


def calling(context, **calls):
    for name, argument in calls.items():
        getattr(context, name)(argument)
    return context


class Connected(support.TestCase):
    def agree(self, client, server, hostname="localhost"):
        near, far, failure, refusal = shake_hands(client, server, hostname)
        self.assertEqual((failure, refusal), (None, None))
        return near, far

    def refuse(self, client, server):
        near, far, failure, refusal = shake_hands(client, server)
        return getattr(failure, "reason", failure), getattr(refusal, "reason", refusal)


class TestGroups(Connected):
    def test_names(self):
        context = client_context()
        names = context.get_groups()
        self.assertEqual(names[-3:], ["SecP256r1MLKEM768", "X25519MLKEM768", "SecP384r1MLKEM1024"])
        self.assertIn("x25519", names)
        self.assertNotIn("P-256", names)
        self.assertIn("P-256", context.get_groups(include_aliases=True))
        self.assertNotIn("X25519MLKEM768", client_context(version=TLS12).get_groups())

    def test_every_group_connects(self):
        for version in VERSIONS:
            for name in client_context(version=version).get_groups():
                if name in ("ffdhe6144", "ffdhe8192", "secp192r1"):
                    continue        # slow in managed code, and below the security level
                if version == TLS12 and name.startswith("ffdhe"):
                    continue        # the suites below are of elliptic curves
                with self.subTest(version=version, name=name):
                    client = calling(client_context(version=version), set_groups=name)
                    server = calling(server_context(), set_groups="DEFAULT:" + name)
                    near, far = self.agree(client, server)
                    near.write(b"x")

    def test_refused(self):
        context = client_context()
        for nonsense in ("nonsense", "P-256:nonsense", "P-256:-nonsense", ":P-256", "P-256:", "P-256//x25519", "**x25519", "?DEFAULT",
                         "*P-256:*P-384:*P-521:*x25519:*x448"):
            with self.subTest(nonsense=nonsense):
                error = self.assertFails(ssl.SSLError, context.set_groups, nonsense)
                self.assertRegex(str(error), "^unrecognized group \\(_ssl.c:[0-9]+\\)$")
                self.assertEqual(error.args[0], 0)
        for empty in ("", "?nonsense", "-x25519"):
            context.set_groups(empty)
        for nonsense in (5, None, b"P-256", ["P-256"]):
            self.assertFails(TypeError, context.set_groups, nonsense)

    def test_tuples_of_the_server(self):
        """What a server takes, and after how many ClientHellos, as OpenSSL 3.6 does it."""
        for offered, accepted, group, hellos in (
                ("DEFAULT", "DEFAULT", "X25519MLKEM768", 1),
                ("*x25519:X25519MLKEM768", "DEFAULT", "X25519MLKEM768", 2),
                ("*x25519:X25519MLKEM768", "x25519:X25519MLKEM768", "x25519", 1),
                ("secp384r1:x25519", "DEFAULT", "x25519", 2),
                ("*secp384r1:x25519", "secp384r1:DEFAULT", "secp384r1", 1),
                ("*secp384r1:x25519", "secp256r1 / secp384r1 / x25519", "secp384r1", 1),
                ("MLKEM512:x25519", "DEFAULT", "x25519", 2),
                ("MLKEM512:x25519", "MLKEM512/x25519", "MLKEM512", 1),
                ("DEFAULT", "DEFAULT_SUITE_B", "secp256r1", 2)):
            with self.subTest(offered=offered, accepted=accepted):
                seen = []

                def note(conn, direction, version, content, kind, data):
                    if direction == "write" and getattr(kind, "name", "") == "CLIENT_HELLO":
                        seen.append(kind)

                client = calling(client_context(version=TLS13), set_groups=offered)
                client._msg_callback = note
                near, _ = self.agree(client, calling(server_context(), set_groups=accepted))
                self.assertEqual((near.group(), len(seen)), (group, hellos))

    def test_nothing_in_common(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                failure, refusal = self.refuse(calling(client_context(version=version, ciphers="ECDHE+AESGCM"), set_groups="x448"),
                                               calling(server_context(), set_groups="P-256:P-384"))
                self.assertEqual(failure, "SSLV3_ALERT_HANDSHAKE_FAILURE")

    def test_set_ecdh_curve(self):
        for version in VERSIONS:
            for curve in ("prime256v1", b"secp384r1", "X25519"):
                with self.subTest(version=version, curve=curve):
                    self.agree(client_context(version=version), calling(server_context(), set_ecdh_curve=curve))
                    self.agree(calling(client_context(version=version), set_ecdh_curve=curve), server_context())
        self.assertFails(ValueError, client_context().set_ecdh_curve, "nonsense")
        self.assertFails(TypeError, client_context().set_ecdh_curve, 5)


class TestSignatureAlgorithms(Connected):
    def test_names(self):
        names = ssl.get_sigalgs()
        for name in ("ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256", "ed25519", "rsa_pkcs1_sha256"):
            self.assertIn(name, names)
        client_context().set_server_sigalgs(":".join(names))

    def test_servers(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                rsa = calling(client_context(version=version), set_server_sigalgs="rsa_pss_rsae_sha384")
                self.agree(rsa, server_context())
                failure, refusal = self.refuse(rsa, server_context("server-ec.pem"))
                self.assertEqual(failure, "SSLV3_ALERT_HANDSHAKE_FAILURE")
                failure, refusal = self.refuse(client_context(version=version),
                                               calling(server_context(), set_server_sigalgs="ed25519"))
                self.assertEqual(failure, "SSLV3_ALERT_HANDSHAKE_FAILURE")

    def test_clients(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                client = client_context(version=version, certificate="client.pem")
                server = server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem")
                self.agree(client, server)
                server.set_client_sigalgs("ed448")
                near, far, failure, refusal = shake_hands(client, server)
                self.assertEqual(refusal.reason, "PEER_DID_NOT_RETURN_A_CERTIFICATE")

    def test_refused(self):
        context = client_context()
        for setter in (context.set_client_sigalgs, context.set_server_sigalgs):
            for nonsense in ("nonsense", "", "?nonsense", "ed25519:", "ed25519:nonsense"):
                with self.subTest(nonsense=nonsense):
                    error = self.assertFails(ssl.SSLError, setter, nonsense)
                    self.assertRegex(str(error), "^unrecognized signature algorithm \\(_ssl.c:[0-9]+\\)$")
            self.assertFails(TypeError, setter, 5)
            setter("ed25519:?nonsense:ED25519:rsa_pss_rsae_sha256")


class TestAgreed(Connected):
    """group(), server_sigalg() and client_sigalg()."""

    def agreed(self, client, server):
        return self.facts(*self.agree(client, server))

    def facts(self, near, far):
        facts = (near.group(), near.server_sigalg(), near.client_sigalg())
        self.assertEqual((far.group(), far.server_sigalg(), far.client_sigalg()), facts)
        return facts

    def test_before_the_handshake(self):
        connection = careless_context().wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO())
        self.assertEqual((connection.group(), connection.server_sigalg(), connection.client_sigalg()), (None, None, None))
        with ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_socket(support.socket.socket(), server_hostname="localhost") as sock:
            self.assertEqual((sock.group(), sock.server_sigalg(), sock.client_sigalg()), (None, None, None))

    def test_certificates(self):
        for version, first in ((TLS12, "x25519"), (TLS13, "X25519MLKEM768")):
            for certificate, scheme in (("server.pem", "rsa_pss_rsae_sha256"), ("server-ec.pem", "ecdsa_secp256r1_sha256")):
                with self.subTest(version=version, certificate=certificate):
                    self.assertEqual(self.agreed(client_context(version=version), server_context(certificate)), (first, scheme, None))

    def test_client_certificate(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                client = client_context(version=version, certificate="client.pem")
                facts = self.agreed(client, server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem"))
                self.assertEqual(facts[1:], ("rsa_pss_rsae_sha256", "ecdsa_secp256r1_sha256"))
                facts = self.agreed(client_context(version=version), server_context(verify_mode=ssl.CERT_OPTIONAL, trust="ca.pem"))
                self.assertIsNone(facts[2])

    def test_chosen(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                client = calling(client_context(version=version), set_groups="secp384r1", set_server_sigalgs="rsa_pss_rsae_sha512")
                self.assertEqual(self.agreed(client, server_context()), ("secp384r1", "rsa_pss_rsae_sha512", None))

    def test_later_client_certificate(self):
        client = client_context(version=TLS13, certificate="client.pem", post_handshake_auth=True)
        server = server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem", post_handshake_auth=True)
        near, far = support.tls_pair(client, server)
        with near, far:
            self.assertIsNone(self.facts(near, far)[2])
            far.verify_client_post_handshake()
            far.write(b"x")
            near.read(1)
            near.write(b"y")
            far.read(1)
            self.assertEqual(self.facts(near, far)[1:], ("rsa_pss_rsae_sha256", "ecdsa_secp256r1_sha256"))

    def test_no_group(self):
        client = client_context(version=TLS12, ciphers="AES128-SHA256")
        self.assertEqual(self.agreed(client, server_context(ciphers="AES128-SHA256")), (None, None, None))

    def test_resumed(self):
        group = "secp521r1"
        for version in VERSIONS:
            with self.subTest(version=version):
                client, server = client_context(version=version), calling(server_context(), set_groups="secp521r1")
                near, far = support.tls_pair(client, server)
                with near, far:
                    far.write(b"x")
                    near.read(1)
                    session = near.session
                near, far = support.tls_pair(client, server, session=session)
                with near, far:
                    self.assertEqual((near.session_reused, self.facts(near, far)), (True, (group, None, None)))

    def test_old_versions(self):
        old = "ALL:@SECLEVEL=0"
        for certificate, scheme in (("server.pem", "rsa_pkcs1_md5_sha1"), ("server-ec.pem", "ecdsa_sha1")):
            client = client_context(version=ssl.TLSVersion.TLSv1, ciphers="ECDHE:@SECLEVEL=0")
            server = server_context(certificate, ciphers=old, minimum_version=ssl.TLSVersion.TLSv1)
            self.assertEqual(self.agreed(client, server), ("x25519", scheme, None))


class TestCipherSuites(Connected):
    def test_order(self):
        context = client_context(version=TLS13)
        context.set_ciphersuites("TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256")
        self.assertEqual([suite["name"] for suite in context.get_ciphers() if suite["protocol"] == "TLSv1.3"],
                         ["TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"])
        server = server_context()
        server.set_ciphersuites("TLS_AES_128_GCM_SHA256")
        near, far = self.agree(context, server)
        self.assertEqual(near.cipher()[0], "TLS_AES_128_GCM_SHA256")

    def test_names_that_are_passed_over(self):
        for names, left in (("nonsense:TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256", ["TLS_AES_128_GCM_SHA256"]), ("", [])):
            context = calling(client_context(), set_ciphersuites=names)
            self.assertEqual([suite["name"] for suite in context.get_ciphers() if suite["protocol"] == "TLSv1.3"], left)

    def test_refused(self):
        for nonsense in ("nonsense", ":", "ECDHE-RSA-AES128-GCM-SHA256", "TLS_AES_128_GCM_SHA256,TLS_AES_256_GCM_SHA384"):
            error = self.assertFails(ssl.SSLError, client_context().set_ciphersuites, nonsense)
            self.assertRegex(str(error), "^No cipher suite can be selected. \\(_ssl.c:[0-9]+\\)$")
        for nonsense in (5, None, b"TLS_AES_128_GCM_SHA256"):
            self.assertFails(TypeError, client_context().set_ciphersuites, nonsense)


class TestAlpn(Connected):
    def test_servers_order_decides(self):
        for version in VERSIONS:
            for client, server, chosen in ((["a", "b"], ["b", "a"], "b"), (["a"], ["c", "a"], "a"), (["a"], ["b"], None),
                                           (["a"], None, None), (None, ["a"], None), (["x" * 255], ["x" * 255], "x" * 255)):
                with self.subTest(version=version, client=client, server=server):
                    one, other = client_context(version=version), server_context()
                    if client:
                        one.set_alpn_protocols(client)
                    if server:
                        other.set_alpn_protocols(server)
                    near, far = self.agree(one, other)
                    self.assertEqual((near.selected_alpn_protocol(), far.selected_alpn_protocol()), (chosen, chosen))


class TestChannelBindings(Connected):
    def test_types(self):
        self.assertEqual(ssl.CHANNEL_BINDING_TYPES, ["tls-unique"])
        for version in VERSIONS:
            near, far = self.agree(client_context(version=version), server_context())
            for kind, length in (("tls-unique", (12, 32, 48)), ("tls-server-end-point", (32,)), ("tls-exporter", (32,))):
                with self.subTest(version=version, kind=kind):
                    binding = near.get_channel_binding(kind)
                    self.assertEqual(far.get_channel_binding(kind), binding)
                    self.assertIn(len(binding), length)
            self.assertFails(ValueError, near.get_channel_binding, "unknown")

    def test_before_the_handshake(self):
        connection = careless_context().wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO())
        for kind in ("tls-unique", "tls-server-end-point", "tls-exporter"):
            self.assertIsNone(connection.get_channel_binding(kind))


class TestKeyLog(Connected):
    LABELS = {TLS12: ["CLIENT_RANDOM"],
              TLS13: ["CLIENT_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "EXPORTER_SECRET",
                      "SERVER_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0"]}

    def test_both_ends_write_the_same(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                handle, path = tempfile.mkstemp()
                os.close(handle)
                self.addCleanup(os.remove, path)
                other = path + ".server"
                client, server = client_context(version=version), server_context()
                client.keylog_filename, server.keylog_filename = path, other
                self.addCleanup(os.remove, other)
                self.agree(client, server)
                with open(path) as ours, open(other) as theirs:
                    lines, same = ours.readlines(), theirs.readlines()
                self.assertTrue(lines[0].startswith("# TLS secrets log file"))
                self.assertEqual(sorted(lines), sorted(same))
                self.assertEqual(sorted(line.split()[0] for line in lines[1:]), self.LABELS[version])


if __name__ == "__main__":
    unittest.main()
