"""MemoryBIO, and SSLObject over two of them: TLS without sockets."""

import ssl
import unittest

import support
from support import client_context, pattern, server_context

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


class TestMemoryBio(support.TestCase):
    def test_read_and_write(self):
        bio = ssl.MemoryBIO()
        self.assertEqual((bio.read(), bio.pending, bio.eof), (b"", 0, False))
        self.assertEqual(bio.write(b"foo"), 3)
        bio.write(bytearray(b"bar"))
        bio.write(memoryview(b"!"))
        self.assertEqual(bio.pending, 7)
        self.assertEqual(bio.read(2), b"fo")
        self.assertEqual(bio.read(100), b"obar!")
        bio.write(b"baz")
        self.assertEqual(bio.read(0), b"")
        self.assertEqual(bio.read(-1), b"baz")

    def test_end(self):
        bio = ssl.MemoryBIO()
        bio.write(b"foo")
        bio.write_eof()
        self.assertFalse(bio.eof)
        self.assertEqual(bio.read(2), b"fo")
        self.assertFalse(bio.eof)
        self.assertEqual(bio.read(1), b"o")
        self.assertTrue(bio.eof)
        self.assertEqual(bio.read(), b"")
        self.assertRaises(ssl.SSLError, bio.write, b"more")

    def test_large(self):
        bio, payload = ssl.MemoryBIO(), pattern(1 << 20)
        for start in range(0, len(payload), 1000):
            bio.write(payload[start:start + 1000])
        self.assertTrue(bio.read() == payload)

    def test_refused(self):
        bio = ssl.MemoryBIO()
        for wrong in ("text", None, True, 1):
            self.assertRaises(TypeError, bio.write, wrong)
        self.assertRaises(TypeError, ssl.MemoryBIO, 1)


class End(object):
    """One end: an SSLObject and its BIOs."""

    def __init__(self, context, **options):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, **options)
        self.done = False

    def shake(self):
        try:
            self.tls.do_handshake()
            self.done = True
        except ssl.SSLWantReadError:
            pass

    def give(self, other, step=None):
        blob = self.outgoing.read()
        for start in range(0, len(blob), step or max(len(blob), 1)):
            other.incoming.write(blob[start:start + (step or len(blob))])
            if step:
                other.shake()
        return len(blob)


def pair(version=TLS13, step=None, **options):
    near = End(support.strict(client_context(version=version)), server_hostname="localhost", **options)
    far = End(server_context(), server_side=True)
    connect(near, far, step)
    return near, far


def connect(near, far, step=None):
    near.shake()
    while not (near.done and far.done):
        if not near.give(far, step) + far.give(near, step):
            raise AssertionError("the handshake is stuck")
        near.shake()
        far.shake()
        if near.done and far.done:
            near.give(far)
            far.give(near)


class TestSslObject(support.TestCase):
    def test_handshake(self):
        for version, text in ((TLS12, "TLSv1.2"), (TLS13, "TLSv1.3")):
            near, far = pair(version)
            self.assertEqual((near.tls.version(), far.tls.version()), (text, text))
            self.assertEqual(near.tls.getpeercert()["subject"][-1], (("commonName", "localhost"),))
            self.assertEqual(near.tls.cipher(), far.tls.cipher())
            self.assertEqual((near.tls.server_side, far.tls.server_side), (False, True))
            self.assertEqual((near.tls.server_hostname, far.tls.server_hostname), ("localhost", None))
            self.assertIsNone(near.tls.compression())
            self.assertIsNone(near.tls.selected_alpn_protocol())
            self.assertIsInstance(near.tls.context, ssl.SSLContext)

    def test_handshake_byte_by_byte(self):
        for version in (TLS12, TLS13):
            near, far = pair(version, step=1)
            near.tls.write(b"ping")
            near.give(far)
            self.assertEqual(far.tls.read(10), b"ping")

    def test_before_the_handshake(self):
        near = End(client_context(), server_hostname="localhost")
        self.assertIsNone(near.tls.cipher())
        self.assertIsNone(near.tls.version())
        self.assertRaises(ValueError, near.tls.getpeercert)
        self.assertRaises(ssl.SSLWantReadError, near.tls.read)
        self.assertGreater(near.outgoing.pending, 0)
        self.assertFalse(near.tls.session_reused)

    def test_data(self):
        near, far = pair()
        for size in (1, 2047, 2048, 2049, 16383, 16384, 16385, 100000):
            payload = pattern(size)
            sent = 0
            while sent < size:
                sent += near.tls.write(payload[sent:])
            near.give(far)
            received = bytearray()
            while len(received) < size:
                received += far.tls.read(65536)
            self.assertTrue(received == payload)
            self.assertRaises(ssl.SSLWantReadError, far.tls.read)

    def test_read_spellings(self):
        near, far = pair()
        near.tls.write(b"0123456789")
        near.give(far)
        self.assertEqual(far.tls.read(2), b"01")
        self.assertEqual(far.tls.pending(), 8)
        self.assertEqual(far.tls.read(len=2), b"23")
        self.assertEqual(far.tls.read(nbytes=2), b"45")
        buffer = bytearray(3)
        self.assertEqual(far.tls.read(100, buffer), 3)
        self.assertEqual(buffer, b"678")
        self.assertEqual(far.tls.read(), b"9")

    def test_half_a_record(self):
        near, far = pair()
        near.tls.write(b"whole")
        record = near.outgoing.read()
        for start in range(len(record) - 1):
            far.incoming.write(record[start:start + 1])
            self.assertRaises(ssl.SSLWantReadError, far.tls.read)
        far.incoming.write(record[-1:])
        self.assertEqual(far.tls.read(), b"whole")

    def test_what_a_read_takes_out(self):
        near, far = pair()
        lengths = []
        for text in (b"first", b"second"):
            near.tls.write(text)
            lengths.append(near.give(far))
        self.assertEqual(far.tls.read(5), b"first")
        self.assertEqual(far.incoming.pending, lengths[1])
        self.assertEqual(far.tls.read(3), b"sec")
        self.assertEqual(far.incoming.pending, 0)
        self.assertEqual(far.tls.read(), b"ond")
        near.tls.write(b"third")
        record = near.outgoing.read()
        far.incoming.write(record[:7])
        self.assertRaises(ssl.SSLWantReadError, far.tls.read)
        self.assertEqual(far.incoming.pending, 0)
        far.incoming.write(record[7:])
        self.assertEqual(far.tls.read(), b"third")

    def test_unwrap(self):
        near, far = pair()
        self.assertRaises(ssl.SSLWantReadError, near.tls.unwrap)
        near.give(far)
        self.assertEqual(far.tls.read(), b"")
        far.tls.unwrap()
        far.outgoing.write(b"plain")
        far.give(near)
        near.tls.unwrap()
        self.assertEqual(near.incoming.read(), b"plain")

    def test_truncated(self):
        near, far = pair()
        near.incoming.write_eof()
        self.assertRaises(ssl.SSLEOFError, near.tls.read)

    def test_end_in_the_handshake(self):
        for option, kind in ((0, ssl.SSLEOFError), (ssl.OP_IGNORE_UNEXPECTED_EOF, ssl.SSLZeroReturnError)):
            context = support.strict(client_context())
            context.options |= option
            near = End(context, server_hostname="localhost")
            near.shake()
            near.incoming.write_eof()
            self.assertRaises(kind, near.tls.do_handshake)

    def test_refused_certificate(self):
        near = End(client_context(cafile=support.data("otherca.pem")), server_hostname="localhost")
        far = End(server_context(version=TLS13), server_side=True)
        near.shake()
        near.give(far)
        far.shake()
        far.give(near)
        error = self.assertFails(ssl.SSLCertVerificationError, near.tls.do_handshake)
        self.assertEqual(error.verify_code, 20)
        near.give(far)
        error = self.assertFails(ssl.SSLError, far.tls.do_handshake)
        self.assertEqual(error.reason, "TLSV1_ALERT_UNKNOWN_CA")

    def test_name_of_a_client(self):
        """Up to Python 3.13 a server may demand a name of its client's certificate; ssl.py refuses it since then, and ours does always."""
        try:
            End(server_context(), server_side=True, server_hostname="localhost")
        except ValueError as error:
            self.assertEqual(str(error), "server_hostname can only be specified in client mode")
            return
        for version in (TLS12, TLS13):
            server = server_context(trust="selfsigned.pem", verify_mode=ssl.CERT_REQUIRED)
            client = client_context(version=version, certificate="selfsigned.pem")
            for checks, name, accepted in ((False, "example.org", True), (True, "localhost", True), (True, "example.org", False)):
                with self.subTest(version=version, checks=checks, name=name):
                    server.check_hostname = checks
                    near, far = End(client, server_hostname="localhost"), End(server, server_side=True, server_hostname=name)
                    self.assertEqual(far.tls.server_hostname, name)
                    if accepted:
                        connect(near, far)
                    else:
                        error = self.assertFails(ssl.SSLCertVerificationError, connect, near, far)
                        self.assertEqual((error.verify_code, error.reason), (62, "CERTIFICATE_VERIFY_FAILED"))

    def test_channel_binding(self):
        near, far = pair(TLS12)
        self.assertEqual(near.tls.get_channel_binding(), far.tls.get_channel_binding())
        self.assertRaises(ValueError, near.tls.get_channel_binding, "nothing")

    def test_arguments(self):
        context, bio = client_context(), ssl.MemoryBIO()
        self.assertRaises(TypeError, context.wrap_bio, object(), bio, server_hostname="x")
        self.assertRaises(TypeError, context.wrap_bio, bio, object(), server_hostname="x")
        self.assertRaises(TypeError, context.wrap_bio, bio)


if __name__ == "__main__":
    unittest.main()
