"""refusals.py's scenarios, against what OpenSSL was recorded to make of them and, where it is there, against OpenSSL itself."""

import json
import subprocess
import sys
import unittest

import refusals
import stockpeer
import support

# Where this engine does otherwise, and why.
ALERT_VERSION = "OpenSSL stamps its alert with a version that its own client then refuses to read; here the alert arrives"
NO_SSL3 = "this engine has SSL 3.0, so such a hello is refused for the settings, not for its age"
FIRST_THEN = "the signature is checked before the point, which it covers"
DIFFERENT = {
    "Client Hello of SSL 2": (["TLSV1_ALERT_PROTOCOL_VERSION", "VERSION_TOO_LOW"], ALERT_VERSION),
    "Client Hello of SSL 3": (["TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL"], NO_SSL3),
    "an unknown alert ahead of the Server Hello": (["UNKNOWN_ALERT_TYPE", "waits"], "OpenSSL has no name for it"),
    "Server Hello with an unknown extension": (["UNSOLICITED_EXTENSION", "TLSV1_UNSUPPORTED_EXTENSION"],
                                               "RFC 5246 section 7.4.1.4 wants it refused"),
    "Server Hello of 1.3 with an unknown extension": (["UNSOLICITED_EXTENSION", "TLSV1_UNSUPPORTED_EXTENSION"],
                                                      "RFC 8446 section 4.2 wants it refused"),
    "Server Key Exchange with a wrong point": (["BAD_SIGNATURE", "TLSV1_ALERT_DECRYPT_ERROR"], FIRST_THEN),
    "downgrade to 1.1": (["INAPPROPRIATE_FALLBACK", "SSLV3_ALERT_ILLEGAL_PARAMETER"], ALERT_VERSION),
    "downgrade of a 1.2 client to 1.1": (["INAPPROPRIATE_FALLBACK", "SSLV3_ALERT_ILLEGAL_PARAMETER"], ALERT_VERSION),
    "half an alert ahead of the Server Hello": (["INVALID_ALERT", "SSLV3_ALERT_UNEXPECTED_MESSAGE"], ALERT_VERSION),
    "ChangeCipherSpec ahead of the Server Hello": (["UNEXPECTED_MESSAGE", "SSLV3_ALERT_UNEXPECTED_MESSAGE"], ALERT_VERSION),
    "a bad ChangeCipherSpec ahead of the Server Hello": (["BAD_CHANGE_CIPHER_SPEC", "SSLV3_ALERT_UNEXPECTED_MESSAGE"], ALERT_VERSION),
}


def recorded():
    with open(support.data("refusals.json")) as file:
        return json.load(file)


class TestRefusals(support.TestCase):
    def test_scenarios(self):
        expected = dict((name, [client, server]) for name, client, server in recorded())
        if "SslModule" in refusals.ssl.OPENSSL_VERSION:
            expected.update((name, outcome) for name, (outcome, _) in DIFFERENT.items())
        found = refusals.outcomes()
        self.assertEqual([name for name, _, _ in found], [name for name, _, _ in recorded()])
        for name, client, server in found:
            with self.subTest(scenario=name):
                self.assertEqual([client, server], expected[name])

    def test_every_difference_is_one(self):
        """A line of the table above that says what OpenSSL says too has no business there."""
        openssl = dict((name, [client, server]) for name, client, server in recorded())
        for name, (outcome, reason) in DIFFERENT.items():
            self.assertNotEqual(openssl[name], outcome)
            self.assertTrue(reason)

    @unittest.skipUnless(stockpeer.beside() and stockpeer.is_modelled(), "no ssl over OpenSSL 3.0 beside this one")
    def test_recording(self):
        """The recording is what the interpreter's own ssl says today."""
        output = subprocess.check_output([sys.executable, "-I", refusals.__file__])
        self.assertEqual(json.loads(output.decode()), recorded())


if __name__ == "__main__":
    unittest.main()
