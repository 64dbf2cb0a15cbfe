"""Whom SslModule is measured against on CPython."""

import os
import unittest
from unittest import mock

from support import FolderCase

import peers
from peers import Peer


def peer(python, openssl):
    return Peer("/" + python, python, "OpenSSL " + openssl, tuple(map(int, openssl.split("."))))


class TestBest(unittest.TestCase):
    def test_the_newest_openssl_wins(self):
        self.assertEqual(peers.best([peer("3.13.0", "3.0.19"), peer("3.11.2", "3.6.5"), peer("3.12.1", "3.5.12")]).python, "3.11.2")

    def test_then_the_newest_python(self):
        """By numbers: 3.9 is older than 3.11."""
        self.assertEqual(peers.best([peer("3.14.10", "3.6.5"), peer("3.9.18", "3.6.5"), peer("3.15.0b2", "3.6.5")]).python, "3.15.0b2")

    def test_then_the_one_named_first(self):
        self.assertEqual(peers.best([Peer("/first", "3.11.2", "", (3, 0, 1)), Peer("/second", "3.11.2", "", (3, 0, 1))]).command, "/first")

    def test_of_none(self):
        self.assertIsNone(peers.best([]))


class TestFound(FolderCase):
    """Programs that answer as an interpreter would, among those of this machine."""

    def interpreter(self, name, python, openssl, numbers):
        first = '{"version": [%s], "name": "cpython", "program": "%s", "ciphers": 1, "gil": true, "modules": []}' % (python.replace(".", ", "), name)
        second = '{"python": "%s", "openssl": "%s", "numbers": [%s]}' % (python, openssl, numbers)
        return self.write(name, "#!/bin/sh\ncase \"$3\" in\n*OPENSSL*) echo '%s' ;;\n*) echo '%s' ;;\nesac\n" % (second, first), program=True)

    def chosen(self, named, present):
        with mock.patch.object(peers.interpreters, "present", lambda: present), mock.patch.dict(os.environ, PYTHONS=" ".join(named)):
            return peers.cpython_peer()

    def test_named_and_present(self):
        named = self.interpreter("named", "3.12.1", "OpenSSL 3.6.5 29 Sep 2026", "3, 6, 5")
        present = self.interpreter("present", "3.13.0", "OpenSSL 3.0.19 27 Jan 2026", "3, 0, 19")
        self.assertEqual(self.chosen([named], [present]), Peer(named, "3.12.1", "OpenSSL 3.6.5", (3, 6, 5)))
        self.assertEqual(self.chosen([], [present]).command, present)
        newer = self.interpreter("newer", "3.11.2", "OpenSSL 4.0.0 1 Apr 2027", "4, 0, 0")
        self.assertEqual(self.chosen([named], [present, newer]).command, newer)

    def test_those_that_are_no_peers(self):
        ours = self.interpreter("ours", "3.13.0", "OpenSSL 3.9.9 API (SslModule 0.1.0, BouncyCastle 2.7.0)", "3, 9, 9")
        other = self.interpreter("other", "3.13.0", "LibreSSL 4.2.0", "2, 0, 0")
        old = self.interpreter("old", "3.10.1", "OpenSSL 3.6.5 29 Sep 2026", "3, 6, 5")
        silent = self.write("silent", "#!/bin/sh\nexit 1\n", program=True)
        self.assertIsNone(self.chosen([ours, other, old, silent], [os.path.join(self.folder, "nothing")]))

    def test_what_is_old(self):
        """The page says so."""
        for openssl, old in (("3.0.19", True), ("3.4.9", True), ("3.5.0", False), ("3.6.5", False), ("4.0.0", False)):
            self.assertEqual(peer("3.13.0", openssl).numbers < peers.RECENT_OPENSSL, old, openssl)


if __name__ == "__main__":
    unittest.main()
