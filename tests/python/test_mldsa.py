"""ML-DSA: private keys, certificates, lists and the signatures of TLS 1.3; SLH-DSA: certificates and lists of authorities.
The files mldsa-* and slhdsa-* were made by OpenSSL 3.6.
"""

import base64
import os
import shutil
import ssl
import tempfile
import unittest

import support
from support import client_context, data, read_file, server_context
from test_sni import shake_hands

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
OURS = "SslModule" in ssl.OPENSSL_VERSION
CA = data("mldsa-ca.pem")


def blocks(name):
    """The label and the bytes of each block of a PEM file."""
    found = []
    for part in read_file(data(name)).decode().split("-----BEGIN ")[1:]:
        label, rest = part.split("-----", 1)
        found.append((label, base64.b64decode("".join(rest.split("-----END")[0].split()))))
    return found


def pem(label, der):
    text = base64.b64encode(der).decode()
    lines = [text[at:at + 64] for at in range(0, len(text), 64)]
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n" % (label, "\n".join(lines), label)


def tlv(tag, *parts):
    content = b"".join(parts)
    length = len(content)
    size = bytearray([length]) if length < 128 else bytearray([0x82, length >> 8, length & 255])
    return bytes(bytearray([tag]) + size) + content


def private_key(field, last=0x11, parameters=b""):
    """PKCS #8 with that privateKey field; the set by the last byte of its identifier."""
    identifier = bytes(bytearray([0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, last]))
    return tlv(0x30, b"\x02\x01\x00", tlv(0x30, identifier, parameters), tlv(4, field))


def flipped(content, at):
    changed = bytearray(content)
    changed[at] ^= 1
    return bytes(changed)


@unittest.skipUnless(OURS or ssl.OPENSSL_VERSION_INFO >= (3, 5), "this OpenSSL has no ML-DSA")
class MlDsa(support.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, *texts):
        path = os.path.join(self.folder, "%d.pem" % len(os.listdir(self.folder)))
        with open(path, "w") as file:
            file.write("".join(texts))
        return path

    def client(self, **settings):
        return client_context(cafile=CA, **settings)

    def agree(self, client, server, **options):
        near, far, failure, refusal = shake_hands(client, server, **options)
        self.assertEqual((failure, refusal), (None, None))
        near.write(b"there")
        self.assertEqual(far.read(10), b"there")
        far.write(b"back")
        self.assertEqual(near.read(10), b"back")
        return near, far

    def reasons(self, client, server):
        near, far, failure, refusal = shake_hands(client, server)
        return getattr(failure, "reason", failure), getattr(refusal, "reason", refusal)

    def code(self, client, server):
        """The code of the client's failure to verify, which the server hears of."""
        near, far, failure, refusal = shake_hands(client, server)
        self.assertIsInstance(failure, ssl.SSLCertVerificationError)
        self.assertIn("ALERT", refusal.reason)
        return failure.verify_code, failure.verify_message

    def sigalgs(self, near, far):
        if not hasattr(near, "server_sigalg"):
            return None
        names = near.server_sigalg(), near.client_sigalg()
        self.assertEqual((far.server_sigalg(), far.client_sigalg()), names)
        return names


class TestHandshakes(MlDsa):
    def test_servers(self):
        for name in ("44", "65", "87"):
            with self.subTest(name=name):
                near, far = self.agree(self.client(), server_context("mldsa-%s.pem" % name))
                self.assertEqual(near.version(), "TLSv1.3")
                self.assertIn(self.sigalgs(near, far), (None, ("mldsa" + name, None)))
                self.assertEqual(dict(pair for (pair,) in near.getpeercert()["subject"])["commonName"], "localhost")
                self.assertEqual(near.getpeercert(True), blocks("mldsa-%s.pem" % name)[1][1])

    def test_clients(self):
        for name in ("44", "65", "87"):
            with self.subTest(name=name):
                server = server_context("server.pem", verify_mode=ssl.CERT_REQUIRED, trust="mldsa-ca.pem")
                client = client_context(certificate="mldsa-%s.pem" % name)
                # The certificate is one for servers.
                near, far, failure, refusal = shake_hands(client, server)
                self.assertEqual((refusal.verify_code, refusal.verify_message), (26, "unsuitable certificate purpose"))
        server = server_context("server.pem", verify_mode=ssl.CERT_REQUIRED, trust="mldsa-ca.pem")
        near, far = self.agree(client_context(certificate="mldsa-client.pem"), server)
        self.assertIn(self.sigalgs(near, far), (None, ("rsa_pss_rsae_sha256", "mldsa65")))
        self.assertEqual(dict(pair for (pair,) in far.getpeercert()["subject"])["commonName"], "An ML-DSA Client")
        server = server_context("server.pem", verify_mode=ssl.CERT_REQUIRED, trust="ca.pem")
        near, far, failure, refusal = shake_hands(client_context(certificate="mldsa-client.pem"), server)
        self.assertEqual(refusal.verify_code, 20)

    def test_both_sides_and_resumption(self):
        server = server_context("mldsa-87.pem", verify_mode=ssl.CERT_REQUIRED, trust="mldsa-ca.pem")
        client = self.client(certificate="mldsa-client.pem")
        near, far = self.agree(client, server)
        self.assertIn(self.sigalgs(near, far), (None, ("mldsa87", "mldsa65")))
        again, peer = self.agree(client, server, session=near.session)
        self.assertTrue(again.session_reused)
        self.assertEqual(peer.getpeercert(True), blocks("mldsa-client.pem")[1][1])
        self.assertEqual(again.getpeercert(True), blocks("mldsa-87.pem")[1][1])

    def test_after_the_handshake(self):
        server = server_context("mldsa-44.pem", trust="mldsa-ca.pem", post_handshake_auth=True)
        server.verify_mode = ssl.CERT_REQUIRED
        client = self.client(certificate="mldsa-client.pem", post_handshake_auth=True)
        near, far = self.agree(client, server)
        self.assertIsNone(far.getpeercert(True))
        far.verify_client_post_handshake()
        far.write(b"who?")
        self.assertEqual(near.read(10), b"who?")
        near.write(b"me")
        self.assertEqual(far.read(10), b"me")
        self.assertEqual(far.getpeercert(True), blocks("mldsa-client.pem")[1][1])

    def test_chains(self):
        near, far = self.agree(self.client(), server_context("mldsa-chain.pem"))
        if hasattr(near, "get_verified_chain"):
            self.assertEqual(len(near.get_verified_chain()), 3)
        key, leaf, middle = blocks("mldsa-chain.pem")
        alone = server_context(self.write(pem(*key), pem(*leaf)))
        self.assertEqual(self.code(self.client(), alone), (20, "unable to get local issuer certificate"))
        damaged = server_context(self.write(pem(*key), pem(*leaf), pem(middle[0], flipped(middle[1], -1))))
        self.assertEqual(self.code(self.client(), damaged), (7, "certificate signature failure"))

    def test_wrong_authority(self):
        self.assertEqual(self.code(client_context(), server_context("mldsa-65.pem")), (20, "unable to get local issuer certificate"))

    def test_altered_certificates(self):
        for name in ("44", "65", "87"):
            key, leaf = blocks("mldsa-%s.pem" % name)
            for at in (-1, len(leaf[1]) - 3309):        # the ends of the signature of the ML-DSA-65 root
                with self.subTest(name=name, at=at):
                    server = server_context(self.write(pem(*key), pem(leaf[0], flipped(leaf[1], at))))
                    self.assertEqual(self.code(self.client(), server), (7, "certificate signature failure"))


class TestChoice(MlDsa):
    """Which of several certificates a client gets."""

    def server(self, **settings):
        server = server_context("server.pem", **settings)
        server.load_cert_chain(data("server-ec.pem"))
        for name in ("44", "87"):
            server.load_cert_chain(data("mldsa-%s.pem" % name))
        return server

    def trusting(self, **settings):
        return self.client(trust="ca.pem", **settings)

    def got(self, client, server):
        near, far = self.agree(client, server)
        return near.getpeercert(True)

    def test_preference(self):
        self.assertEqual(self.got(self.trusting(), self.server()), blocks("mldsa-87.pem")[1][1])

    def test_a_client_without(self):
        for settings in ({"version": TLS12}, {"maximum_version": TLS12}):
            with self.subTest(settings=settings):
                self.assertEqual(self.got(self.trusting(**settings), self.server()), blocks("server-ec.pem")[1][1])
        if not hasattr(ssl.SSLContext, "set_server_sigalgs"):
            return
        client = self.trusting()
        client.set_server_sigalgs("rsa_pss_rsae_sha256")
        self.assertEqual(self.got(client, self.server()), blocks("server.pem")[1][1])
        self.assertEqual(self.reasons(client, server_context("mldsa-44.pem")),
                         ("SSLV3_ALERT_HANDSHAKE_FAILURE", "NO_SUITABLE_SIGNATURE_ALGORITHM"))
        client.set_server_sigalgs("mldsa65:mldsa44")
        self.assertEqual(self.got(client, self.server()), blocks("mldsa-44.pem")[1][1])

    def test_never_in_tls12(self):
        self.assertEqual(self.reasons(self.client(version=TLS12), server_context("mldsa-44.pem")),
                         ("SSLV3_ALERT_HANDSHAKE_FAILURE", "NO_SHARED_CIPHER"))
        server = server_context("server.pem", verify_mode=ssl.CERT_REQUIRED, trust="mldsa-ca.pem", version=TLS12)
        self.assertEqual(self.reasons(client_context(certificate="mldsa-client.pem"), server)[1], "PEER_DID_NOT_RETURN_A_CERTIFICATE")

    def test_an_authority_in_tls12(self):
        for version in (TLS12, TLS13):
            near, far = self.agree(self.client(version=version), server_context("mldsa-ec.pem"))
            self.assertEqual(near.getpeercert(True), blocks("mldsa-ec.pem")[1][1])

    @unittest.skipUnless(hasattr(ssl.SSLContext, "set_client_sigalgs"), "new in Python 3.15")
    def test_names(self):
        client = self.trusting()
        for name in ("mldsa44", "MLDSA44", "ML-DSA-44", "ml-dsa-44"):
            client.set_server_sigalgs(name)
            near, far = self.agree(client, self.server())
            self.assertEqual(near.server_sigalg(), "mldsa44")
        for name in ("id-ml-dsa-44", "mldsa44+SHA256", "2.16.840.1.101.3.4.3.17"):
            self.assertFails(ssl.SSLError, client.set_server_sigalgs, name)
        if OURS:
            self.assertEqual(set(ssl.get_sigalgs()) & {"mldsa44", "mldsa65", "mldsa87"}, {"mldsa44", "mldsa65", "mldsa87"})
        server = server_context("server.pem", verify_mode=ssl.CERT_REQUIRED, trust="mldsa-ca.pem")
        server.set_client_sigalgs("mldsa87")
        self.assertEqual(self.reasons(client_context(certificate="mldsa-client.pem"), server)[1], "PEER_DID_NOT_RETURN_A_CERTIFICATE")

    def test_hello(self):
        """The client's list begins as OpenSSL's, and has none of these in TLS 1.2."""
        outgoing = ssl.MemoryBIO()
        for version, expected in ((TLS13, "090509060904"), (TLS12, "040305030603")):
            connection = self.client(maximum_version=version).wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost")
            self.assertFails(ssl.SSLWantReadError, connection.do_handshake)
            hello = bytearray(outgoing.read())
            shown = "".join("%02x" % byte for byte in hello)
            at = shown.index("%s0403050306030807" % ("090509060904" if version == TLS13 else ""))
            self.assertEqual(shown[at - 12:at - 8], "000d")
            self.assertEqual(shown[at:at + 12], expected)
            self.assertEqual("090509060904" in shown, version == TLS13)


class TestLevels(MlDsa):
    def test_own_keys(self):
        for name, highest in (("44", 3), ("65", 4), ("87", 5)):
            for level in range(6):
                with self.subTest(name=name, level=level):
                    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    context.set_ciphers("DEFAULT:@SECLEVEL=%d" % level)
                    if level <= highest:
                        context.load_cert_chain(data("mldsa-%s.pem" % name))
                    else:
                        error = self.assertFails(ssl.SSLError, context.load_cert_chain, data("mldsa-%s.pem" % name))
                        self.assertEqual(error.reason, "EE_KEY_TOO_SMALL")

    def test_peers(self):
        for level in (3, 4):
            with self.subTest(level=level):
                client = self.client(ciphers="ALL:@SECLEVEL=%d" % level)
                self.agree(client, server_context("mldsa-65.pem"))
                if level == 3:
                    self.agree(client, server_context("mldsa-44.pem"))
                else:
                    self.assertEqual(self.reasons(client, server_context("mldsa-44.pem")),
                                     ("SSLV3_ALERT_HANDSHAKE_FAILURE", "NO_SUITABLE_SIGNATURE_ALGORITHM"))
        if not hasattr(client, "set_groups"):
            return
        # The leaf's key has 256 bits, but the root's and its signature 192.
        client = self.client(ciphers="ALL:@SECLEVEL=5")
        client.set_groups("secp521r1")
        self.assertEqual(self.code(client, server_context("mldsa-87.pem")), (67, "CA certificate key too weak"))


class TestKeys(MlDsa):
    def load(self, key, certificate="mldsa-44.pem", password=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.write(pem(*blocks(certificate)[1])), key, password)
        return context

    def field(self, name="mldsa-key-seed-priv.pem"):
        """The seed and the expanded key."""
        der = blocks(name)[0][1]
        return der[-2560 - 4 - 32:-2560 - 4], der[-2560:]

    def refused(self, reason, key, *arguments):
        error = self.assertFails(ssl.SSLError, self.load, key, *arguments)
        self.assertEqual(error.reason if reason else None, reason)

    def test_forms(self):
        for form in ("seed-only", "priv-only", "seed-priv", "encrypted"):
            with self.subTest(form=form):
                server = self.load(data("mldsa-key-%s.pem" % form), password=support.PASSWORD)
                self.agree(self.client(), server)
        self.refused(None, data("mldsa-key-encrypted.pem"), "mldsa-44.pem", "wrong")

    def test_older_forms(self):
        """The seed or the expanded key without a tag, and the expanded key followed by the public one, which is not read."""
        seed, expanded = self.field()
        public = self.public("mldsa-44.pem")
        for field in (seed, expanded, tlv(4, expanded, public), tlv(4, expanded, flipped(public, -1))):
            self.agree(self.client(), self.load(self.write(pem("PRIVATE KEY", private_key(field)))))

    def public(self, name):
        der = blocks(name)[1][1]
        # After the algorithm (the second time the identifier stands there: first comes the signature's, which is another).
        at = der.index(tlv(0x30, tlv(6, b"\x60\x86\x48\x01\x65\x03\x04\x03\x11")) + b"\x03\x82") + 13 + 5
        return der[at:at + 1312]

    def test_another_key(self):
        self.refused("KEY_VALUES_MISMATCH", data("mldsa-revoked.pem"))
        self.refused("NO_CERTIFICATE_ASSIGNED", data("mldsa-65.pem"))
        self.refused("NO_CERTIFICATE_ASSIGNED", data("server.pem"))
        self.refused("NO_CERTIFICATE_ASSIGNED", data("mldsa-65.pem"), "server.pem")

    def test_damaged_keys(self):
        seed, expanded = self.field()
        both = tlv(4, seed), tlv(4, expanded)
        self.load(self.write(pem("PRIVATE KEY", private_key(tlv(0x30, *both)))))
        damaged = {
            "parameters": private_key(tlv(0x30, *both), parameters=b"\x05\x00"),
            "another set": private_key(tlv(0x30, *both), 0x12),
            "seed of another key": private_key(tlv(0x30, tlv(4, flipped(seed, 0)), both[1])),
            "expanded key of another seed": private_key(tlv(0x30, both[0], tlv(4, flipped(expanded, 40)))),
            "short seed": private_key(tlv(0x80, seed[1:])),
            "long seed": private_key(tlv(0x80, seed, b"x")),
            "short key": private_key(tlv(4, expanded[1:])),
            "bytes behind": private_key(tlv(0x80, seed) + b"\x05\x00"),
            "nothing": private_key(b""),
            "public seed": private_key(tlv(4, flipped(expanded, 0))),
            "hash": private_key(tlv(4, flipped(expanded, 64))),
            "first vector": private_key(tlv(4, flipped(expanded, 200))),
            "range": private_key(tlv(4, expanded[:130] + b"\xff" + expanded[131:])),
            "low bits, first": private_key(tlv(4, flipped(expanded, 128 + 8 * 96))),
            "low bits, last": private_key(tlv(4, flipped(expanded, -1))),
        }
        for what in sorted(damaged):
            with self.subTest(what=what):
                self.refused(None, self.write(pem("PRIVATE KEY", damaged[what])))

    def test_another_set_expanded(self):
        der = blocks("mldsa-87.pem")[0][1]
        self.load(self.write(pem("PRIVATE KEY", der)), "mldsa-87.pem")
        for at in (-1, -2000, 200):
            self.refused(None, self.write(pem("PRIVATE KEY", flipped(der, at))), "mldsa-87.pem")


class TestLists(MlDsa):
    def test_lists(self):
        client = self.client(verify_flags=ssl.VERIFY_CRL_CHECK_LEAF)
        self.assertEqual(self.code(client, server_context("mldsa-65.pem")), (3, "unable to get certificate CRL"))
        client.load_verify_locations(data("mldsa-list.pem"))
        self.agree(client, server_context("mldsa-65.pem"))
        self.assertEqual(self.code(client, server_context("mldsa-revoked.pem")), (23, "certificate revoked"))

    def test_an_altered_list(self):
        (label, der), = blocks("mldsa-list.pem")
        client = self.client(verify_flags=ssl.VERIFY_CRL_CHECK_LEAF)
        client.load_verify_locations(self.write(pem(label, flipped(der, -1))))
        self.assertEqual(self.code(client, server_context("mldsa-65.pem")), (8, "CRL signature failure"))

    def test_store(self):
        context = self.client()
        self.assertEqual(context.cert_store_stats(), {"x509": 1, "x509_ca": 1, "crl": 0})
        (authority,) = context.get_ca_certs()
        self.assertEqual(authority["subject"][2], (("commonName", "ML-DSA Authority"),))


class TestSlhDsa(MlDsa):
    def client(self, **settings):
        return client_context(cafile=data("slhdsa-ca.pem"), **settings)

    def test_chains(self):
        for version in (TLS12, TLS13):
            for certificate in ("slhdsa-ec.pem", "slhdsa-chain.pem"):
                with self.subTest(version=version, certificate=certificate):
                    self.agree(self.client(version=version), server_context(certificate))

    def test_wrong_authority(self):
        self.assertEqual(self.code(client_context(), server_context("slhdsa-ec.pem")), (20, "unable to get local issuer certificate"))

    def test_altered_certificates(self):
        key, leaf, middle = blocks("slhdsa-chain.pem")
        for altered in ((pem(leaf[0], flipped(leaf[1], -1)), pem(*middle)), (pem(*leaf), pem(middle[0], flipped(middle[1], -7000)))):
            server = server_context(self.write(pem(*key), *altered))
            self.assertEqual(self.code(self.client(), server), (7, "certificate signature failure"))

    def test_lists(self):
        client = self.client(verify_flags=ssl.VERIFY_CRL_CHECK_LEAF, trust="slhdsa-list.pem")
        self.assertEqual(self.code(client, server_context("slhdsa-ec.pem")), (23, "certificate revoked"))
        (label, der), = blocks("slhdsa-list.pem")
        client = self.client(verify_flags=ssl.VERIFY_CRL_CHECK_LEAF)
        client.load_verify_locations(self.write(pem(label, flipped(der, -1))))
        self.assertEqual(self.code(client, server_context("slhdsa-ec.pem")), (8, "CRL signature failure"))

    def test_levels(self):
        self.agree(self.client(ciphers="ALL:@SECLEVEL=3"), server_context("slhdsa-ec.pem"))

    def test_not_for_handshakes(self):
        error = self.assertFails(ssl.SSLError, ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain, data("slhdsa-own.pem"))
        self.assertEqual(error.reason, "UNKNOWN_CERTIFICATE_TYPE")


if __name__ == "__main__":
    unittest.main()
