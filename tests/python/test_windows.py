"""The certificate stores of Windows: enum_certificates(), enum_crls() and what load_default_certs() takes of them.

What needs the stores themselves runs on Windows only; the choice of what to trust runs everywhere.
"""

import os
import ssl
import sys
import unittest
import warnings

from support import TestCase, data, read_file

WINDOWS = sys.platform == "win32"
SERVER_AUTH = ssl.Purpose.SERVER_AUTH.oid
CLIENT_AUTH = ssl.Purpose.CLIENT_AUTH.oid
EMAIL = "1.3.6.1.5.5.7.3.4"


def der(name):
    text = read_file(data(name)).decode("latin-1")
    return ssl.PEM_cert_to_DER_cert(text[text.index(ssl.PEM_HEADER):])


class OnWindows(object):
    """While in force the module takes the machine for a Windows whose stores hold this."""

    def __init__(self, stores, failure=None):
        self.stores = stores
        self.failure = failure
        self.asked = []

    def __getattr__(self, name):
        return getattr(sys, name)

    def __enter__(self):
        self.saved = dict((name, getattr(ssl, name)) for name in ("sys", "enum_certificates") if hasattr(ssl, name))
        self.platform = "win32"
        ssl.sys = self
        ssl.enum_certificates = self.enumerate
        return self

    def __exit__(self, *trouble):
        del ssl.enum_certificates
        for name, value in self.saved.items():
            setattr(ssl, name, value)

    def enumerate(self, store):
        self.asked.append(store)
        if self.failure is not None:
            raise self.failure
        return self.stores.get(store, [])


class TestDefaults(TestCase):
    """load_default_certs() on Windows, over stores of the test's."""

    def setUp(self):
        self.saved = {}
        for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
            self.saved[name] = os.environ.get(name)
            os.environ[name] = data("nosuch")

    def tearDown(self):
        for name, value in self.saved.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value

    def load(self, stores, *purpose):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        with OnWindows(stores):
            context.load_default_certs(*purpose)
        return sorted(context.get_ca_certs(binary_form=True))

    def test_two_stores(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        with OnWindows({}) as windows:
            context.load_default_certs()
        self.assertEqual(windows.asked, ["CA", "ROOT"])
        stores = {"CA": [(der("ca.pem"), "x509_asn", True)], "ROOT": [(der("otherca.pem"), "x509_asn", True)]}
        self.assertEqual(self.load(stores), sorted([der("ca.pem"), der("otherca.pem")]))

    def test_trust(self):
        entries = [(der("ca.pem"), "x509_asn", frozenset([SERVER_AUTH])),
                   (der("otherca.pem"), "x509_asn", frozenset([CLIENT_AUTH, EMAIL])),
                   (der("levelca.pem"), "x509_asn", frozenset())]
        self.assertEqual(self.load({"ROOT": entries}), [der("ca.pem")])
        self.assertEqual(self.load({"ROOT": entries}, ssl.Purpose.CLIENT_AUTH), [der("otherca.pem")])

    def test_distrusted(self):
        self.assertEqual(self.load({"ROOT": [(der("ca.pem"), "x509_asn", frozenset([EMAIL]))]}), [])

    def test_encodings(self):
        entries = [(der("ca.pem"), "pkcs_7_asn", True), (der("otherca.pem"), 0x10001, True)]
        self.assertEqual(self.load({"CA": entries}), [])

    def test_file_besides(self):
        """The variables hold on Windows too."""
        os.environ["SSL_CERT_FILE"] = data("otherca.pem")
        stores = {"ROOT": [(der("ca.pem"), "x509_asn", True)]}
        self.assertEqual(self.load(stores), sorted([der("ca.pem"), der("otherca.pem")]))

    def test_refused(self):
        """A store that may not be read is warned of; other failures are raised."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        with OnWindows({}, PermissionError(13, "no")), warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            context.load_default_certs()
        self.assertEqual([str(warning.message) for warning in caught],
                         ["unable to enumerate Windows certificate store"] * 2)
        with OnWindows({}, OSError(22, "broken")):
            self.assertRaises(OSError, context.load_default_certs)

    @unittest.skipUnless(hasattr(ssl, "_SINCE_3_13"), "a host's own ssl.py of before 3.13 fails altogether")
    def test_damaged(self):
        """One bad certificate is warned of and does not keep the others out."""
        stores = {"ROOT": [(der("ca.pem")[:-1], "x509_asn", True), (der("otherca.pem"), "x509_asn", True)]}
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            loaded = self.load(stores)
        self.assertEqual(loaded, [der("otherca.pem")])
        self.assertEqual(len(caught), 1)
        self.assertIn("Bad certificate in Windows certificate store", str(caught[0].message))


@unittest.skipIf(WINDOWS, "this is Windows")
class TestElsewhere(TestCase):
    def test_absent(self):
        for name in ("enum_certificates", "enum_crls"):
            self.assertFalse(hasattr(ssl, name), name)
            self.assertFalse(hasattr(ssl._ssl, name), name)


@unittest.skipUnless(WINDOWS, "the stores of Windows")
class TestStores(TestCase):
    def check(self, store):
        entries = ssl.enum_certificates(store)
        self.assertIsInstance(entries, list)
        for entry in entries:
            self.assertIsInstance(entry, tuple)
            certificate, encoding, trust = entry
            self.assertIsInstance(certificate, bytes)
            self.assertTrue(isinstance(encoding, int) or encoding in ("x509_asn", "pkcs_7_asn"), encoding)
            self.assertTrue(trust is True or isinstance(trust, frozenset), trust)
            if trust is not True:
                self.assertEqual([usage for usage in trust if not isinstance(usage, str)], [])
        self.assertEqual(len(set(entries)), len(entries))
        return entries

    def test_certificates(self):
        self.assertTrue(self.check("ROOT"))
        for store in ("CA", "MY", "Disallowed"):
            self.check(store)
        self.assertEqual(set(ssl.enum_certificates(store_name="ROOT")), set(ssl.enum_certificates("root")))

    def test_revocation_lists(self):
        for store in ("CA", "ROOT"):
            for entry in ssl.enum_crls(store):
                self.assertIsInstance(entry, tuple)
                content, encoding = entry
                self.assertIsInstance(content, bytes)
                self.assertTrue(isinstance(encoding, int) or encoding in ("x509_asn", "pkcs_7_asn"), encoding)

    def test_arguments(self):
        for function in (ssl.enum_certificates, ssl.enum_crls):
            self.assertRaises(TypeError, function)
            for value in (None, 1, b"CA"):
                error = self.assertFails(TypeError, function, value)
                self.assertIn("argument 'store_name' must be str", str(error))
            self.assertRaises(ValueError, function, "C\0A")

    def test_defaults(self):
        """What is trusted by default are certificates of the two stores."""
        context = ssl.create_default_context()
        known = set(entry[0] for store in ("CA", "ROOT") for entry in ssl.enum_certificates(store))
        loaded = context.get_ca_certs(binary_form=True)
        self.assertTrue(loaded)
        self.assertEqual([certificate for certificate in loaded if certificate not in known], [])


if __name__ == "__main__":
    unittest.main()
