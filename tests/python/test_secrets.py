"""What is left of a connection's secrets in the memory of its process, read from outside with the key log in hand."""

import hashlib
import hmac
import os
import re
import ssl
import subprocess
import sys
import tempfile
import unittest

import support
from support import IRONPYTHON

PROGRAM = """
import gc, sys
sys.path.insert(0, sys.argv[1])
import ssl, support

def talk(log, version, ciphers, end):
    client = support.client_context(version=getattr(ssl.TLSVersion, version), keylog_filename=log)
    server = support.server_context(version=getattr(ssl.TLSVersion, version))
    if ciphers:
        client.set_ciphers(ciphers)
        server.set_ciphers(ciphers)
    one, two = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client.wrap_bio(one, two, server_hostname="localhost")
    far = server.wrap_bio(two, one, server_side=True)
    support.shake(near, far)
    near.write(b"x" * 1000)
    far.read(1000)
    far.write(b"y" * 1000)
    near.read(1000)
    if end == "unwrap":
        for end in (near, far, near):
            try:
                end.unwrap()
            except ssl.SSLError:
                pass
    elif end == "failure":
        one.write(b"\\x17\\x03\\x03\\x00\\x30" + b"z" * 0x30)
        try:
            near.read(1)
            raise AssertionError("read garbage")
        except ssl.SSLError:
            pass
    return (client, server, near, far) if end == "kept" else None

kept = talk(*sys.argv[2:])
gc.collect()
print("ready")
sys.stdout.flush()
sys.stdin.readline()
"""
# Hexadecimal: so much may be allocated before .NET's collector runs, which may move what it keeps and leave a copy behind.
NO_COLLECTION = {"DOTNET_GCgen0size": "10000000", "DOTNET_GCGen0MaxBudget": "10000000"}
TLS12 = (("ECDHE-RSA-AES128-GCM-SHA256", False), ("AES128-GCM-SHA256", True), ("ECDHE-RSA-AES128-SHA256", False))


def expand_label(secret, label, length):
    """HKDF-Expand-Label of RFC 8446 section 7.1, without a context and of one block."""
    label = b"tls13 " + label
    info = bytes(bytearray([0, length, len(label)])) + label + b"\0\1"
    return hmac.new(secret, info, hashlib.sha384 if len(secret) == 48 else hashlib.sha256).digest()[:length]


def secrets(log):
    """The key log's, and the keys that follow from them, by name."""
    found = {}
    for line in support.read_file(log).decode().splitlines():
        if not line.startswith("#"):
            label, _, secret = line.split()
            found[label] = secret = bytes(bytearray.fromhex(secret))
            if "TRAFFIC" in label:
                for name, length in ((b"key", 32), (b"finished", len(secret))):
                    found[label + " " + name.decode()] = expand_label(secret, name, length)
    return found


def memory(process):
    """What the process can write to, region by region."""
    with open("/proc/%d/maps" % process) as maps, open("/proc/%d/mem" % process, "rb", 0) as file:
        for line in maps:
            begin, end, rights = re.match("([0-9a-f]+)-([0-9a-f]+) (....)", line).groups()
            if rights.startswith("rw"):
                try:
                    file.seek(int(begin, 16))
                    yield file.read(int(end, 16) - int(begin, 16))
                except (OSError, OverflowError, ValueError):        # the kernel's own
                    pass


@unittest.skipIf(IRONPYTHON, "objects of IronPython end when its collector runs")
@unittest.skipUnless("SslModule" in ssl.OPENSSL_VERSION, "OpenSSL leaves some of them")
@unittest.skipUnless(os.path.exists("/proc/self/mem"), "memory as Linux shows it")
class TestSecrets(support.TestCase):
    def left(self, version, ciphers, end):
        """The names of the secrets that are somewhere in the process, and of all."""
        handle, log = tempfile.mkstemp()
        os.close(handle)
        self.addCleanup(os.unlink, log)
        here = os.path.dirname(os.path.abspath(__file__))
        command = [sys.executable, "-W", "ignore", "-c", PROGRAM, here, log, version, ciphers, end]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ, **NO_COLLECTION))
        try:
            self.assertEqual(process.stdout.readline().strip(), b"ready")
            known = secrets(log)
            found = set()
            for region in memory(process.pid):
                found.update(name for name, secret in known.items() if secret in region)
        finally:
            process.communicate(b"\n")
        return found, set(known)

    def test_they_are_found_while_they_are_in_use(self):
        found, known = self.left("TLSv1_3", "", "kept")
        self.assertLessEqual({"CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0", "EXPORTER_SECRET"}, found)
        self.assertFalse([name for name in found if "HANDSHAKE" in name], "those of the handshake are not needed any more")

    def test_tls13(self):
        for end in ("unwrap", "nothing", "failure"):
            with self.subTest(end):
                found, known = self.left("TLSv1_3", "", end)
                self.assertEqual((found, len(known)), (set(), 13))

    def test_tls12(self):
        for ciphers, encrypts in TLS12:
            for end in ("unwrap", "nothing", "failure"):
                with self.subTest(ciphers, end=end):
                    found, known = self.left("TLSv1_2", ciphers, end)
                    # A session's, which may be resumed for as long as somebody has it.
                    self.assertEqual(found - {"CLIENT_RANDOM"}, set())
                    self.assertEqual("RSA" in known, encrypts)


if __name__ == "__main__":
    unittest.main()
