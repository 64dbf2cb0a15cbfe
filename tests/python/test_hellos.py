"""ClientHellos made by hand: what a server answers, and a whole handshake that begins in SSL 2.0's format."""

import hashlib
import hmac
import json
import os
import ssl
import struct
import unittest

import hellos
import support
from hellos import message, record, vector


def digest(name, *parts):
    return hashlib.new(name, b"".join(parts)).digest()


def p_hash(name, secret, seed, length):
    out, a = b"", seed
    while len(out) < length:
        a = hmac.new(secret, a, name).digest()
        out += hmac.new(secret, a + seed, name).digest()
    return out[:length]


class Client(object):
    """A client of TLS 1.0 to 1.2 with RSA key exchange and NULL-SHA, whose records anyone can read."""

    MAC = 20

    def __init__(self, version, key):
        self.version, self.key = version, key
        self.written = self.read = 0
        self.sealed = False

    def prf(self, secret, label, seed, length):
        if self.version >= 0x0303:
            return p_hash("sha256", secret, label + seed, length)
        half = (len(secret) + 1) // 2
        one = p_hash("md5", secret[:half], label + seed, length)
        other = p_hash("sha1", secret[-half:], label + seed, length)
        return bytes(a ^ b for a, b in zip(one, other))

    def hash(self, transcript):
        if self.version >= 0x0303:
            return digest("sha256", transcript)
        return digest("md5", transcript) + digest("sha1", transcript)

    def mac(self, secret, number, kind, content):
        header = struct.pack(">QBHH", number, kind, self.version, len(content))
        return hmac.new(secret, header + content, "sha1").digest()

    def seal(self, kind, content):
        tag = self.mac(self.own, self.written, kind, content)
        self.written += 1
        return record(kind, content + tag, self.version)

    def opened(self, kind, content):
        plain, tag = content[:-self.MAC], content[-self.MAC:]
        if tag != self.mac(self.peers, self.read, kind, plain):
            raise AssertionError("a wrong MAC")
        self.read += 1
        return plain

    def flight(self, hello, random, answer):
        """Answers the server's first flight: the server's key is taken from its certificate."""
        messages = b"".join(content for kind, content in records(answer) if kind == 22)
        self.transcript = hello + messages
        server_random = messages[6:38]
        premaster = hello[1:3] + b"p" * 46
        modulus, exponent = self.key
        size = (modulus.bit_length() + 7) // 8
        padded = b"\0\2" + b"\7" * (size - 3 - len(premaster)) + b"\0" + premaster
        encrypted = pow(int.from_bytes(padded, "big"), exponent, modulus).to_bytes(size, "big")
        exchange = message(16, vector(2, encrypted))
        self.transcript += exchange
        self.master = self.prf(premaster, b"master secret", random + server_random, 48)
        block = self.prf(self.master, b"key expansion", server_random + random, 2 * self.MAC)
        self.own, self.peers = block[:self.MAC], block[self.MAC:]
        finished = message(20, self.prf(self.master, b"client finished", self.hash(self.transcript), 12))
        self.transcript += finished
        return record(22, exchange, self.version) + record(20, b"\1", self.version) + self.seal(22, finished)

    def check(self, answer):
        """Checks the server's Finished."""
        kinds = records(answer)
        tickets = [content for kind, content in kinds[:-2] if kind == 22]
        expected = self.prf(self.master, b"server finished", self.hash(self.transcript + b"".join(tickets)), 12)
        if self.opened(22, kinds[-1][1]) != message(20, expected):
            raise AssertionError("a wrong Finished")


def records(some):
    found = []
    while some:
        end = 5 + struct.unpack(">H", some[3:5])[0]
        found.append((some[0], some[5:end]))
        some = some[end:]
    return found


def public_key(name):
    """The modulus and exponent of an RSA certificate: the two numbers behind the algorithm's identifier."""
    with open(support.data(name)) as file:
        text = file.read()
    begin = text.index("-----BEGIN CERTIFICATE-----")
    der = ssl.PEM_cert_to_DER_cert(text[begin:text.index("-----END CERTIFICATE-----") + 25])
    at = der.index(hellos.unhex("2a864886f70d010101")) + 9 + 2

    def enter(at):
        length, at = der[at + 1], at + 2
        if length & 0x80:
            width = length & 0x7F
            length, at = int.from_bytes(der[at:at + width], "big"), at + width
        return at, length
    at, _ = enter(at)
    at, _ = enter(at + 1)
    at, length = enter(at)
    modulus = int.from_bytes(der[at:at + length], "big")
    at, length = enter(at + length)
    return modulus, int.from_bytes(der[at:at + length], "big")


class TestAnswers(support.TestCase):
    def test_are_those_of_openssl(self):
        with open(support.data("hellos.json")) as file:
            recorded = json.load(file)
        self.maxDiff = None
        outcomes = dict(hellos.outcomes())
        self.assertEqual({name: outcome for name, outcome in outcomes.items() if recorded[name] != outcome},
                         {name: recorded[name] for name, outcome in outcomes.items() if recorded[name] != outcome})
        self.assertEqual(set(outcomes), set(recorded))


class TestBackwardHello(support.TestCase):
    def test_begins_a_whole_handshake(self):
        for version, name in ((0x0301, "TLSv1"), (0x0302, "TLSv1.1"), (0x0303, "TLSv1.2")):
            for challenge in (b"c" * 16, b"0123456789abcdef0123456789ABCDEF", b"c" * 40):
                self.handshake(version, name, challenge)

    def handshake(self, version, name, challenge):
        context = hellos.server("server.pem", ciphers="NULL-SHA:@SECLEVEL=0")
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = context.wrap_bio(incoming, outgoing, server_side=True)
        sent = hellos.backward(version, "010080000002", challenge=challenge)
        client = Client(version, public_key("server.pem"))

        # In pieces: the header says how much there is to wait for.
        for at in range(len(sent)):
            incoming.write(sent[at:at + 1])
            self.assertRaises(ssl.SSLWantReadError, server.do_handshake)
        incoming.write(client.flight(sent[2:], challenge[:32].rjust(32, b"\0"), outgoing.read()))
        server.do_handshake()
        client.check(outgoing.read())
        self.assertEqual((server.version(), server.cipher()[0]), (name, "NULL-SHA"))
        incoming.write(client.seal(23, b"from a client of another age"))
        self.assertEqual(server.read(100), b"from a client of another age")
        server.write(b"answer")
        plain = b"".join(client.opened(kind, content) for kind, content in records(outgoing.read()))
        self.assertEqual(plain, b"answer")

    def test_is_shown_to_the_message_callback(self):
        context = hellos.server("server.pem")
        seen = []
        context._msg_callback = lambda *arguments: seen.append(arguments[1:])
        sent = hellos.backward()
        self.assertIn("waits", hellos.serve(context, sent))
        direction, version, content_type, message_type, content = seen[0]
        self.assertEqual((direction, int(version), int(content_type), int(message_type), content), ("read", 2, 0, -1, sent[2:]))

    def test_a_client_takes_none(self):
        context = support.careless_context()
        incoming = ssl.MemoryBIO()
        client = context.wrap_bio(incoming, ssl.MemoryBIO())
        self.assertRaises(ssl.SSLWantReadError, client.do_handshake)
        incoming.write(hellos.backward())
        self.assertRaises(ssl.SSLError, client.do_handshake)


if __name__ == "__main__":
    unittest.main()
