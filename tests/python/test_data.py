"""Bytes through the tunnel: every size that has an edge, both ways, byte for byte."""

import hashlib
import ssl
import unittest

import support
from support import client_context, pattern, receive, server_context, tls_pair

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
MIB = 1 << 20

# A record carries 16384 bytes at most; 2048 is where IronPython's own module hung.
SIZES = [1, 2, 15, 16, 17, 1023, 1024, 1025, 2047, 2048, 2049, 4095, 4096, 4097, 8192,
         16383, 16384, 16385, 32767, 32768, 32769, 65535, 65536, 65537]


class TestTransfer(support.TestCase):
    def pair(self, version=TLS13, **settings):
        near, far = tls_pair(client_context(**settings), server_context(version=version))
        self.addCleanup(near.close)
        self.addCleanup(far.close)
        return near, far

    def move(self, sender, receiver, payload, send=None):
        """Sends in this thread, receives in another."""
        _, received = support.both(lambda: (send or sender.sendall)(payload),
                                   lambda: receive(receiver, len(payload)))
        if isinstance(received, Exception):
            raise received
        if received != payload:     # no assertEqual: it would print megabytes
            self.fail("%d bytes became %d others" % (len(payload), len(received)))

    def test_sizes_both_ways(self):
        for version in (TLS12, TLS13):
            near, far = self.pair(version)
            for size in SIZES:
                with self.subTest(version=version, size=size):
                    self.move(near, far, pattern(size, size))
                    self.move(far, near, pattern(size, size + 1))

    def test_sizes_and_end(self):
        """A body of each size and then the end, as HTTP/1.0 has it; recv() must not wait for more."""
        for size in (0, 1, 2047, 2048, 2049, 4096, 16384, 16385, 32768):
            near, far = self.pair()

            def serve():
                far.sendall(pattern(size))
                far.close()
            body, _ = support.both(lambda: b"".join(iter(lambda: near.recv(2048), b"")), serve)
            self.assertEqual(body, pattern(size))

    def test_ciphers(self):
        for name in ("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384",
                     "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA-AES128-SHA256", "ECDHE-RSA-AES256-SHA",
                     "AES128-GCM-SHA256"):
            with self.subTest(name=name):
                near, far = tls_pair(client_context(version=TLS12, ciphers=name),
                                     server_context(ciphers=name))
                with near, far:
                    self.assertEqual(near.cipher()[0], name)
                    for size in (1, 16384, 16385, 300000):
                        self.move(near, far, pattern(size))
                        self.move(far, near, pattern(size))

    def transfer(self, size, version):
        """size bytes out and back; compared by digest, so that memory stays small."""
        block = pattern(MIB)
        near, far = self.pair(version)

        def digest(connection):
            state, left = hashlib.sha256(), size
            buffer = bytearray(65536)
            view = memoryview(buffer)
            while left:
                count = connection.recv_into(buffer, min(left, len(buffer)))
                if not count:
                    break
                state.update(view[:count])
                left -= count
            return state.hexdigest(), left

        def send(connection):
            for start in range(0, size, MIB):
                connection.sendall(block[:min(MIB, size - start)])

        expected = hashlib.sha256()
        for start in range(0, size, MIB):
            expected.update(block[:min(MIB, size - start)])
        for sender, receiver in ((near, far), (far, near)):
            _, outcome = support.both(lambda: send(sender), lambda: digest(receiver))
            self.assertEqual(outcome, (expected.hexdigest(), 0))

    def test_a_megabyte_and_a_byte(self):
        for version in (TLS12, TLS13):
            self.transfer(MIB + 1, version)

    def test_64_mebibytes(self):
        self.transfer(64 * MIB, TLS13)

    def test_64_mebibytes_of_tls12(self):
        self.transfer(64 * MIB, TLS12)

    def test_both_directions_at_once(self):
        near, far = self.pair()
        payload = pattern(2 * MIB)
        results = []

        def serve():
            _, received = support.both(lambda: far.sendall(payload), lambda: receive(far, len(payload)))
            return received

        def client():
            _, received = support.both(lambda: near.sendall(payload), lambda: receive(near, len(payload)))
            return received
        for received in support.both(client, serve):
            self.assertTrue(received == payload)

    def test_many_small_writes(self):
        near, far = self.pair()

        def write():
            for index in range(2000):
                near.sendall(bytes(bytearray([index & 0xff])))
        _, received = support.both(write, lambda: receive(far, 2000))
        self.assertEqual(received, bytes(bytearray(index & 0xff for index in range(2000))))

    def test_sendall_by_parts(self):
        """A subclass whose send() takes a part: sendall() goes on with the rest, of bytes and of other buffers."""
        class Hesitant(ssl.SSLSocket):
            def send(self, data, flags=0):
                return super(Hesitant, self).send(bytes(data)[:7], flags)
        context = client_context()
        context.sslsocket_class = Hesitant
        near, far = tls_pair(context, server_context())
        self.addCleanup(near.close)
        self.addCleanup(far.close)
        for kind in (bytes, bytearray, memoryview):
            near.sendall(kind(pattern(30)))
            self.assertEqual(receive(far, 30), pattern(30))
        near.sendall(b"")
        near.sendall(b"!")
        self.assertEqual(far.recv(10), b"!")

    def test_kinds_of_buffers(self):
        near, far = self.pair()
        for payload in (b"bytes", bytearray(b"bytearray"), memoryview(b"memoryview")):
            for send in (near.sendall, near.send, near.write):
                send(payload)
                self.assertEqual(receive(far, len(payload)), bytes(payload))
        self.assertEqual(near.send(b""), 0)
        self.assertRaises(TypeError, near.send, "text")
        self.assertRaises(TypeError, near.write, 5)
        self.assertRaises(TypeError, near.sendall, "text")

    def test_counts(self):
        near, far = self.pair()
        self.assertEqual(near.write(b"x" * 38), 38)
        self.assertEqual(far.read(nbytes=10), b"x" * 10)
        self.assertEqual(far.read(len=10), b"x" * 10)
        self.assertEqual(far.read(10), b"x" * 10)
        self.assertEqual(far.pending(), 8)
        self.assertEqual(far.read(), b"x" * 8)
        self.assertEqual(far.pending(), 0)

    def test_read_into(self):
        near, far = self.pair()
        near.sendall(b"0123456789")
        buffer = bytearray(b"." * 8)
        self.assertEqual(far.read(4, buffer), 4)
        self.assertEqual(buffer, b"0123....")
        self.assertEqual(far.read(nbytes=100, buffer=buffer), 6)
        self.assertEqual(buffer, b"456789..")
        near.sendall(b"0123456789")
        self.assertEqual(far.recv_into(buffer), 8)
        self.assertEqual(buffer, b"01234567")
        self.assertEqual(far.recv_into(memoryview(buffer)[4:], 1), 1)
        self.assertEqual(buffer, b"01238567")
        self.assertEqual(far.recv(100), b"9")
        self.assertEqual(far.recv(0), b"")
        self.assertRaises(ValueError, far.recv, -1)


if __name__ == "__main__":
    unittest.main()
