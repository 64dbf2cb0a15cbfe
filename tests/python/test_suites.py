"""Every cipher suite shakes hands and carries data: here with itself, and with OpenSSL's two ends where they have it."""

import json
import socket
import ssl
import subprocess
import sys
import unittest

import cipherstrings
import stockpeer
import support
from support import IRONPYTHON, data

SIZES = (0, 1, 16384, 16385, 102400)
FEW = (1, 16385)        # once a kind of protection has carried the others
TLS13 = ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256", "TLS_AES_128_CCM_SHA256",
         "TLS_AES_128_CCM_8_SHA256")
OURS = hasattr(ssl.SSLContext, "set_ciphersuites")
VERSIONS = {"SSLv3": ssl.TLSVersion.SSLv3, "TLSv1.0": ssl.TLSVersion.TLSv1, "TLSv1.1": ssl.TLSVersion.TLSv1_1,
            "TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}


def suites():
    """(name, the first version that has it, how it authenticates, how it protects), but for PSK, which test_psk.py has."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS)
    context.set_ciphers("ALL:COMPLEMENTOFALL:3DES:@SECLEVEL=0" if OURS else "ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    return [(suite["name"], suite["protocol"], suite["auth"], (suite["symmetric"], suite["digest"], "CCM8" in suite["name"]))
            for suite in context.get_ciphers()
            if suite["protocol"] != "TLSv1.3" and "psk" not in suite["kea"] and "srp" not in suite["kea"]
            and suite["auth"] in ("auth-rsa", "auth-ecdsa", "auth-null")]


def versions(protocol):
    """From the suite's first version to TLS 1.2: what has no SHA-2 and no AEAD works in all of them."""
    names = ["SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2"]
    present = {"SSLv3": ssl.HAS_SSLv3, "TLSv1.0": ssl.HAS_TLSv1, "TLSv1.1": ssl.HAS_TLSv1_1, "TLSv1.2": True}
    return [name for name in names[names.index(protocol):] if present[name]]


def contexts(name, version, auth="auth-rsa"):
    made = []
    for kind in (ssl.PROTOCOL_TLS_CLIENT, ssl.PROTOCOL_TLS_SERVER):
        context = ssl.SSLContext(kind)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if name in TLS13:
            context.set_ciphersuites(name)
        else:
            context.set_ciphers(name + ":@SECLEVEL=0")
        context.minimum_version = context.maximum_version = VERSIONS[version]
        if version == "SSLv3":
            context.options &= ~ssl.OP_NO_SSLv3
        made.append(context)
    client, server = made
    if auth != "auth-null":
        server.load_cert_chain(data("server-ec.pem" if auth == "auth-ecdsa" else "server.pem"))
    server.load_dh_params(data("dh2048.pem"))
    return client, server


class Pair(object):
    """Two ends over memory, in step."""

    def __init__(self, client, server):
        there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.client = client.wrap_bio(back, there)
        self.server = server.wrap_bio(there, back, server_side=True)
        waiting = [self.client, self.server]
        for _ in range(20):
            waiting = [end for end in waiting if not self.shaken(end)]
        if waiting:
            raise AssertionError("the handshake does not end")

    @staticmethod
    def shaken(end):
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def carry(self, sender, receiver, sent):
        received, at = bytearray(), 0
        while at < len(sent):
            at += sender.write(sent[at:])
            try:
                while True:
                    received += receiver.read(65536)
            except ssl.SSLWantReadError:
                pass
        return bytes(received)


class TestWithItself(support.TestCase):
    def check(self, name, version, auth, sizes=SIZES):
        pair = Pair(*contexts(name, version, auth))
        self.assertEqual(pair.client.cipher()[0], name)
        self.assertEqual(pair.client.cipher(), pair.server.cipher())
        self.assertEqual(pair.client.version(), version.replace("TLSv1.0", "TLSv1"))
        self.assertEqual(pair.server.version(), pair.client.version())
        self.assertIsNone(pair.client.compression())
        for size in sizes:
            sent = support.pattern(size)
            self.assertEqual(pair.carry(pair.client, pair.server, sent), sent)
            self.assertEqual(pair.carry(pair.server, pair.client, sent), sent)

    def test_every_suite(self):
        found = list(cases(None))
        self.assertGreater(len(found), 60)
        for name, version, auth, sizes in found:
            with self.subTest(suite=name, version=version):
                self.check(name, version, auth, sizes)

    def test_tls11(self):
        """The only version whose records carry a vector and whose signatures are over MD5 and SHA-1."""
        for name in ("ECDHE-RSA-AES128-SHA", "DHE-RSA-AES256-SHA", "AES128-SHA", "ECDHE-ECDSA-AES256-SHA"):
            with self.subTest(suite=name):
                self.check(name, "TLSv1.1", "auth-ecdsa" if "ECDSA" in name else "auth-rsa")

    def test_mac_then_encrypt(self):
        """CBC without RFC 7366's encrypt-then-MAC, which the above negotiates."""
        for name, version in (("ECDHE-RSA-AES128-SHA", "TLSv1.0"), ("ECDHE-RSA-AES128-SHA", "TLSv1.2"),
                              ("ECDHE-RSA-AES256-SHA384", "TLSv1.2"), ("ECDHE-RSA-CAMELLIA128-SHA256", "TLSv1.2")):
            client, server = contexts(name, version)
            server.options |= 1 << 19
            pair = Pair(client, server)
            for size in SIZES:
                sent = support.pattern(size)
                with self.subTest(suite=name, version=version, size=size):
                    self.assertEqual(pair.carry(pair.client, pair.server, sent), sent)
                    self.assertEqual(pair.carry(pair.server, pair.client, sent), sent)

    @unittest.skipUnless(OURS, "the host's ssl has no set_ciphersuites")
    def test_tls13(self):
        for name in TLS13:
            with self.subTest(suite=name):
                self.check(name, "TLSv1.3", "auth-rsa")

    @unittest.skipUnless(OURS, "the host's ssl has no set_ciphersuites")
    def test_choice_of_tls13(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

        def names():
            return [suite["name"] for suite in context.get_ciphers() if suite["protocol"] == "TLSv1.3"]
        self.assertEqual(names(), list(TLS13[:3]))
        context.set_ciphersuites("TLS_AES_128_CCM_SHA256:TLS_AES_256_GCM_SHA384")
        self.assertEqual(names(), ["TLS_AES_128_CCM_SHA256", "TLS_AES_256_GCM_SHA384"])
        context.set_ciphers("ECDHE+AESGCM")
        self.assertEqual(names(), ["TLS_AES_128_CCM_SHA256", "TLS_AES_256_GCM_SHA384"])
        self.assertRaises(ssl.SSLError, context.set_ciphersuites, "TLS_NONSENSE")
        self.assertRaises(ssl.SSLError, context.set_ciphersuites, "ECDHE-RSA-AES128-GCM-SHA256")
        self.assertRaises(TypeError, context.set_ciphersuites, 1)
        self.assertEqual(names(), ["TLS_AES_128_CCM_SHA256", "TLS_AES_256_GCM_SHA384"])
        context.set_ciphersuites("")
        self.assertEqual(names(), [])

    def test_empty_record_before_tls11(self):
        """CVE-2011-3389: what TLS 1.0 encrypts with CBC goes behind an empty record, as OpenSSL sends it."""
        for version, option, records in (("TLSv1.0", 0, 2), ("TLSv1.0", 0x800, 1), ("TLSv1.1", 0, 1)):
            client, server = contexts("AES128-SHA", version)
            client.options |= option
            there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
            near, far = client.wrap_bio(back, there), server.wrap_bio(there, back, server_side=True)
            for _ in range(4):
                Pair.shaken(near), Pair.shaken(far)
            near.write(b"x" * 100)
            sent, kinds = there.read(), []
            while sent:
                kinds.append(bytearray(sent)[0])
                sent = sent[5 + int.from_bytes(sent[3:5], "big"):]
            with self.subTest(version=version, option=option):
                self.assertEqual(kinds, [23] * records)


class TestTampering(support.TestCase):
    def test_bad_record_mac(self):
        """A flipped bit in a record of any kind of protection: the reader says so, and tells the writer."""
        for name, version in (("AES128-SHA", "TLSv1.0"), ("AES128-SHA", "TLSv1.1"), ("AES128-SHA256", "TLSv1.2"),
                              ("NULL-SHA256", "TLSv1.2"), ("AES128-CCM8", "TLSv1.2"), ("ARIA128-GCM-SHA256", "TLSv1.2"),
                              ("CAMELLIA128-SHA", "TLSv1.2"), ("AES128-GCM-SHA256", "TLSv1.2"),
                              ("ECDHE-RSA-CHACHA20-POLY1305", "TLSv1.2")):
            for option in (0, 1 << 19):
                for at in (5, -1):
                    with self.subTest(suite=name, version=version, option=option, at=at):
                        self.tamper(name, version, option, at)

    def tamper(self, name, version, option, at):
        client, server = contexts(name, version)
        server.options |= option
        client.options |= 0x800
        there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
        near, far = client.wrap_bio(back, there), server.wrap_bio(there, back, server_side=True)
        for _ in range(4):
            Pair.shaken(near), Pair.shaken(far)
        near.write(b"some data that matters")
        record = bytearray(there.read())
        record[at] ^= 1
        there.write(bytes(record))
        error = self.assertFails(ssl.SSLError, far.read, 100)
        self.assertEqual(error.reason, "DECRYPTION_FAILED_OR_BAD_RECORD_MAC")
        error = self.assertFails(ssl.SSLError, near.read, 100)
        self.assertEqual(error.reason, "SSLV3_ALERT_BAD_RECORD_MAC")


def openssl_suites():
    try:
        return subprocess.check_output(["openssl", "ciphers", "ALL:COMPLEMENTOFALL"]).decode().strip().split(":")
    except (OSError, subprocess.CalledProcessError):
        return []


def cases(known):
    """(suite, version, authentication, sizes) of all suites, or of those that OpenSSL knows.

    The oldest and the newest version that has a suite: they differ in keys, vectors and signatures.
    """
    seen = set()
    for name, protocol, auth, protection in suites():
        if known is None or name in known:
            speaks = [version for version in versions(protocol) if known is None or version != "SSLv3"]
            for version in sorted(set(speaks[:1] + speaks[-1:])):
                kind = protection + (version,)
                yield name, version, auth, FEW if kind in seen else SIZES
                seen.add(kind)


@unittest.skipUnless(OURS and stockpeer.beside(), "no ssl of the interpreter's own beside this one")
class TestCipherStrings(support.TestCase):
    def test_like_stock(self):
        """Strings at random: the same list in the same order, or no list, and the same level either way."""
        seed, count = 7, 1000
        # OpenSSL 3.2 and later count the short tags of CCM8 as a strength of 64 bits, and leave those suites out at level 1 and above.
        without = ("CCM8",) if stockpeer.library() >= (3, 2) else ()
        output = subprocess.check_output([sys.executable, "-I", cipherstrings.__file__, str(seed), str(count)])
        expected, refused = json.loads(output.decode()), 0
        for (string, names, level), ours in zip(expected, cipherstrings.lists(seed, count)):
            with self.subTest(string=string):
                self.assertEqual([string, cipherstrings.common(names, without), level],
                                 [ours[0], cipherstrings.common(ours[1], without), ours[2]])
            refused += names is None
        self.assertEqual(len(expected), count)
        self.assertTrue(count / 10 < refused < count / 2, refused)

    def test_refused_list_changes_nothing_else(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        before = context.get_ciphers()
        self.assertRaises(ssl.SSLError, context.set_ciphers, "NONSENSE:@SECLEVEL=4")
        self.assertEqual(context.security_level, 4)
        self.assertEqual(context.get_ciphers(), before)

    def test_suite_b_stays(self):
        """As with OpenSSL, a list that begins with a Suite B word overrides those that come later."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("SUITEB128")
        names = [cipher["name"] for cipher in context.get_ciphers()]
        context.set_ciphers("ALL")
        self.assertEqual([cipher["name"] for cipher in context.get_ciphers()], names)
        context.set_ciphers("SUITEB192")
        self.assertLess(len(context.get_ciphers()), len(names))


# On Windows there is no module for CPython, which drives these elsewhere: the engine is the same.
@unittest.skipUnless(OURS and (stockpeer.available() if sys.platform == "win32" else stockpeer.beside()), "no ssl of the interpreter's own beside this one")
class TestWithStock(support.TestCase):
    """Each suite against libssl, both ways."""

    @classmethod
    def setUpClass(cls):
        cls.peer = stockpeer.Peer()
        cls.cases = list(cases(set(openssl_suites())))

    @classmethod
    def tearDownClass(cls):
        cls.peer.__exit__()

    def settings(self, name, version, auth):
        made = dict(ciphers=name + ":@SECLEVEL=0", versions=version.replace("TLSv", ""), dh="dh2048.pem")
        made["cert"] = {"auth-null": "", "auth-ecdsa": "server-ec.pem"}.get(auth, "server.pem")
        return made

    def test_client(self):
        self.assertGreater(len(self.cases), 60)
        for name, version, auth, sizes in self.cases:
            with self.subTest(suite=name, version=version):
                client, _ = contexts(name, version, auth)
                self.peer.serve(**self.settings(name, version, auth))
                try:
                    with socket.create_connection(("127.0.0.1", self.peer.port), support.PATIENCE) as plain:
                        with client.wrap_socket(plain) as near:
                            for size in sizes:
                                sent = support.pattern(size)
                                near.sendall(sent)
                                self.assertEqual(support.receive(near, size), sent)
                finally:
                    answer = self.peer.answer()
                self.assertEqual(answer, {"result": [version.replace("v1.0", "v1"), name]})

    def test_server(self):
        for name, version, auth, sizes in self.cases:
            with self.subTest(suite=name, version=version):
                _, server = contexts(name, version, auth)
                settings = self.settings(name, version, auth)
                settings["cert"] = ""
                with support.Server(server) as running:
                    self.peer.connect(running.port, sizes, **settings)
                    self.assertEqual(self.peer.answer(), {"result": [version.replace("v1.0", "v1"), name]})
                    running.finish()
                    self.assertEqual(running.errors, [])
                    self.assertEqual(running.results, [sum(sizes)])


@unittest.skipIf(IRONPYTHON, "IronPython's subprocess has no pipes that threads may share; CPython runs the same engine")
@unittest.skipUnless(openssl_suites(), "no openssl program")
class TestWithProgram(support.TestCase):
    """One suite of each kind of protection, and TLS 1.3's five, with s_server and s_client."""

    OPTION = {"TLSv1.0": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}
    CASES = [("ECDHE-RSA-AES256-GCM-SHA384", "TLSv1.2", "auth-rsa"), ("DHE-RSA-CHACHA20-POLY1305", "TLSv1.2", "auth-rsa"),
             ("ECDHE-ECDSA-AES256-CCM8", "TLSv1.2", "auth-ecdsa"), ("ADH-CAMELLIA128-SHA", "TLSv1.1", "auth-null"),
             ("AECDH-AES256-SHA", "TLSv1.0", "auth-null"), ("ARIA256-GCM-SHA384", "TLSv1.2", "auth-rsa"),
             ("NULL-SHA256", "TLSv1.2", "auth-rsa")]

    def cases(self):
        return self.CASES + [(name, "TLSv1.3", "auth-rsa") for name in TLS13 if OURS]

    def choice(self, name, version):
        option = "-ciphersuites" if version == "TLSv1.3" else "-cipher"
        if version == "TLSv1.3":
            # The level is set by the other list. OpenSSL 3.2 and later have CCM_8 at level 0 alone.
            return [self.OPTION[version], option, name, "-cipher", "DEFAULT:@SECLEVEL=0"]
        return [self.OPTION[version], option, name + ":@SECLEVEL=0"]

    def test_client(self):
        """-rev sends each line back reversed."""
        for name, version, auth in self.cases():
            with self.subTest(suite=name, version=version):
                self.reach_s_server(name, version, auth)

    def reach_s_server(self, name, version, auth):
        arguments = ["s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-rev", "-dhparam", data("dh2048.pem")]
        if auth == "auth-null":
            arguments.append("-nocert")
        else:
            arguments += ["-cert", data("server-ec.pem" if auth == "auth-ecdsa" else "server.pem")]
        with support.Program("openssl", *(arguments + self.choice(name, version))) as server:
            # It says ACCEPT with its address, whose port the system chose.
            line = b"-"
            while line and not line.startswith(b"ACCEPT"):
                line = server.process.stdout.readline()
            port = int(line.decode().rsplit(":", 1)[-1])
            client, _ = contexts(name, version, auth)
            with socket.create_connection(("127.0.0.1", port), support.PATIENCE) as plain:
                with client.wrap_socket(plain) as near:
                    self.assertEqual(near.cipher()[0], name)
                    for size in (1, 1000, 16000):
                        sent = b"a" * (size - 1) + b"b"
                        near.sendall(sent + b"\n")
                        self.assertEqual(support.receive(near, size + 1), sent[::-1] + b"\n")

    def test_server(self):
        """The client's input, 100 KiB of it, comes back to its output."""
        for name, version, auth in self.cases():
            with self.subTest(suite=name, version=version):
                self.serve_s_client(name, version, auth)

    def serve_s_client(self, name, version, auth):
        _, server = contexts(name, version, auth)
        sent = support.pattern(SIZES[-1])

        def handle(connection):
            connection.sendall(support.receive(connection, len(sent)))
            return connection.cipher()[0]
        with support.Server(server, handle) as running:
            with support.Program("openssl", "s_client", "-connect", "127.0.0.1:%d" % running.port, "-quiet", "-no_ign_eof",
                         *self.choice(name, version)) as client:
                received, _ = support.both(lambda: client.process.stdout.read(len(sent)),
                                           lambda: (client.process.stdin.write(sent), client.process.stdin.flush()))
            running.finish()
            self.assertEqual(running.errors, [])
            self.assertEqual(running.results, [name])
            self.assertEqual(received, sent)


if __name__ == "__main__":
    unittest.main()
