"""The module beside the interpreter's own: names, signatures, enums, what calls answer and with which words they refuse.

What differs on purpose is named here, and that it does differ is tested too.
"""

import enum
import inspect
import json
import os
import pickle
import ssl
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import stockpeer    # noqa: E402
import support      # noqa: E402

OURS = "SslModule" in ssl.OPENSSL_VERSION

# What differs from the interpreter's own, of whatever version: {object: {name: why}}. An entry ends the search at the name;
# nothing else may be missing, be there besides or have another value.
MISSING = {
    "ssl": dict.fromkeys(("_simple_enum", "_socket", "_sslcopydoc", "base64", "warnings"), "the standard library's own tools"),
}
MISSING["ssl"].update(dict.fromkeys(("_check_sslobject_params", "_GiveupOnSSLSendfile"), "steps of its functions, of no use outside"))

LATER = "of a later Python"
EARLIER = "of an earlier Python; kept, with its warning"
SSL3 = "OpenSSL is built without SSL 3.0"
CONTEXT = {
    "get_groups": LATER, "set_groups": LATER, "set_ciphersuites": LATER, "set_client_sigalgs": LATER, "set_server_sigalgs": LATER,
    "set_psk_client_callback": LATER, "set_psk_server_callback": LATER,
    "single_use_tickets": "the engine's own setting: docs/sessions.md",
}
CONNECTION = {"client_sigalg": LATER, "server_sigalg": LATER, "group": LATER, "get_unverified_chain": LATER, "get_verified_chain": LATER}
ALWAYS_NONE = "here the class has them, and they are None; with OpenSSL each instance has"
BESIDES = {
    "ssl": {
        "HAS_PHA": LATER, "HAS_PSK": LATER, "HAS_PSK_TLS13": LATER, "OP_ENABLE_KTLS": LATER, "OP_LEGACY_SERVER_CONNECT": LATER, "get_sigalgs": LATER,
        "RAND_egd": EARLIER, "RAND_pseudo_bytes": EARLIER, "match_hostname": EARLIER, "wrap_socket": EARLIER, "PROTOCOL_SSLv2": EARLIER,
        "PROTOCOL_SSLv3": SSL3, "HAS_TLS_UNIQUE": "every HAS_ of _ssl is published",
    },
    "ssl.Options": {"OP_ENABLE_KTLS": LATER, "OP_LEGACY_SERVER_CONNECT": LATER},
    "ssl._SSLMethod": {"PROTOCOL_SSLv3": SSL3},
    "ssl.SSLContext": CONTEXT,
    "ssl.SSLObject": CONNECTION,
    "ssl.SSLSocket": CONNECTION,
    "ssl.SSLWantReadError": {"library": ALWAYS_NONE, "reason": ALWAYS_NONE},
    "ssl.SSLWantWriteError": {"library": ALWAYS_NONE, "reason": ALWAYS_NONE},
    "_ssl": {
        "HAS_PHA": LATER, "HAS_PSK": LATER, "HAS_PSK_TLS13": LATER, "OP_ENABLE_KTLS": LATER, "OP_LEGACY_SERVER_CONNECT": LATER, "get_sigalgs": LATER,
        "PROTOCOL_SSLv3": SSL3,
    },
    "_ssl._SSLContext": CONTEXT,
    "_ssl._SSLSocket": dict(CONNECTION, sendfile=LATER, uses_ktls_for_recv=LATER, uses_ktls_for_send=LATER),
}
for _error in ("SSLError", "SSLCertVerificationError", "SSLZeroReturnError", "SSLEOFError", "SSLSyscallError", "SSLWantReadError", "SSLWantWriteError"):
    BESIDES.setdefault("ssl." + _error, {})["explanation"] = "what failed and what would help: docs/ssl.rst"
LIBRARY = "the version of OpenSSL whose interface this is"
OTHERWISE = {
    "_ssl": {
        "HAS_SSLv3": SSL3, "OPENSSL_VERSION": LIBRARY, "OPENSSL_VERSION_INFO": LIBRARY, "OPENSSL_VERSION_NUMBER": LIBRARY,
        "_OPENSSL_API_VERSION": LIBRARY, "_DEFAULT_CIPHERS": "Debian builds its Python for OpenSSL's own list",
        "OP_ALL": LIBRARY,
    },
}
# The page of 2010 has read(nbytes); both spellings are taken. close() of the standard library's socket gives an argument.
OTHER_SIGNATURES = {"SSLSocket.read", "SSLObject.read", "SSLSocket._real_close"}
# CPython's own cannot be asked for these; here they can.
WITHOUT_SIGNATURE = "none"

KINDS = ("SSLContext SSLSocket SSLObject MemoryBIO SSLSession SSLError SSLCertVerificationError SSLZeroReturnError SSLEOFError SSLSyscallError "
         "SSLWantReadError SSLWantWriteError Purpose DefaultVerifyPaths _ASN1Object _ssl._SSLContext _ssl._SSLSocket _ssl.Certificate").split()


def objects():
    """(name, object) of the two modules and their types."""
    yield "ssl", ssl
    yield "_ssl", ssl._ssl
    for kind in KINDS:
        module, _, name = kind.rpartition(".")
        yield kind if module else "ssl." + kind, getattr(ssl._ssl if module else ssl, name)


def names():
    """{object: {name: value}}, the value None but for plain constants of _ssl and members of enums."""
    found = {}
    for where, thing in objects():
        found[where] = dict((name, None) for name in dir(thing) if not name.startswith("__"))
    for name in found["_ssl"]:
        value = getattr(ssl._ssl, name)
        if isinstance(value, (bool, int, str, tuple)):
            found["_ssl"][name] = json.loads(json.dumps(value))
    for name in dir(ssl):
        kind = getattr(ssl, name)
        if isinstance(kind, type) and issubclass(kind, enum.Enum) and kind.__module__ == "ssl":
            found["ssl." + name] = dict((member, str(value.value)) for member, value in kind.__members__.items())
    return found


def texts():
    """{name: [its signature, whether help() has a text for it]} of what a reader may ask for."""
    found = {}
    for where, thing in objects():
        for name in dir(thing):
            member = getattr(thing, name)
            if name.startswith("_") or not (callable(member) or inspect.isdatadescriptor(member)):
                continue
            try:
                signature = str(inspect.signature(member)).partition(" object at")[0]
            except (TypeError, ValueError):
                signature = WITHOUT_SIGNATURE
            found["%s.%s" % (where, name)] = [signature, bool(member.__doc__)]
    return found


def signatures():
    found = {}
    for name in dir(ssl):
        thing = getattr(ssl, name)
        if inspect.isfunction(thing) and thing.__module__ == "ssl":
            found[name] = str(inspect.signature(thing)).partition(" object at")[0]
    for kind in (ssl.SSLContext, ssl.SSLSocket, ssl.SSLObject):
        for name in dir(kind):
            thing = inspect.getattr_static(kind, name)
            function = getattr(thing, "__func__", thing)
            if isinstance(thing, property):
                found["%s.%s" % (kind.__name__, name)] = "property"
            elif inspect.isfunction(function) and function.__module__ == "ssl":
                found["%s.%s" % (kind.__name__, name)] = str(inspect.signature(function))
    return found


def copied(value):
    """What comes back from a pickle. The first 3.11s have no way to name two flags in one."""
    try:
        return repr(pickle.loads(pickle.dumps(value)))
    except pickle.PicklingError as error:
        return str(error)


def facts():
    enums = [getattr(ssl, name) for name in ("CERT_NONE", "CERT_REQUIRED", "PROTOCOL_TLS", "PROTOCOL_TLS_CLIENT", "OP_ALL", "OP_NO_TICKET",
                                             "VERIFY_DEFAULT", "SSL_ERROR_SSL", "ALERT_DESCRIPTION_CLOSE_NOTIFY")]
    enums += [ssl.TLSVersion.TLSv1_2, ssl.OP_NO_SSLv3 | ssl.OP_NO_TICKET, ssl.VERIFY_CRL_CHECK_LEAF | ssl.VERIFY_X509_STRICT]
    kinds = [ssl.SSLContext, ssl.SSLSocket, ssl.SSLObject, ssl.SSLError, ssl.SSLCertVerificationError, ssl.SSLZeroReturnError, ssl.SSLEOFError,
             ssl.SSLSyscallError, ssl.SSLWantReadError, ssl.SSLWantWriteError, ssl.MemoryBIO, ssl.SSLSession, ssl.Purpose, ssl.TLSVersion,
             ssl.VerifyMode, ssl.VerifyFlags, ssl.Options, ssl.DefaultVerifyPaths, ssl._ssl._SSLContext, ssl._ssl._SSLSocket, ssl._ssl.Certificate]
    return {
        "names": names(),
        "texts": texts(),
        "signatures": signatures(),
        "enums": [[repr(value), str(value), copied(value), type(value).__module__, type(value).__qualname__]
                  for value in enums],
        "kinds": [[kind.__module__, kind.__qualname__, [base.__name__ for base in kind.__mro__ if base.__name__ != "_Connection"]]
                  for kind in kinds],
        "purposes": [repr(purpose) for purpose in ssl.Purpose],
    }


@unittest.skipUnless(OURS and stockpeer.beside(), "no ssl of the interpreter's own beside this one")
class TestSurface(support.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ours = facts()
        cls.stock = json.loads(subprocess.check_output([sys.executable, "-I", __file__, "facts"]).decode())

    def test_names(self):
        for where, stock in self.stock["names"].items():
            ours = self.ours["names"][where]
            with self.subTest(where=where):
                self.assertEqual(set(stock) - set(ours) - set(MISSING.get(where, ())), set())
                besides = set(name for name in set(ours) - set(stock) if not name.startswith("_"))
                self.assertEqual(besides - set(BESIDES.get(where, ())), set())
                values = dict((name, [stock[name], ours[name]]) for name in set(stock) & set(ours) if stock[name] != ours[name])
                self.assertEqual(set(values) - set(OTHERWISE.get(where, ())), set(), values)

    def test_reasons(self):
        """What is said to be missing is missing, and what is said to be there besides is there."""
        for where, names in MISSING.items():
            self.assertEqual(set(names) & set(self.ours["names"][where]), set())
        for where, names in BESIDES.items():
            early = set(name for name, reason in names.items() if reason in (LATER, EARLIER))
            self.assertEqual((set(names) - early) - set(self.ours["names"][where]), set())

    def test_help(self):
        """What has a signature or a text with the interpreter's own has the same one, and a text, here."""
        for name, (signature, has_text) in self.stock["texts"].items():
            where, _, member = name.rpartition(".")
            if member in MISSING.get(where, ()):
                continue
            ours = self.ours["texts"][name]
            with self.subTest(name=name):
                if signature != WITHOUT_SIGNATURE and name.partition(".")[2] not in OTHER_SIGNATURES:
                    self.assertEqual(ours[0], signature)
                self.assertTrue(ours[1] or not has_text)

    def test_signatures(self):
        self.assertGreater(len(self.stock["signatures"]), 80)
        for name, signature in self.stock["signatures"].items():
            with self.subTest(name=name):
                if name in OTHER_SIGNATURES:
                    self.assertNotEqual(self.ours["signatures"][name], signature)
                elif name not in MISSING["ssl"]:
                    self.assertEqual(self.ours["signatures"][name], signature)

    def test_enums_and_kinds(self):
        for what in ("enums", "kinds", "purposes"):
            for ours, stock in zip(self.ours[what], self.stock[what]):
                with self.subTest(what=stock[0]):
                    self.assertEqual(ours, stock)

    def test_everything_says_what_it_is(self):
        for kind in (ssl.SSLContext, ssl.SSLSocket, ssl.SSLObject):
            for name in dir(kind):
                if not name.startswith("_") and name in vars(kind):
                    with self.subTest(name="%s.%s" % (kind.__name__, name)):
                        self.assertTrue(getattr(kind, name).__doc__ or name in ("sslsocket_class", "sslobject_class"))

    def test_behaviours(self):
        """behaviours.py on the interpreter's own ssl says the very same."""
        ours, stock = [json.loads(subprocess.check_output([sys.executable] + options + [__file__.replace("test_surface", "behaviours")],
                                                          timeout=4 * support.PATIENCE).decode()) for options in ([], ["-I"])]
        self.assertEqual([lines[0] for lines in ours], [lines[0] for lines in stock])
        self.assertGreater(sum(map(len, stock)), 250)
        for mine, theirs in zip(ours, stock):
            self.assertEqual(len(mine), len(theirs))
            for line, (one, other) in enumerate(zip(mine, theirs)):
                with self.subTest(scenario=mine[0], line=line):
                    self.assertEqual(one, other)


if __name__ == "__main__":
    if sys.argv[1:] == ["facts"]:
        print(json.dumps(facts()))
    else:
        unittest.main()
