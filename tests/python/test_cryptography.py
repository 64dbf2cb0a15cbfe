"""SSLMODULE_CRYPTO=platform: a process without the module's own primitives talks to one that has them, and wrong values are refused."""

import os
import socket
import ssl
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import support                      # noqa: E402
from test_suites import contexts    # noqa: E402

OURS = "SslModule" in ssl.OPENSSL_VERSION
TEXT = support.pattern(40000)

# Of each kind of protection, key exchange and signature one: (cipher, version, authentication, group or None).
FAMILIES = [
    ("TLS_AES_128_GCM_SHA256", "TLSv1.3", "auth-rsa", "x25519"),
    ("TLS_AES_256_GCM_SHA384", "TLSv1.3", "auth-ecdsa", "X25519MLKEM768"),
    ("TLS_CHACHA20_POLY1305_SHA256", "TLSv1.3", "auth-rsa", "SecP256r1MLKEM768"),
    ("TLS_AES_128_CCM_SHA256", "TLSv1.3", "auth-rsa", "prime256v1"),
    ("TLS_AES_128_CCM_8_SHA256", "TLSv1.3", "auth-rsa", "MLKEM1024"),
    ("ECDHE-RSA-AES128-GCM-SHA256", "TLSv1.2", "auth-rsa", "x25519"),
    ("ECDHE-ECDSA-AES256-GCM-SHA384", "TLSv1.2", "auth-ecdsa", "secp384r1:prime256v1"),
    ("ECDHE-RSA-CHACHA20-POLY1305", "TLSv1.2", "auth-rsa", "X448"),
    ("ECDHE-RSA-AES256-SHA384", "TLSv1.2", "auth-rsa", None),
    ("DHE-RSA-AES128-SHA256", "TLSv1.2", "auth-rsa", None),
    ("AES128-SHA", "TLSv1.2", "auth-rsa", None),
    ("AES256-CCM8", "TLSv1.2", "auth-rsa", None),
    ("ECDHE-RSA-AES128-SHA", "TLSv1.0", "auth-rsa", None),
    ("AES256-SHA", "TLSv1.1", "auth-rsa", None),
    ("DES-CBC3-SHA", "TLSv1.2", "auth-rsa", None),
    ("CAMELLIA128-SHA256", "TLSv1.2", "auth-rsa", None),
    ("ECDHE-ARIA128-GCM-SHA256", "TLSv1.2", "auth-rsa", None),
    ("NULL-SHA256", "TLSv1.2", "auth-rsa", None),
]

SERVER = """
import sys
sys.path.insert(0, sys.argv[1])
import test_cryptography
test_cryptography.serve()
"""

MAKES_CONTEXTS = """
import ssl
for _ in range(2):
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        print("made")
    except ssl.SSLError as error:
        print(error)
"""


def ends(family):
    """The contexts of both ends."""
    name, version, auth, group = family
    made = contexts(name, version, auth)
    for context in made:
        if group is not None:
            context.set_groups(group)
    return made


def serve():
    """The program at the other end: a connection for each family, which sends back what it is sent."""
    waiting = socket.socket()
    waiting.bind(("127.0.0.1", 0))
    waiting.listen(1)
    waiting.settimeout(support.PATIENCE)
    sys.stdout.write("%d\n" % waiting.getsockname()[1])
    sys.stdout.flush()
    for family in FAMILIES:
        plain = waiting.accept()[0]
        plain.settimeout(support.PATIENCE)
        try:
            connection = ends(family)[1].wrap_socket(plain, server_side=True)
            connection.sendall(support.receive(connection, len(TEXT)))
            connection.close()
        except (OSError, ValueError) as error:
            sys.stderr.write("%s: %r\n" % (family, error))
            plain.close()


def environment(value):
    return dict(os.environ, SSLMODULE_CRYPTO=value)


def started(value, *arguments):
    """(exit status, output, errors) of a program in an environment where the variable has a value."""
    process = subprocess.Popen([sys.executable] + list(arguments), env=environment(value), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate()
    return process.returncode, out.decode(), err.decode()


@unittest.skipUnless(OURS, "the variable is the module's own")
class TestPlatformCryptography(support.TestCase):
    def test_every_family_agrees_with_the_modules_own(self):
        with support.Program(sys.executable, "-c", SERVER, HERE, env=environment("platform"), stderr=None) as program:
            port = int(program.hear())
            for family in FAMILIES:
                plain = socket.create_connection(("127.0.0.1", port), support.PATIENCE)
                try:
                    connection = ends(family)[0].wrap_socket(plain)
                    connection.sendall(TEXT)
                    self.assertEqual(support.receive(connection, len(TEXT)), TEXT, family)
                    self.assertEqual((connection.cipher()[0], connection.version()), (family[0], family[1].replace("TLSv1.0", "TLSv1")))
                    connection.close()
                finally:
                    plain.close()

    def test_wrong_values_are_refused(self):
        for value in ("own", "PLATFORM", "0"):
            status, out, err = started(value, "-c", MAKES_CONTEXTS)
            self.assertEqual((status, err), (0, ""))
            lines = out.split("\n")[:2]
            self.assertEqual(lines[0], lines[1])
            self.assertIn("SSLMODULE_CRYPTO is platform or unset, not %s" % value, lines[0])

    def test_an_empty_value_is_none(self):
        self.assertEqual(started("", "-c", MAKES_CONTEXTS)[1].split(), ["made", "made"])


if __name__ == "__main__":
    unittest.main()
