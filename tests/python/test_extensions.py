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
        self.assertEqual(names[:2], ["X25519MLKEM768", "SecP256r1MLKEM768"])
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
        for nonsense in ("nonsense", "", "P-256:nonsense", "?nonsense"):
            with self.subTest(nonsense=nonsense):
                error = self.assertFails(ssl.SSLError, context.set_groups, nonsense)
                self.assertIn("unrecognized group", str(error))
        for nonsense in (5, None, b"P-256", ["P-256"]):
            self.assertFails(TypeError, context.set_groups, nonsense)

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
            for nonsense in ("nonsense", "", "ed25519:ed25519"):
                with self.subTest(nonsense=nonsense):
                    error = self.assertFails(ssl.SSLError, setter, nonsense)
                    self.assertIn("unrecognized signature algorithm", str(error))
            self.assertFails(TypeError, setter, 5)


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
