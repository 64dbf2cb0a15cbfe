"""The module beside the interpreter's own: names, signatures, enums, what calls answer and with which words they refuse.

What differs on purpose is named here, and that it does differ is tested too.
"""

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
# The standard library's own tools, names of no use to anyone outside.
PRIVATE = {"_simple_enum", "_socket", "_sslcopydoc", "base64", "warnings"}
# The page of 2010 has read(nbytes); both spellings are taken.
OTHER_SIGNATURES = {"SSLSocket.read", "SSLObject.read", "SSLSocket._real_close"}


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


def facts():
    enums = [getattr(ssl, name) for name in ("CERT_NONE", "CERT_REQUIRED", "PROTOCOL_TLS", "PROTOCOL_TLS_CLIENT", "OP_ALL", "OP_NO_TICKET",
                                             "VERIFY_DEFAULT", "SSL_ERROR_SSL", "ALERT_DESCRIPTION_CLOSE_NOTIFY")]
    enums += [ssl.TLSVersion.TLSv1_2, ssl.OP_NO_SSLv3 | ssl.OP_NO_TICKET, ssl.VERIFY_CRL_CHECK_LEAF | ssl.VERIFY_X509_STRICT]
    kinds = [ssl.SSLContext, ssl.SSLSocket, ssl.SSLObject, ssl.SSLError, ssl.SSLCertVerificationError, ssl.SSLZeroReturnError, ssl.SSLEOFError,
             ssl.SSLSyscallError, ssl.SSLWantReadError, ssl.SSLWantWriteError, ssl.MemoryBIO, ssl.SSLSession, ssl.Purpose, ssl.TLSVersion,
             ssl.VerifyMode, ssl.VerifyFlags, ssl.Options, ssl.DefaultVerifyPaths, ssl._ssl._SSLContext, ssl._ssl._SSLSocket, ssl._ssl.Certificate]
    return {
        "names": sorted(name for name in dir(ssl) if not name.startswith("__")),
        "names of _ssl": sorted(name for name in dir(ssl._ssl) if not name.startswith("__")),
        "members": dict((kind.__name__, sorted(name for name in dir(kind) if not name.startswith("__"))) for kind in kinds[:13] + kinds[-3:]),
        "signatures": signatures(),
        "enums": [[repr(value), str(value), repr(pickle.loads(pickle.dumps(value))), type(value).__module__, type(value).__qualname__]
                  for value in enums],
        "kinds": [[kind.__module__, kind.__qualname__, [base.__name__ for base in kind.__mro__ if base.__name__ != "_Connection"]]
                  for kind in kinds],
        "purposes": [repr(purpose) for purpose in ssl.Purpose],
    }


@unittest.skipUnless(OURS and stockpeer.available(), "no ssl of the interpreter's own beside this one")
class TestSurface(support.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ours = facts()
        cls.stock = json.loads(subprocess.check_output([sys.executable, "-I", __file__, "facts"]).decode())

    def test_names(self):
        self.assertEqual(set(self.stock["names"]) - set(self.ours["names"]) - PRIVATE, set())
        self.assertEqual(set(self.stock["names of _ssl"]) - set(self.ours["names of _ssl"]), set())

    def test_members(self):
        for kind, members in self.stock["members"].items():
            with self.subTest(kind=kind):
                self.assertEqual(set(members) - set(self.ours["members"][kind]), set())

    def test_signatures(self):
        self.assertGreater(len(self.stock["signatures"]), 80)
        for name, signature in self.stock["signatures"].items():
            with self.subTest(name=name):
                if name in OTHER_SIGNATURES:
                    self.assertNotEqual(self.ours["signatures"][name], signature)
                elif name not in PRIVATE:
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
