"""SSLContext: attributes, files, cipher strings, versions, and what they refuse."""

import json
import os
import socket
import ssl
import subprocess
import sys
import unittest

import stockpeer
import support
from support import data


class TestConstruction(support.TestCase):
    def test_protocols(self):
        for protocol in (ssl.PROTOCOL_TLS, ssl.PROTOCOL_TLS_CLIENT, ssl.PROTOCOL_TLS_SERVER,
                         ssl.PROTOCOL_TLSv1_2):
            context = ssl.SSLContext(protocol)
            self.assertEqual(context.protocol, protocol)
            self.assertIsInstance(context.protocol, ssl._SSLMethod)
        self.assertEqual(ssl.SSLContext().protocol, ssl.PROTOCOL_TLS)
        self.assertEqual(ssl.SSLContext(protocol=ssl.PROTOCOL_TLS).protocol, ssl.PROTOCOL_TLS)
        self.assertEqual(ssl.SSLContext(2).protocol, ssl.PROTOCOL_SSLv23)

    def test_refused(self):
        self.assertRaises(ValueError, ssl.SSLContext, -1)
        self.assertRaises(ValueError, ssl.SSLContext, 42)
        self.assertRaises(TypeError, ssl.SSLContext, "TLS")
        self.assertRaises(AttributeError, setattr, ssl.SSLContext(2), "protocol", 16)

    def test_ssl2_is_refused_with_the_reason(self):
        context = ssl.SSLContext(ssl.PROTOCOL_SSLv2)
        self.assertEqual(context.protocol, ssl.PROTOCOL_SSLv2)
        self.assertEqual((context.verify_mode, context.check_hostname), (ssl.CERT_NONE, False))
        self.assertRaises(ValueError, setattr, context, "maximum_version", ssl.TLSVersion.TLSv1_3)
        context.load_cert_chain(data("server.pem"))
        for server_side in (False, True):
            connection = context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=server_side)
            for _ in range(2):
                error = self.assertFails(ssl.SSLError, connection.do_handshake)
                self.assertEqual(error.reason, "UNSUPPORTED_PROTOCOL")
                self.assertIn("RFC 6176", str(error))
        context = ssl.SSLContext(ssl.PROTOCOL_SSLv23)
        context.options |= ssl.OP_NO_SSLv2

    def test_defaults(self):
        client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.assertEqual((client.verify_mode, client.check_hostname), (ssl.CERT_REQUIRED, True))
        for protocol in (ssl.PROTOCOL_TLS_SERVER, ssl.PROTOCOL_TLS):
            context = ssl.SSLContext(protocol)
            self.assertEqual((context.verify_mode, context.check_hostname), (ssl.CERT_NONE, False))
            self.assertEqual(context.options & ssl.OP_ALL, ssl.OP_ALL)
            self.assertTrue(context.options & ssl.OP_NO_SSLv3)
            self.assertTrue(context.options & ssl.OP_NO_COMPRESSION)
        self.assertEqual(client.verify_flags, ssl.VERIFY_X509_TRUSTED_FIRST)
        self.assertEqual(client.minimum_version, ssl.TLSVersion.TLSv1_2)
        self.assertEqual(client.maximum_version, ssl.TLSVersion.MAXIMUM_SUPPORTED)

    def test_subclass_with_more_arguments(self):
        class Context(ssl.SSLContext):
            def __init__(self, protocol, label=None):
                super(Context, self).__init__(protocol)
                self.label = label
        self.assertEqual(Context(ssl.PROTOCOL_TLS_CLIENT, label="mine").label, "mine")


class TestAttributes(support.TestCase):
    def setUp(self):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS)

    def test_options(self):
        context = self.context
        context.options = ssl.OP_ALL | ssl.OP_NO_TLSv1
        self.assertEqual(context.options, ssl.OP_ALL | ssl.OP_NO_TLSv1)
        self.assertIsInstance(context.options, ssl.Options)
        context.options &= ~ssl.OP_NO_TLSv1
        self.assertEqual(context.options, ssl.OP_ALL)
        self.assertRaises(TypeError, setattr, context, "options", "x")

    def test_verify_mode(self):
        for mode in (ssl.CERT_OPTIONAL, ssl.CERT_REQUIRED, ssl.CERT_NONE):
            self.context.verify_mode = mode
            self.assertIs(self.context.verify_mode, mode)
        self.context.verify_mode = 2
        self.assertIs(self.context.verify_mode, ssl.CERT_REQUIRED)
        self.assertRaises(TypeError, setattr, self.context, "verify_mode", None)
        self.assertRaises(ValueError, setattr, self.context, "verify_mode", 42)

    def test_check_hostname_and_verify_mode(self):
        context = self.context
        if sys.version_info >= (3, 7):
            context.check_hostname = True
            self.assertEqual(context.verify_mode, ssl.CERT_REQUIRED)
        else:
            self.assertRaises(ValueError, setattr, context, "check_hostname", True)
            context.verify_mode = ssl.CERT_REQUIRED
            context.check_hostname = True
        self.assertRaises(ValueError, setattr, context, "verify_mode", ssl.CERT_NONE)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE

    def test_verify_flags(self):
        self.context.verify_flags = ssl.VERIFY_CRL_CHECK_LEAF
        self.assertEqual(self.context.verify_flags, ssl.VERIFY_CRL_CHECK_LEAF)
        self.assertIsInstance(self.context.verify_flags, ssl.VerifyFlags)
        self.context.verify_flags = ssl.VERIFY_CRL_CHECK_CHAIN | ssl.VERIFY_X509_STRICT
        self.assertEqual(self.context.verify_flags, ssl.VERIFY_CRL_CHECK_CHAIN | ssl.VERIFY_X509_STRICT)
        self.assertRaises(TypeError, setattr, self.context, "verify_flags", None)

    def test_versions(self):
        context = self.context
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.maximum_version = ssl.TLSVersion.TLSv1_3
        self.assertIs(context.minimum_version, ssl.TLSVersion.TLSv1_2)
        self.assertIs(context.maximum_version, ssl.TLSVersion.TLSv1_3)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
        self.assertEqual(context.maximum_version, ssl.TLSVersion.MAXIMUM_SUPPORTED)
        self.assertRaises(ValueError, setattr, context, "minimum_version", 4)
        self.assertRaises(TypeError, setattr, context, "maximum_version", "x")
        single = ssl.SSLContext(ssl.PROTOCOL_TLSv1_2)
        self.assertRaises(ValueError, setattr, single, "minimum_version", ssl.TLSVersion.TLSv1_2)

    def test_ssl3_by_minimum_version(self):
        self.context.minimum_version = ssl.TLSVersion.SSLv3
        self.assertFalse(self.context.options & ssl.OP_NO_SSLv3)

    def test_common_name_switch(self):
        context = self.context
        self.assertIs(context.hostname_checks_common_name, True)
        context.hostname_checks_common_name = False
        self.assertIs(context.hostname_checks_common_name, False)
        context.hostname_checks_common_name = True
        self.assertIs(context.hostname_checks_common_name, True)

    def test_numbers(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.assertIsInstance(context.security_level, int)
        self.assertEqual(context.num_tickets, 2)
        context.num_tickets = 1
        self.assertEqual(context.num_tickets, 1)
        self.assertRaises(ValueError, setattr, context, "num_tickets", -1)
        self.assertRaises(TypeError, setattr, context, "num_tickets", None)
        self.assertRaises(ValueError, setattr, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), "num_tickets", 1)

    def test_post_handshake_auth(self):
        self.assertIs(self.context.post_handshake_auth, False)
        self.context.post_handshake_auth = True
        self.assertIs(self.context.post_handshake_auth, True)

    def test_session_stats(self):
        self.assertEqual(self.context.session_stats(), {
            "number": 0, "connect": 0, "connect_good": 0, "connect_renegotiate": 0, "accept": 0,
            "accept_good": 0, "accept_renegotiate": 0, "hits": 0, "misses": 0, "timeouts": 0,
            "cache_full": 0})

    def test_callbacks(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.assertIsNone(context.sni_callback)
        context.set_servername_callback(lambda *arguments: None)
        self.assertTrue(callable(context.sni_callback))
        context.set_servername_callback(None)
        self.assertIsNone(context.sni_callback)
        for wrong in (4, "", "x", []):
            self.assertRaises(TypeError, context.set_servername_callback, wrong)
        self.assertRaises(TypeError, setattr, context, "_msg_callback", 4)

        def callback(*arguments):
            pass
        context._msg_callback = callback
        self.assertIs(context._msg_callback, callback)
        context._msg_callback = None
        self.assertIsNone(context._msg_callback)


class TestCertificateChain(support.TestCase):
    def load(self, *names, **options):
        names = [data(name) for name in names]
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*names, **options)

    def test_formats(self):
        for name in ("server.pem", "server-pkcs1.pem", "server-ec.pem", "server-sec1.pem",
                     "server-ec384.pem", "server-ed25519.pem", "chain.pem"):
            with self.subTest(name=name):
                self.load(name)

    def test_separate_files(self):
        self.load("server-cert.pem", "server-key.pem")
        ssl.SSLContext(2).load_cert_chain(certfile=data("server-cert.pem"), keyfile=data("server-key.pem"))
        ssl.SSLContext(2).load_cert_chain(data("server.pem"), None)

    def test_bytes_path(self):
        ssl.SSLContext(2).load_cert_chain(os.fsencode(data("server-cert.pem")),
                                          os.fsencode(data("server-key.pem")))

    def test_password(self):
        for key in ("server-key-encrypted.pem", "server-key-dek.pem"):
            for password in ("somepass", b"somepass", bytearray(b"somepass"), lambda: "somepass",
                             lambda: b"somepass", lambda: bytearray(b"somepass")):
                with self.subTest(key=key, password=password):
                    self.load("server-cert.pem", key, password=password)
        self.load("server-encrypted.pem", password="somepass")
        self.load("server.pem", password=lambda: 1 / 0)      # no need to ask

    def test_wrong_password(self):
        for key in ("server-key-encrypted.pem", "server-key-dek.pem"):
            for password in ("wrong", b"wrong", lambda: "wrong", ""):
                with self.subTest(key=key, password=password):
                    self.assertRaises(ssl.SSLError, self.load, "server-cert.pem", key, password=password)

    def test_bad_password_arguments(self):
        encrypted = ("server-cert.pem", "server-key-encrypted.pem")
        error = self.assertFails(TypeError, self.load, *encrypted, password=True)
        self.assertIn("should be a string", str(error))
        error = self.assertFails(TypeError, self.load, *encrypted, password=lambda: 9)
        self.assertIn("must return a string", str(error))
        self.assertRaises(TypeError, self.load, *encrypted, password=lambda one: "x")
        self.assertRaises(ZeroDivisionError, self.load, *encrypted, password=lambda: 1 / 0)
        error = self.assertFails(ValueError, self.load, *encrypted, password="a" * 102400)
        self.assertIn("cannot be longer", str(error))

    def test_missing_files(self):
        for names in (("missing.pem",), ("server-cert.pem", "missing.pem"), ("missing.pem", "server-key.pem")):
            error = self.assertFails(FileNotFoundError, self.load, *names)
            self.assertEqual(error.errno, 2)

    def test_wrong_files(self):
        for names in (("empty.pem",), ("notpem.pem",), ("broken.pem",), ("truncated.pem",), ("server-cert.pem",),
                      ("server-key.pem",), ("server.der",), ("server-cert.pem", "notpem.pem"),
                      ("server-cert.pem", "empty.pem"), ("server-key.pem", "server-key.pem")):
            with self.subTest(names=names):
                self.assertRaises(ssl.SSLError, self.load, *names)

    def test_mismatch(self):
        error = self.assertFails(ssl.SSLError, self.load, "mismatch.pem")
        self.assertEqual(error.reason, "KEY_VALUES_MISMATCH")
        self.assertRaises(ssl.SSLError, self.load, "mismatch-kind.pem")

    def test_arguments(self):
        context = ssl.SSLContext(2)
        self.assertRaises(TypeError, context.load_cert_chain)
        self.assertRaises(TypeError, context.load_cert_chain, None)
        self.assertRaises(TypeError, context.load_cert_chain, 42)
        self.assertRaises(ValueError, context.load_cert_chain, "with\0nul")


class TestTrust(support.TestCase):
    def setUp(self):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def stats(self):
        return self.context.cert_store_stats()

    def test_sources(self):
        pem = support.read_file(support.CA).decode()
        for arguments, options in (((support.CA,), {}), ((), {"cafile": support.CA}),
                                   ((support.CA, None), {}), ((os.fsencode(support.CA),), {}),
                                   ((), {"cadata": pem}), ((), {"cadata": ssl.PEM_cert_to_DER_cert(pem)})):
            self.setUp()
            self.context.load_verify_locations(*arguments, **options)
            self.assertEqual(self.stats(), {"x509": 1, "x509_ca": 1, "crl": 0})

    def test_folder_is_read_when_needed(self):
        self.context.load_verify_locations(capath=data("capath"))
        self.assertEqual(self.stats()["x509"], 0)
        self.context.load_verify_locations(None, os.fsencode(data("capath")))

    def test_several(self):
        self.context.load_verify_locations(cadata=(support.read_file(support.CA) +
                                                   support.read_file(data("otherca.pem"))).decode())
        self.context.load_verify_locations(support.CA)      # twice is once
        self.assertEqual(self.stats(), {"x509": 2, "x509_ca": 2, "crl": 0})
        self.context.load_verify_locations(data("selfsigned.pem"))
        self.assertEqual(self.stats()["x509"], 3)

    def test_get_ca_certs(self):
        self.assertEqual(self.context.get_ca_certs(), [])
        self.context.load_verify_locations(support.CA)
        self.context.load_verify_locations(data("server-cert.pem"))     # no authority
        (info,) = self.context.get_ca_certs()
        name = ((("countryName", "XY"),), (("organizationName", "Ssl Module Tests"),),
                (("commonName", "Test Authority"),))
        self.assertEqual((info["subject"], info["issuer"], info["version"]), (name, name, 3))
        self.assertEqual((info["notBefore"], info["notAfter"]),
                         ("Jan  1 00:00:00 2020 GMT", "Dec 31 23:59:59 2049 GMT"))
        self.assertEqual(self.context.get_ca_certs(True),
                         [ssl.PEM_cert_to_DER_cert(support.read_file(support.CA).decode())])
        self.assertEqual(self.context.get_ca_certs(binary_form=False), [info])

    def test_refused(self):
        load = self.context.load_verify_locations
        self.assertRaises(TypeError, load)
        self.assertRaises(TypeError, load, None, None, None)
        self.assertRaises(TypeError, load, 42)
        self.assertRaises(TypeError, load, cadata=object())
        self.assertRaises(FileNotFoundError, load, data("missing.pem"))
        for name in ("notpem.pem", "empty.pem", "broken.pem", "server-key.pem"):
            with self.subTest(name=name):
                self.assertRaises(ssl.SSLError, load, data(name))
        for cadata in ("broken", b"broken", ""):
            with self.subTest(cadata=cadata):
                self.assertRaises((ssl.SSLError, ValueError), load, cadata=cadata)
        self.assertEqual(self.stats()["x509"], 0)

    def test_machine(self):
        self.context.load_default_certs()
        self.context.load_default_certs(ssl.Purpose.CLIENT_AUTH)
        self.context.set_default_verify_paths()
        self.assertRaises(TypeError, self.context.load_default_certs, None)
        self.assertRaises(TypeError, self.context.load_default_certs, "SERVER_AUTH")


class TestCiphers(support.TestCase):
    def setUp(self):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS)

    def names(self):
        return [cipher["name"] for cipher in self.context.get_ciphers()]

    @unittest.skipUnless(stockpeer.beside(), "no ssl of the interpreter's own beside this one")
    def test_defaults(self):
        """Those that the interpreter was built with, Python's or OpenSSL's, but for SRP, which is not there."""
        script = """if True:
            import json, ssl
            contexts = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
            print(json.dumps([[cipher["name"] for cipher in context.get_ciphers()] for context in contexts]))
            """
        of_openssl, ours = [json.loads(subprocess.check_output([sys.executable] + options).decode())
                            for options in (["-I", "-c", script], ["-c", script])]
        self.assertEqual(ours, [[name for name in names if not name.startswith("SRP-")] for names in of_openssl])
        self.assertEqual([cipher["name"] for cipher in ssl.create_default_context().get_ciphers()], ours[2])

    def test_one(self):
        self.context.set_ciphers("ECDHE-RSA-AES128-GCM-SHA256")
        old = [name for name in self.names() if not name.startswith("TLS_")]
        self.assertEqual(old, ["ECDHE-RSA-AES128-GCM-SHA256"])
        self.assertIn("TLS_AES_256_GCM_SHA384", self.names())

    def test_language(self):
        for string in ("ALL", "DEFAULT", "HIGH:!aNULL", "ECDHE+AESGCM:!aDSS", "ALL:!COMPLEMENTOFDEFAULT",
                       "AESGCM", "@STRENGTH:HIGH", "nonsense:ECDHE-ECDSA-AES256-GCM-SHA384"):
            with self.subTest(string=string):
                self.context.set_ciphers(string)
                self.assertTrue(self.names())

    def test_description(self):
        self.context.set_ciphers("ECDHE-RSA-AES256-GCM-SHA384")
        (cipher,) = [cipher for cipher in self.context.get_ciphers()
                     if cipher["name"] == "ECDHE-RSA-AES256-GCM-SHA384"]
        for key, value in (("protocol", "TLSv1.2"), ("alg_bits", 256), ("strength_bits", 256), ("aead", True),
                           ("symmetric", "aes-256-gcm"), ("kea", "kx-ecdhe"), ("auth", "auth-rsa"),
                           ("digest", None)):
            self.assertEqual(cipher[key], value, key)
        self.assertEqual(cipher["id"] & 0xffff, 0xc030)
        self.assertIn("Enc=AESGCM(256)", cipher["description"])

    def test_refused(self):
        for string in ("", "^$:,;?*'dorothyx", "NOSUCHCIPHER"):
            error = self.assertFails(ssl.SSLError, self.context.set_ciphers, string)
            self.assertIn("No cipher can be selected", str(error))
        self.assertRaises(TypeError, self.context.set_ciphers, None)


class TestExtensions(support.TestCase):
    def test_alpn(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS)
        context.set_alpn_protocols(["h2", "http/1.1"])
        for protocols in ([""], ["x" * 256], ["h2", ""]):
            self.assertRaises(ssl.SSLError, context.set_alpn_protocols, protocols)

    def test_npn_is_not_there(self):
        self.assertRaises(NotImplementedError, ssl.SSLContext(2).set_npn_protocols, ["spdy/2"])

    def test_ecdh_curve(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ecdh_curve("prime256v1")
        context.set_ecdh_curve(b"secp384r1")
        self.assertRaises(TypeError, context.set_ecdh_curve)
        self.assertRaises(TypeError, context.set_ecdh_curve, None)
        self.assertRaises(ValueError, context.set_ecdh_curve, "foo")

    def test_dh_params(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.assertRaises(TypeError, context.load_dh_params)
        self.assertRaises(TypeError, context.load_dh_params, None)
        self.assertRaises(FileNotFoundError, context.load_dh_params, data("missing.pem"))
        self.assertRaises(ssl.SSLError, context.load_dh_params, data("server-cert.pem"))


class TestDefaultContexts(support.TestCase):
    def test_client(self):
        context = ssl.create_default_context()
        self.assertEqual((context.verify_mode, context.check_hostname), (ssl.CERT_REQUIRED, True))
        context = ssl.create_default_context(cafile=support.CA)
        self.assertEqual(context.cert_store_stats()["x509_ca"], 1)
        context = ssl.create_default_context(cadata=support.read_file(support.CA).decode())
        self.assertEqual(context.cert_store_stats()["x509_ca"], 1)
        self.assertTrue(ssl._create_default_https_context().check_hostname)

    def test_server(self):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.assertEqual((context.verify_mode, context.check_hostname), (ssl.CERT_NONE, False))

    def test_unverified(self):
        for make in (ssl._create_unverified_context, ssl._create_stdlib_context):
            context = make()
            self.assertEqual((context.verify_mode, context.check_hostname), (ssl.CERT_NONE, False))
            context = make(cert_reqs=ssl.CERT_REQUIRED, check_hostname=True, cafile=support.CA)
            self.assertEqual((context.verify_mode, context.check_hostname), (ssl.CERT_REQUIRED, True))
            make(purpose=ssl.Purpose.CLIENT_AUTH, certfile=data("server.pem"))
            self.assertRaises(ValueError, make, keyfile=data("server-key.pem"))
            self.assertRaises(TypeError, make, purpose=3)

    def test_refused(self):
        self.assertRaises(TypeError, ssl.create_default_context, "SERVER_AUTH")
        self.assertRaises(FileNotFoundError, ssl.create_default_context, cafile=data("missing.pem"))

    def test_keylog_variable(self):
        import shutil
        import tempfile
        folder = tempfile.mkdtemp()
        old = os.environ.get("SSLKEYLOGFILE")
        try:
            os.environ["SSLKEYLOGFILE"] = os.path.join(folder, "keys")
            context = ssl.create_default_context(cafile=support.CA)
            self.assertEqual(context.keylog_filename, os.path.join(folder, "keys"))
            near, far = support.tls_pair(context, support.server_context())
            near.close()
            far.close()
            context.keylog_filename = None
            self.assertIn(b"CLIENT_TRAFFIC_SECRET_0 ", support.read_file(os.path.join(folder, "keys")))
        finally:
            if old is None:
                del os.environ["SSLKEYLOGFILE"]
            else:
                os.environ["SSLKEYLOGFILE"] = old
            shutil.rmtree(folder)


if __name__ == "__main__":
    unittest.main()
