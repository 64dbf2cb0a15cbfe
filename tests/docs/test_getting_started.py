"""The server that docs/getting-started.md makes with openssl: its commands as they stand, but for the port."""

import os
import re
import shutil
import signal
import ssl
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STRANGER = os.path.join(ROOT, "tests", "python", "data", "otherca.pem")     # an authority that has nothing to do with it
LIMIT = 60      # seconds


def commands():
    with open(os.path.join(ROOT, "docs", "getting-started.md"), encoding="utf-8") as file:
        part = file.read().split("## A server of your own\n")[1]
    lines = re.search(r"(?:^ {4}.*\n)+", part, re.MULTILINE).group(0)
    return re.sub("^    ", "", lines, flags=re.MULTILINE).replace("SSLMODULE", ROOT).replace(" 8443", " 0")


def openssl_is_new():
    try:
        return subprocess.check_output(["openssl", "version"]).decode() >= "OpenSSL 3"
    except OSError:
        return False


@unittest.skipUnless(os.name == "posix" and shutil.which("bash"), "needs bash")
@unittest.skipUnless(openssl_is_new(), "needs openssl 3.0 or newer: install the package openssl")
class ServerOfYourOwn(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def fetch(self, address, **authority):
        context = ssl.create_default_context(**authority)
        context.verify_flags |= ssl.VERIFY_X509_STRICT      # as Python 3.13 and later
        with urllib.request.urlopen(address, context=context, timeout=LIMIT) as answer:
            return answer.status, answer.read()

    def test_it_answers_whoever_trusts_its_authority(self):
        server = subprocess.Popen(["bash", "-e", "-c", commands()], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  start_new_session=True)
        try:
            address = server.stdout.readline().decode().strip()
            self.assertRegex(address, "^https://localhost:[0-9]+/$")
            status, body = self.fetch(address, cafile=os.path.join(self.folder, "ca.pem"))
            self.assertEqual((status, body[:14]), (200, b"hello stranger"))
            with self.assertRaises(urllib.error.URLError) as caught:
                self.fetch(address, cafile=STRANGER)
            self.assertIsInstance(caught.exception.reason, ssl.SSLCertVerificationError)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.stdout.close()
            server.wait(LIMIT)


if __name__ == "__main__":
    unittest.main()
