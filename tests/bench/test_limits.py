"""What `openssl speed` prints, and what it makes of a row's limit."""

import unittest

from support import FolderCase

import limits

OLD = """Forked child 0
+DTP:2048:private:rsa:1
+R1:1000:2048:0.50
+DTP:2048:public:rsa:1
+R2:42125:2048:1.00
+F2:2:2048:2000.000000:42125.000000
"""


class TestRates(unittest.TestCase):
    def test_results_in_their_order(self):
        self.assertEqual(limits.rates(OLD.splitlines(True), 1), [2000])
        self.assertEqual(limits.rates(OLD.splitlines(True), 2), [2000, 42125])

    def test_a_cipher(self):
        self.assertEqual(limits.rates(["+DT:AES-256-GCM:1:16384\n", "+R:198116:AES-256-GCM:0.990000\n"], 1), [198116 / 0.99])

    def test_an_algorithm_that_is_not_there(self):
        self.assertIsNone(limits.rates(["speed: Unknown algorithm ML-KEM-768\n"], 3))
        self.assertIsNone(limits.rates(OLD.splitlines(True), 3))


class Known(limits.Limits):
    """Sealing gives 300 a second, opening 150, and what else is asked for its own number."""

    def first(self, arguments, count):
        if "-aead" in arguments:
            return [150 if "-decrypt" in arguments else 300]
        return {"ecdsap256": [1000, 500], "ecdhx25519": [4000]}.get(arguments[0])


class TestLimits(unittest.TestCase):
    def test_ciphers(self):
        known = Known(["openssl"])
        self.assertEqual(known.of(("slower of both", "aes-256-gcm", 1024)), 150)
        self.assertAlmostEqual(known.of(("one after the other", "aes-256-gcm", 1024)), 100)

    def test_handshakes(self):
        known = Known(["openssl"])
        self.assertAlmostEqual(known.of(("operations", (("P-256 signature", 1), ("P-256 verification", 1), ("X25519", 4)))), 1 / (1 / 1000 + 1 / 500 + 4 / 4000))
        self.assertIsNone(known.of(("operations", (("X25519", 4), ("ML-KEM-768 key", 1)))), "an openssl without ML-KEM")

    def test_none(self):
        self.assertIsNone(Known(["openssl"]).of(None))
        self.assertIsNone(Known(None).of(("slower of both", "aes-256-gcm", 1024)))


class TestPrograms(FolderCase):
    def test_one_run_for_each_result(self):
        """It is ended once it has said what was asked: the rest would take long."""
        program = self.write("openssl", "#!/bin/sh\necho \"$@\" >>%s/ran\necho +R1:10:2048:2.0\necho +R2:30:2048:1.0\nexec sleep 60\n" % self.folder, program=True)
        taken = limits.Limits([program])
        self.assertEqual([taken.operation(name) for name in ("RSA 2048 signature", "RSA 2048 verification")], [5, 30])
        self.assertEqual([taken.cipher("aes-128-gcm", 64, direction) for direction in ("seal", "open", "seal")], [5, 5, 5])
        with open(self.folder + "/ran") as ran:
            self.assertEqual(ran.read().splitlines(), ["speed -mr -seconds 1 rsa2048", "speed -mr -seconds 1 -aead -bytes 64 -evp aes-128-gcm",
                                                       "speed -mr -seconds 1 -aead -bytes 64 -decrypt -evp aes-128-gcm"])

    def test_versions(self):
        program = self.write("openssl", "#!/bin/sh\necho OpenSSL 3.6.5 29 Sep 2026\n", program=True)
        self.assertEqual(limits.version([program]), ((3, 6, 5), "OpenSSL 3.6.5"))
        self.assertIsNone(limits.version([program + "-that-is-not-there"]))


if __name__ == "__main__":
    unittest.main()
