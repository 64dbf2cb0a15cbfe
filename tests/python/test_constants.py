"""The names of the module, their types and the numbers that programs write out by hand."""

import socket
import ssl
import sys
import unittest

import support


class TestNames(support.TestCase):
    def test_functions_and_classes(self):
        for name in ("wrap_socket SSLContext SSLSocket SSLObject MemoryBIO SSLSession Purpose TLSVersion "
                     "create_default_context _create_unverified_context _create_stdlib_context "
                     "_create_default_https_context match_hostname get_default_verify_paths "
                     "get_server_certificate get_protocol_name cert_time_to_seconds "
                     "DER_cert_to_PEM_cert PEM_cert_to_DER_cert RAND_status RAND_add RAND_bytes "
                     "RAND_pseudo_bytes RAND_egd CertificateError DefaultVerifyPaths "
                     "AlertDescription Options VerifyFlags VerifyMode SSLErrorNumber").split():
            self.assertTrue(callable(getattr(ssl, name)), name)

    def test_protocols(self):
        for name, number in (("PROTOCOL_SSLv2", 0), ("PROTOCOL_SSLv23", 2), ("PROTOCOL_TLS", 2),
                             ("PROTOCOL_TLSv1", 3), ("PROTOCOL_TLSv1_1", 4), ("PROTOCOL_TLSv1_2", 5),
                             ("PROTOCOL_TLS_CLIENT", 16), ("PROTOCOL_TLS_SERVER", 17)):
            self.assertEqual(getattr(ssl, name), number, name)
        self.assertEqual(ssl.get_protocol_name(ssl.PROTOCOL_TLS_CLIENT), "PROTOCOL_TLS_CLIENT")
        self.assertEqual(ssl.get_protocol_name(ssl.PROTOCOL_SSLv23), "PROTOCOL_TLS")
        self.assertEqual(ssl.get_protocol_name(ssl.PROTOCOL_SSLv2), "PROTOCOL_SSLv2")
        self.assertEqual(ssl.get_protocol_name(99), "<unknown>")
        # What suites go through: each of them must serve both ends on Python 3.4.
        names = ["PROTOCOL_TLS", "PROTOCOL_TLSv1", "PROTOCOL_TLSv1_1", "PROTOCOL_TLSv1_2"]
        later = [] if sys.version_info < (3, 6) else ["PROTOCOL_TLS_CLIENT", "PROTOCOL_TLS_SERVER"]
        self.assertEqual(sorted(set(ssl._PROTOCOL_NAMES.values()) - set(["PROTOCOL_SSLv3"])), sorted(names + later))

    def test_verification(self):
        self.assertEqual((ssl.CERT_NONE, ssl.CERT_OPTIONAL, ssl.CERT_REQUIRED), (0, 1, 2))
        self.assertIsInstance(ssl.CERT_NONE, ssl.VerifyMode)
        self.assertEqual((ssl.VERIFY_DEFAULT, ssl.VERIFY_CRL_CHECK_LEAF, ssl.VERIFY_CRL_CHECK_CHAIN,
                          ssl.VERIFY_X509_STRICT, ssl.VERIFY_X509_TRUSTED_FIRST,
                          ssl.VERIFY_X509_PARTIAL_CHAIN), (0, 4, 12, 0x20, 0x8000, 0x80000))

    def test_options(self):
        self.assertEqual(ssl.OP_ALL & 0x80000050, 0x80000050)
        for name, number in (("OP_NO_SSLv2", 0), ("OP_NO_SSLv3", 0x2000000),
                             ("OP_NO_TLSv1", 0x4000000), ("OP_NO_TLSv1_2", 0x8000000),
                             ("OP_NO_TLSv1_1", 0x10000000), ("OP_NO_TLSv1_3", 0x20000000),
                             ("OP_NO_COMPRESSION", 0x20000), ("OP_NO_TICKET", 0x4000),
                             ("OP_CIPHER_SERVER_PREFERENCE", 0x400000), ("OP_SINGLE_DH_USE", 0),
                             ("OP_SINGLE_ECDH_USE", 0), ("OP_NO_RENEGOTIATION", 0x40000000),
                             ("OP_IGNORE_UNEXPECTED_EOF", 0x80),
                             ("OP_ENABLE_MIDDLEBOX_COMPAT", 0x100000)):
            self.assertEqual(getattr(ssl, name), number, name)

    def test_options_combine(self):
        both = ssl.OP_NO_TLSv1 | ssl.OP_NO_SSLv3
        self.assertIsInstance(both, ssl.Options)
        self.assertEqual(both, 0x6000000)
        self.assertEqual(both & ~ssl.OP_NO_TLSv1, ssl.OP_NO_SSLv3)
        self.assertEqual(both ^ ssl.OP_NO_TLSv1, ssl.OP_NO_SSLv3)
        self.assertIn("OP_NO_SSLv3", repr(ssl.OP_NO_SSLv3))
        self.assertEqual(ssl.Options(0x4000000), ssl.OP_NO_TLSv1)
        self.assertIn("OP_NO_TLSv1", ssl.Options.__members__)

    def test_protocols_by_member(self):
        for member, name in ssl._PROTOCOL_NAMES.items():
            self.assertIsInstance(member, ssl._SSLMethod)
            self.assertEqual(member.name, name)

    def test_enums(self):
        """They are the standard library's, whichever way they were made."""
        import enum
        import pickle
        for kind in (ssl._SSLMethod, ssl.AlertDescription, ssl.SSLErrorNumber, ssl.VerifyMode, ssl.TLSVersion):
            self.assertTrue(issubclass(kind, enum.IntEnum), kind)
            members = list(kind)
            self.assertEqual(len(kind), len(members))
            if kind is not ssl.TLSVersion:
                self.assertEqual(members, sorted(members))
            for member in members:
                self.assertIs(type(member), kind)
                self.assertIs(kind(member.value), member)
                self.assertIs(kind[member.name], member)
                self.assertIs(getattr(kind, member.name), member)
                self.assertIs(pickle.loads(pickle.dumps(member)), member)
                self.assertIn(member, kind)
                self.assertEqual(member, int(member))
                self.assertEqual(repr(member), "<%s.%s: %d>" % (kind.__name__, member.name, member.value))
            self.assertRaises(ValueError, kind, 0x7ffffff)
            self.assertRaises(KeyError, lambda: kind["NO_SUCH_NAME"])
            self.assertRaises(AttributeError, lambda: kind.NO_SUCH_NAME)
        for kind in (ssl.Options, ssl.VerifyFlags):
            for name, member in kind.__members__.items():
                self.assertIs(type(member), kind)
                self.assertIs(getattr(kind, name), member)
                self.assertIs(getattr(ssl, name), member)
            self.assertRaises(AttributeError, lambda: kind.NO_SUCH_NAME)

    def test_error_numbers(self):
        self.assertEqual([ssl.SSL_ERROR_SSL, ssl.SSL_ERROR_WANT_READ, ssl.SSL_ERROR_WANT_WRITE,
                          ssl.SSL_ERROR_WANT_X509_LOOKUP, ssl.SSL_ERROR_SYSCALL,
                          ssl.SSL_ERROR_ZERO_RETURN, ssl.SSL_ERROR_WANT_CONNECT, ssl.SSL_ERROR_EOF,
                          ssl.SSL_ERROR_INVALID_ERROR_CODE], [1, 2, 3, 4, 5, 6, 7, 8, 10])

    def test_alerts(self):
        self.assertEqual(ssl.ALERT_DESCRIPTION_CLOSE_NOTIFY, 0)
        self.assertEqual(ssl.ALERT_DESCRIPTION_HANDSHAKE_FAILURE, 40)
        self.assertEqual(ssl.ALERT_DESCRIPTION_UNKNOWN_PSK_IDENTITY, 115)
        self.assertEqual(ssl.AlertDescription(48).name, "ALERT_DESCRIPTION_UNKNOWN_CA")

    def test_versions(self):
        self.assertEqual([ssl.TLSVersion.SSLv3, ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1,
                          ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3],
                         [0x300, 0x301, 0x302, 0x303, 0x304])
        self.assertEqual(ssl.TLSVersion.MINIMUM_SUPPORTED, -2)
        self.assertEqual(ssl.TLSVersion.MAXIMUM_SUPPORTED, -1)

    def test_features(self):
        for name in ("HAS_SNI", "HAS_ECDH", "HAS_ALPN", "HAS_TLSv1_2", "HAS_TLSv1_3"):
            self.assertIs(getattr(ssl, name), True, name)
        for name in ("HAS_SSLv2", "HAS_NPN"):
            self.assertIs(getattr(ssl, name), False, name)
        for name in ("HAS_SSLv3", "HAS_TLSv1", "HAS_TLSv1_1", "HAS_NEVER_CHECK_COMMON_NAME"):
            self.assertIsInstance(getattr(ssl, name), bool, name)
        self.assertEqual(ssl.CHANNEL_BINDING_TYPES, ["tls-unique"])

    def test_library_version(self):
        self.assertIsInstance(ssl.OPENSSL_VERSION, str)
        self.assertTrue(ssl.OPENSSL_VERSION.startswith("OpenSSL "), ssl.OPENSSL_VERSION)
        self.assertIsInstance(ssl.OPENSSL_VERSION_NUMBER, int)
        self.assertEqual(len(ssl.OPENSSL_VERSION_INFO), 5)
        major, minor, fix, patch, status = ssl.OPENSSL_VERSION_INFO
        number = ssl.OPENSSL_VERSION_NUMBER
        self.assertEqual((number >> 28, number >> 20 & 0xff, number & 0xf), (major, minor, status))
        self.assertTrue(ssl.OPENSSL_VERSION.startswith("OpenSSL %d.%d.%d" % (major, minor, patch)
                                                       if major >= 3 else
                                                       "OpenSSL %d.%d.%d" % (major, minor, fix)))


class TestExceptions(support.TestCase):
    def test_family(self):
        self.assertTrue(issubclass(ssl.SSLError, OSError))
        self.assertTrue(issubclass(ssl.SSLError, socket.error))
        for name in ("SSLZeroReturnError SSLWantReadError SSLWantWriteError SSLSyscallError SSLEOFError "
                     "SSLCertVerificationError").split():
            self.assertTrue(issubclass(getattr(ssl, name), ssl.SSLError), name)
        self.assertTrue(issubclass(ssl.SSLCertVerificationError, ValueError))
        self.assertIs(ssl.CertificateError, ssl.SSLCertVerificationError)
        self.assertIs(ssl.socket_error, OSError)

    def test_text(self):
        self.assertEqual(str(ssl.SSLError(1, "foo")), "foo")
        self.assertEqual(ssl.SSLError(1, "foo").args, (1, "foo"))
        self.assertEqual(ssl.SSLError(1, "foo").errno, 1)
        self.assertEqual(str(ssl.SSLZeroReturnError(1, "foo")), "foo")

    def test_library_and_reason(self):
        error = self.assertFails(ssl.SSLError, support.client_context().load_cert_chain,
                                 support.data("mismatch.pem"))
        self.assertEqual((error.library, error.reason), ("X509", "KEY_VALUES_MISMATCH"))
        self.assertTrue(str(error).startswith("[X509: KEY_VALUES_MISMATCH] key values mismatch"), error)


class TestPurpose(support.TestCase):
    def test_members(self):
        self.assertEqual(ssl.Purpose.SERVER_AUTH,
                         (129, "serverAuth", "TLS Web Server Authentication", "1.3.6.1.5.5.7.3.1"))
        self.assertEqual(ssl.Purpose.CLIENT_AUTH.shortname, "clientAuth")
        self.assertEqual(ssl.Purpose.CLIENT_AUTH.oid, "1.3.6.1.5.5.7.3.2")

    def test_identifiers(self):
        expected = (129, "serverAuth", "TLS Web Server Authentication", "1.3.6.1.5.5.7.3.1")
        identifier = ssl._ASN1Object
        self.assertEqual(identifier("1.3.6.1.5.5.7.3.1"), expected)
        self.assertEqual(identifier.fromnid(129), expected)
        for name in expected[1:]:
            self.assertEqual(identifier.fromname(name), expected)
        self.assertRaises(ValueError, identifier, "serverAuth")
        self.assertRaises(ValueError, identifier.fromnid, -1)
        self.assertRaises(ValueError, identifier.fromname, "serverauth")

    def test_purpose_is_an_enum(self):
        """What the standard library makes of the same class statement, whichever way it was made."""
        import enum
        import pickle

        class Made(ssl._ASN1Object, enum.Enum):
            SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
            CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"

        self.assertIs(type(ssl.Purpose), type(Made))
        self.assertEqual(ssl.Purpose.__mro__[1:], Made.__mro__[1:])
        placed = {"__firstlineno__", "__static_attributes__"}   # what Python 3.13 says of a class statement's place in the source
        self.assertEqual(set(vars(ssl.Purpose)) - placed, set(vars(Made)) - placed)
        self.assertEqual((ssl.Purpose.__name__, ssl.Purpose.__module__), ("Purpose", "ssl"))
        self.assertTrue(ssl.Purpose.__doc__)
        self.assertEqual(list(ssl.Purpose.__members__.keys()), ["SERVER_AUTH", "CLIENT_AUTH"])
        self.assertEqual(len(ssl.Purpose), 2)
        for name in ("SERVER_AUTH", "CLIENT_AUTH"):
            member, other = ssl.Purpose[name], Made[name]
            self.assertIs(type(member), ssl.Purpose)
            self.assertIs(getattr(ssl.Purpose, name), member)
            self.assertIs(ssl.Purpose(member.value), member)
            self.assertIs(type(member.value), ssl._ASN1Object)
            self.assertEqual((member.name, member.value, tuple(member)), (other.name, other.value, tuple(other)))
            self.assertEqual(str(member), "Purpose." + name)
            self.assertEqual(repr(member), repr(other).replace("Made", "Purpose"))
            self.assertIs(pickle.loads(pickle.dumps(member, 0)), member)
            self.assertEqual(hash(member), hash(other))
        self.assertRaises(ValueError, ssl.Purpose, "1.3.6.1.5.5.7.3.3")
        self.assertRaises(KeyError, lambda: ssl.Purpose["NO_SUCH_NAME"])


class TestRecords(support.TestCase):
    """Tuples with names are what collections.namedtuple() makes, whichever way they were made."""

    KINDS = [(ssl.DefaultVerifyPaths, "DefaultVerifyPaths",
              "cafile capath openssl_cafile_env openssl_cafile openssl_capath_env openssl_capath"),
             (ssl._ASN1Object.__mro__[1], "_ASN1Object", "nid shortname longname oid")]

    def pairs(self):
        from collections import namedtuple
        for kind, name, fields in self.KINDS:
            yield kind, namedtuple(name, fields), len(fields.split())

    def test_members(self):
        for kind, made, _ in self.pairs():
            copied = {"__slotnames__"}  # what copy and pickle leave behind
            self.assertEqual(set(dir(kind)) - copied, set(dir(made)))
            self.assertEqual(set(vars(kind)) - copied, set(vars(made)))
            self.assertEqual((kind.__name__, kind.__module__), (made.__name__, "ssl"))
            self.assertEqual(kind.__mro__[1:], made.__mro__[1:])
            for name in ("_fields", "__slots__", "__doc__", "_source"):
                self.assertEqual(getattr(kind, name, None), getattr(made, name, None), name)
            for name in made._fields + ("__new__", "_make", "_replace", "_asdict", "__repr__", "__getnewargs__"):
                self.assertEqual(getattr(kind, name).__doc__, getattr(made, name).__doc__, name)
                self.assertEqual(getattr(getattr(kind, name), "__name__", None), getattr(getattr(made, name), "__name__", None), name)

    def test_behaviour(self):
        import copy
        for kind, made, count in self.pairs():
            values = list(range(count))
            one, other = kind(*values), made(*values)
            self.assertIs(type(one), kind)
            self.assertEqual(one, tuple(values))
            self.assertEqual(repr(one), repr(other))
            self.assertEqual([getattr(one, name) for name in kind._fields], values)
            self.assertEqual(kind(**dict(zip(kind._fields, values))), one)
            self.assertEqual(kind._make(iter(values)), one)
            self.assertIs(type(kind._make(values)), kind)
            changed = one._replace(**{kind._fields[-1]: "x"})
            self.assertIs(type(changed), kind)
            self.assertEqual(changed, tuple(values[:-1] + ["x"]))
            self.assertIs(type(one._asdict()), type(other._asdict()))
            self.assertEqual(list(one._asdict().items()), list(zip(kind._fields, values)))
            self.assertEqual(one.__getnewargs__(), tuple(values))
            self.assertEqual(copy.copy(one), one)
            self.assertRaises(AttributeError, setattr, one, kind._fields[0], 1)
            self.assertRaises(AttributeError, setattr, one, "unknown", 1)

    def test_refusals(self):
        def complaint(function, kind):
            with self.assertRaises((TypeError, ValueError)) as caught:
                function(kind)
            return type(caught.exception), str(caught.exception)

        for kind, made, count in self.pairs():
            few, all_of_them = list(range(count - 1)), list(range(count))
            for wrong in (lambda kind: kind(*few),
                          lambda kind: kind(*(all_of_them + [1])),
                          lambda kind: kind(*few, unknown=1),
                          lambda kind: kind(*few, **{kind._fields[0]: 1}),
                          lambda kind: kind._make(few),
                          lambda kind: kind._make(all_of_them + [1]),
                          lambda kind: kind(*all_of_them)._replace(unknown=1)):
                self.assertEqual(complaint(wrong, kind), complaint(wrong, made))

    def test_pickle(self):
        import pickle
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            paths = ssl.get_default_verify_paths()
            again = pickle.loads(pickle.dumps(paths, protocol))
            self.assertIs(type(again), ssl.DefaultVerifyPaths)
            self.assertEqual(again, paths)


if __name__ == "__main__":
    unittest.main()
