"""Records that were changed on their way: what the reader says of them, and what it tells the writer."""

import ssl
import struct
import unittest

import support
from test_suites import Pair, contexts

BAD_MAC = "DECRYPTION_FAILED_OR_BAD_RECORD_MAC", "SSLV3_ALERT_BAD_RECORD_MAC"
TOO_SHORT = "LENGTH_TOO_SHORT", "TLSV1_ALERT_DECODE_ERROR"
TOO_LONG = "ENCRYPTED_LENGTH_TOO_LONG", "TLSV1_ALERT_RECORD_OVERFLOW"
NO_ENCRYPT_THEN_MAC = 1 << 19
LONGEST = 16384 + 256 + 64
MACS = {"SHA": 20, "SHA256": 32, "SHA384": 48}


def records(data):
    """The records of a flight, each with its header."""
    while data:
        end = 5 + struct.unpack_from(">H", data, 3)[0]
        yield data[:end]
        data = data[end:]


def again(record, fragment):
    """A record like another, with what is given in it."""
    return record[:3] + struct.pack(">H", len(fragment)) + fragment


def flipped(record, at):
    return record[:at] + bytes(bytearray([bytearray(record)[at] ^ 1])) + record[at + 1:]


class Channel(Pair):
    """A pair of ends whose server has written; the record that holds it has not reached the client yet."""

    def __init__(self, name, version="TLSv1.2", options=0, auth="auth-rsa"):
        client, server = contexts(name, version, auth)
        client.options |= options
        self.to_client, self.to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.client = client.wrap_bio(self.to_client, self.to_server)
        self.server = server.wrap_bio(self.to_server, self.to_client, server_side=True)
        waiting = [self.client, self.server]
        while waiting:
            waiting = [end for end in waiting if not self.shaken(end)]
        self.server.write(b"x" * 100)
        flight = list(records(self.to_client.read()))
        self.record = flight.pop()
        for record in flight:       # TLS 1.0 sends an empty one first
            self.to_client.write(record)


class TestRecordProtection(support.TestCase):
    def refusal(self, change, *arguments):
        """(the client's reason, what the server then reads) for the record as `change` makes it."""
        channel = Channel(*arguments)
        channel.to_client.write(change(channel.record))
        error = self.assertFails(ssl.SSLError, channel.client.read, 200)
        heard = self.assertFails(ssl.SSLError, channel.server.read, 200)
        self.assertRaises(ssl.SSLError, channel.client.read, 200)   # and it goes on saying so
        return error.reason, heard.reason

    def kinds(self):
        for name, hash_ in (("AES128-SHA", "SHA"), ("AES256-SHA256", "SHA256"), ("ECDHE-RSA-AES256-SHA384", "SHA384"),
                            ("CAMELLIA128-SHA", "SHA")):
            for options in (0, NO_ENCRYPT_THEN_MAC):
                yield (name, "TLSv1.2", options), MACS[hash_], not options
        if ssl.HAS_TLSv1:
            for options in (0, NO_ENCRYPT_THEN_MAC):
                yield ("AES128-SHA", "TLSv1.0", options), MACS["SHA"], not options

    def test_as_it_was(self):
        for arguments, _, _ in self.kinds():
            channel = Channel(*arguments)
            channel.to_client.write(channel.record)
            self.assertEqual(channel.client.read(200), b"x" * 100)

    def test_any_byte(self):
        for arguments, _, _ in self.kinds():
            length = len(Channel(*arguments).record)
            for at in (5, 20, 21, 40, length - 49, length - 33, length - 21, length - 17, length - 16, length - 2, length - 1):
                self.assertEqual(self.refusal(lambda record: flipped(record, at), *arguments), BAD_MAC, (arguments, at))

    def test_shortened(self):
        for arguments, mac, encrypt_then_mac in self.kinds():
            for length in (0, 1, mac - 1, mac, mac + 1, 16, 32, 48, 64, 80, 96):
                expected = TOO_SHORT if encrypt_then_mac and length < mac else BAD_MAC
                found = self.refusal(lambda record: again(record, record[5:5 + length]), *arguments)
                self.assertEqual(found, expected, (arguments, length))
            for less in (1, 16):
                self.assertEqual(self.refusal(lambda record: again(record, record[5:-less]), *arguments), BAD_MAC, arguments)

    def test_lengthened(self):
        for arguments, _, _ in self.kinds():
            for more in (1, 16, 256):
                found = self.refusal(lambda record: again(record, record[5:] + b"\0" * more), *arguments)
                self.assertEqual(found, BAD_MAC, (arguments, more))

    def test_too_long(self):
        for arguments in (("AES128-SHA",), ("AES128-SHA", "TLSv1.2", NO_ENCRYPT_THEN_MAC), ("AES128-GCM-SHA256",),
                          ("ECDHE-RSA-CHACHA20-POLY1305",), ("NULL-SHA",)):
            self.assertEqual(self.refusal(lambda record: again(record, b"\0" * LONGEST), *arguments), BAD_MAC, arguments)
            self.assertEqual(self.refusal(lambda record: again(record, b"\0" * (LONGEST + 1)), *arguments), TOO_LONG, arguments)

    def test_without_encryption(self):
        for name, mac in (("NULL-SHA", 20), ("NULL-SHA256", 32)):
            self.assertEqual(self.refusal(lambda record: again(record, b"x" * (mac - 1)), name), TOO_SHORT)
            self.assertEqual(self.refusal(lambda record: again(record, b"x" * mac), name), BAD_MAC)
            for at in (5, 50, -1):
                self.assertEqual(self.refusal(lambda record: flipped(record, at % len(record)), name), BAD_MAC)

    def test_aead(self):
        for name in ("AES128-GCM-SHA256", "ECDHE-RSA-CHACHA20-POLY1305", "AES128-CCM", "AES128-CCM8", "ECDHE-ARIA128-GCM-SHA256"):
            for length in (0, 1, 8, 15, 16, 23, 24, 25, 100):
                found = self.refusal(lambda record: again(record, record[5:5 + length]), name)
                self.assertEqual(found, BAD_MAC, (name, length))
            self.assertEqual(self.refusal(lambda record: flipped(record, len(record) - 1), name), BAD_MAC)

    def test_a_record_twice(self):
        for arguments, _, _ in list(self.kinds()) + [(("AES128-GCM-SHA256",), 0, 0), (("NULL-SHA",), 0, 0)]:
            channel = Channel(*arguments)
            channel.to_client.write(channel.record + channel.record)
            self.assertEqual(channel.client.read(100), b"x" * 100)
            error = self.assertFails(ssl.SSLError, channel.client.read, 200)
            self.assertEqual(error.reason, BAD_MAC[0])


if __name__ == "__main__":
    unittest.main()
