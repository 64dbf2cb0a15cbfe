"""Handshakes that succeed, and what each side then knows of the other."""

import socket
import ssl
import unittest

import support
from support import careless_context, client_context, data, server_context, tls_pair

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
SUBJECT = ((("countryName", "XY"),), (("localityName", "Test Town"),),
           (("organizationName", "Ssl Module Tests"),), (("commonName", "localhost"),))
ISSUER = ((("countryName", "XY"),), (("organizationName", "Ssl Module Tests"),),
          (("commonName", "Test Authority"),))


class Connected(support.TestCase):
    def pair(self, client, server, **options):
        near, far = tls_pair(client, server, **options)
        self.addCleanup(near.close)
        self.addCleanup(far.close)
        return near, far

    def talk(self, near, far):
        for sender, receiver in ((near, far), (far, near)):
            sender.sendall(b"hello there")
            self.assertEqual(support.receive(receiver, 11), b"hello there")


class TestVersionsAndKeys(Connected):
    def test_every_kind_of_key(self):
        for version, text in ((TLS12, "TLSv1.2"), (TLS13, "TLSv1.3")):
            for certificate in ("server.pem", "server-ec.pem", "server-ec384.pem", "server-ed25519.pem",
                                "chain.pem"):
                with self.subTest(version=text, certificate=certificate):
                    near, far = self.pair(client_context(), server_context(certificate, version=version))
                    self.assertEqual((near.version(), far.version()), (text, text))
                    self.talk(near, far)

    def test_best_common_version(self):
        near, far = self.pair(client_context(), server_context())
        self.assertEqual(near.version(), "TLSv1.3")
        near, far = self.pair(client_context(maximum_version=TLS12), server_context())
        self.assertEqual(near.version(), "TLSv1.2")
        server = server_context()
        server.options |= ssl.OP_NO_TLSv1_3
        near, far = self.pair(client_context(), server)
        self.assertEqual(near.version(), "TLSv1.2")

    def test_page_protocol(self):
        client = ssl.SSLContext(ssl.PROTOCOL_SSLv23)
        near, far = self.pair(client, server_context(protocol=ssl.PROTOCOL_SSLv23))
        self.talk(near, far)
        near, far = self.pair(ssl.SSLContext(ssl.PROTOCOL_TLSv1_2), server_context())
        self.assertEqual(near.version(), "TLSv1.2")

    def test_ciphers_of_tls12(self):
        for name, bits in (("ECDHE-RSA-AES128-GCM-SHA256", 128), ("ECDHE-RSA-AES256-GCM-SHA384", 256),
                           ("ECDHE-RSA-CHACHA20-POLY1305", 256)):
            with self.subTest(name=name):
                near, far = self.pair(client_context(version=TLS12, ciphers=name), server_context())
                self.assertEqual(near.cipher(), (name, "TLSv1.2", bits))
                self.assertEqual(far.cipher(), near.cipher())
                self.talk(near, far)

    def test_cipher_of_tls13(self):
        near, far = self.pair(client_context(), server_context())
        name, protocol, bits = near.cipher()
        self.assertTrue(name.startswith("TLS_"), name)
        self.assertEqual((protocol, bits in (128, 256)), ("TLSv1.3", True))

    def test_shared_ciphers(self):
        near, far = self.pair(client_context(version=TLS12, ciphers="ECDHE+AESGCM"), server_context())
        self.assertIn(near.cipher(), far.shared_ciphers())
        self.assertIsNone(near.compression())

    def test_curve(self):
        for curve in ("prime256v1", "secp384r1"):
            server = server_context()
            server.set_ecdh_curve(curve)
            near, far = self.pair(client_context(), server)
            self.talk(near, far)


class TestPeerCertificate(Connected):
    def test_verified(self):
        near, far = self.pair(client_context(), server_context())
        cert = near.getpeercert()
        self.assertEqual((cert["subject"], cert["issuer"], cert["version"]), (SUBJECT, ISSUER, 3))
        self.assertEqual(cert["notBefore"], "Jan  1 00:00:00 2020 GMT")
        self.assertEqual(cert["notAfter"], "Dec 31 23:59:59 2049 GMT")
        self.assertEqual(cert["subjectAltName"], (("DNS", "localhost"), ("IP Address", "127.0.0.1"),
                                                  ("IP Address", "0:0:0:0:0:0:0:1")))
        self.assertTrue(cert["serialNumber"].startswith("1A2B3C4D5E6F70"), cert["serialNumber"])
        self.assertEqual(near.getpeercert(True), support.read_file(data("server.der")))
        self.assertEqual(near.getpeercert(binary_form=True), near.getpeercert(True))

    def test_everything(self):
        near, far = self.pair(client_context(), server_context("everything.pem"))
        cert = near.getpeercert()
        self.assertEqual(cert["subjectAltName"], (
            ("DNS", "localhost"), ("IP Address", "127.0.0.1"), ("IP Address", "0:0:0:0:0:0:0:1"),
            ("email", "someone@example.test"), ("URI", "https://example.test/"),
            ("Registered ID", "1.2.3.4"),
            ("DirName", ((("countryName", "XY"),), (("organizationName", "A Directory"),))),
            ("othername", "<unsupported>")))
        self.assertEqual(cert["OCSP"], ("http://ocsp.example.test/",))
        self.assertEqual(cert["caIssuers"], ("http://ca.example.test/ca.crt",))
        self.assertEqual(cert["crlDistributionPoints"], ("http://ca.example.test/ca.crl",))

    def test_not_verified(self):
        near, far = self.pair(careless_context(), server_context())
        self.assertEqual(near.getpeercert(), {})
        self.assertEqual(near.getpeercert(True), support.read_file(data("server.der")))
        self.assertIsNone(far.getpeercert())
        self.assertIsNone(far.getpeercert(True))

    def test_client_certificate(self):
        for version in (TLS12, TLS13):
            for mode in (ssl.CERT_OPTIONAL, ssl.CERT_REQUIRED):
                server = server_context(version=version, trust="ca.pem", verify_mode=mode)
                near, far = self.pair(client_context(certificate="client.pem"), server)
                self.talk(near, far)
                self.assertEqual(far.getpeercert()["subject"][-1], (("commonName", "A Client"),))

    def test_optional_client_certificate(self):
        near, far = self.pair(client_context(), server_context(trust="ca.pem", verify_mode=ssl.CERT_OPTIONAL))
        self.talk(near, far)
        self.assertIsNone(far.getpeercert())

    def test_chains(self):
        near, far = self.pair(client_context(), server_context("chain.pem"))
        if hasattr(near._sslobj, "get_verified_chain"):
            self.assertEqual(len(near.get_unverified_chain()), 2)
            chain = near.get_verified_chain()
            self.assertEqual(len(chain), 3)
            self.assertEqual(chain[0], near.getpeercert(True))
            self.assertEqual(ssl.DER_cert_to_PEM_cert(chain[2]), support.read_file(support.CA).decode())


class TestExtensions(Connected):
    def test_alpn(self):
        for server_has, client_has, chosen in ((["h2", "http/1.1"], ["http/1.1", "h2"], "h2"),
                                               (["http/1.1"], ["h2", "http/1.1"], "http/1.1"),
                                               (None, ["h2"], None), (["h2"], None, None)):
            for version in (TLS12, TLS13):
                server, client = server_context(version=version), client_context()
                if server_has:
                    server.set_alpn_protocols(server_has)
                if client_has:
                    client.set_alpn_protocols(client_has)
                near, far = self.pair(client, server)
                self.assertEqual((near.selected_alpn_protocol(), far.selected_alpn_protocol()),
                                 (chosen, chosen))

    def test_npn(self):
        near, far = self.pair(client_context(), server_context())
        self.assertIsNone(near.selected_npn_protocol())

    def test_server_name(self):
        seen = []
        server, other = server_context("server-ec.pem"), server_context("server.pem")

        def choose(connection, name, context):
            seen.append((name, context is server, connection.server_side))
            connection.context = other
        server.set_servername_callback(choose)
        near, far = self.pair(client_context(), server)
        self.assertEqual(seen, [("localhost", True, True)])
        self.assertEqual(near.getpeercert(True), support.read_file(data("server.der")))
        self.assertIs(far.context, other)
        self.assertEqual(near.server_hostname, "localhost")

    def test_server_name_is_an_a_label(self):
        seen = []
        server = server_context("wildcard.pem")
        server.set_servername_callback(lambda connection, name, context: seen.append(name))
        near, far = self.pair(client_context(), server, hostname="b\xfccher.example.test")
        self.assertEqual(seen, ["xn--bcher-kva.example.test"])
        self.assertEqual(near.server_hostname, "xn--bcher-kva.example.test")

    def test_no_server_name(self):
        seen = []
        server = server_context()
        server.set_servername_callback(lambda connection, name, context: seen.append(name))
        self.pair(careless_context(), server, hostname=None)
        self.assertEqual(seen, [None])

    def test_server_name_alert(self):
        server = server_context()
        server.set_servername_callback(
            lambda connection, name, context: ssl.ALERT_DESCRIPTION_ACCESS_DENIED)
        error = self.assertFails(ssl.SSLError, self.pair, client_context(), server)
        self.assertEqual(error.reason, "TLSV1_ALERT_ACCESS_DENIED")

    def test_channel_binding(self):
        near, far = self.pair(client_context(version=TLS12), server_context())
        binding = near.get_channel_binding("tls-unique")
        self.assertEqual(len(binding), 12)
        self.assertEqual(far.get_channel_binding(), binding)
        self.assertRaises(ValueError, near.get_channel_binding, "unknown-type")

    def test_message_callback(self):
        seen = []
        client = client_context()
        client._msg_callback = lambda connection, direction, version, kind, message, blob: seen.append(
            (direction, kind, message))
        self.pair(client, server_context())
        self.assertIn(("write", ssl._TLSContentType.HANDSHAKE, ssl._TLSMessageType.CLIENT_HELLO), seen)
        self.assertIn(("read", ssl._TLSContentType.HANDSHAKE, ssl._TLSMessageType.SERVER_HELLO), seen)


class TestSessions(Connected):
    def first(self, client, server):
        near, far = self.pair(client, server)
        self.talk(near, far)        # TLS 1.3 sends its tickets after the handshake
        session = near.session
        near.close()
        far.close()
        return session

    def test_resumption(self):
        for version in (TLS12, TLS13):
            with self.subTest(version=version):
                client, server = client_context(), server_context(version=version)
                session = self.first(client, server)
                self.assertIsInstance(session, ssl.SSLSession)
                self.assertTrue(session.has_ticket)
                self.assertGreater(session.timeout, 0)
                self.assertGreater(session.time, 0)
                near, far = self.pair(client, server, session=session)
                self.assertTrue(near.session_reused)
                self.assertTrue(far.session_reused)
                self.talk(near, far)
                self.assertEqual(near.getpeercert()["subject"], SUBJECT)
                self.assertGreaterEqual(server.session_stats()["hits"], 1)

    def test_full_handshake_is_no_resumption(self):
        near, far = self.pair(client_context(), server_context())
        self.assertFalse(near.session_reused)
        self.assertFalse(far.session_reused)

    def test_refused(self):
        client, server = client_context(version=TLS12), server_context()
        session = self.first(client, server)
        near, far = self.pair(client, server)
        self.assertRaises(ValueError, setattr, near, "session", session)
        self.assertRaises(TypeError, setattr, near, "session", object())
        other = client_context(version=TLS12)
        self.assertRaises(ValueError, self.pair, other, server, session=session)


class TestPostHandshake(Connected):
    def test_certificate_asked_for_later(self):
        client = client_context(certificate="client.pem", post_handshake_auth=True)
        server = server_context(trust="ca.pem", verify_mode=ssl.CERT_REQUIRED, post_handshake_auth=True)
        near, far = self.pair(client, server)
        self.assertIsNone(far.getpeercert())
        far.verify_client_post_handshake()
        far.sendall(b"who are you?")
        self.assertEqual(support.receive(near, 12), b"who are you?")
        near.sendall(b"me")
        self.assertEqual(support.receive(far, 2), b"me")
        self.assertEqual(far.getpeercert()["subject"][-1], (("commonName", "A Client"),))
        self.assertRaises(ssl.SSLError, near.verify_client_post_handshake)

    def test_client_that_did_not_offer(self):
        server = server_context(trust="ca.pem", verify_mode=ssl.CERT_REQUIRED, post_handshake_auth=True)
        near, far = self.pair(client_context(), server)
        error = self.assertFails(ssl.SSLError, far.verify_client_post_handshake)
        self.assertEqual(error.reason, "EXTENSION_NOT_RECEIVED")


class TestModuleLevel(Connected):
    def test_wrap_socket(self):
        near, far = support.connected_pair()
        near, far = support.both(
            lambda: ssl.wrap_socket(near, ca_certs=support.CA, cert_reqs=ssl.CERT_REQUIRED),
            lambda: ssl.wrap_socket(far, keyfile=data("server-key.pem"), certfile=data("server-cert.pem"),
                                    server_side=True, ciphers="HIGH"))
        self.addCleanup(near.close)
        self.addCleanup(far.close)
        self.talk(near, far)
        self.assertEqual(near.getpeercert()["subject"], SUBJECT)
        self.assertIsInstance(near, socket.socket)
        self.assertIsInstance(near.context, ssl.SSLContext)
        self.assertIsNot(near.context, far.context)

    def test_arguments(self):
        with socket.socket() as sock:
            self.assertRaises(ValueError, ssl.wrap_socket, sock, server_side=True)
            self.assertRaises(ValueError, ssl.wrap_socket, sock, keyfile=data("server-key.pem"))
            self.assertRaises(FileNotFoundError, ssl.wrap_socket, sock, certfile=data("missing.pem"))
            self.assertRaises(FileNotFoundError, ssl.wrap_socket, sock, ca_certs=data("missing.pem"))
            self.assertRaises(ssl.SSLError, ssl.wrap_socket, sock, ciphers="nonsense")

    def test_get_server_certificate(self):
        pem = support.read_file(data("server-cert.pem")).decode()
        with support.Server(server_context()) as server:
            self.assertEqual(ssl.get_server_certificate(server.address), pem)
            self.assertEqual(ssl.get_server_certificate(server.address, ca_certs=support.CA,
                                                        timeout=support.PATIENCE), pem)
            self.assertEqual(ssl.get_server_certificate(server.address, ssl.PROTOCOL_TLSv1_2, support.CA), pem)
            error = self.assertFails(ssl.SSLCertVerificationError, ssl.get_server_certificate,
                                     server.address, ca_certs=data("otherca.pem"))
            self.assertEqual(error.verify_code, 20)


if __name__ == "__main__":
    unittest.main()
