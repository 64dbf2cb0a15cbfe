"""SSLSocket as a socket: files over it, listening, closing, sending files, going back to plain."""

import errno
import os
import select
import shutil
import socket
import ssl
import struct
import sys
import tempfile
import unittest

import support
from support import both, client_context, pattern, receive, server_context, tls_pair


class TestSocket(support.TestCase):
    def pair(self, **options):
        # Without tickets: a client that closes with some unread resets the connection.
        near, far = tls_pair(client_context(), server_context(num_tickets=0), **options)
        self.addCleanup(near.close)
        self.addCleanup(far.close)
        return near, far

    def test_is_a_socket(self):
        plain, other = support.connected_pair()
        descriptor, address = plain.fileno(), plain.getsockname()
        wrapped = client_context().wrap_socket(plain, server_hostname="localhost", do_handshake_on_connect=False)
        with wrapped, other:
            self.assertIsInstance(wrapped, socket.socket)
            self.assertEqual(wrapped.getsockname(), address)
            self.assertEqual(wrapped.getpeername(), other.getsockname())
            self.assertEqual((wrapped.family, wrapped.type, wrapped.fileno() >= 0),
                             (socket.AF_INET, socket.SOCK_STREAM, True))
            self.assertFalse(wrapped.server_side)
            if not support.IRONPYTHON:
                self.assertEqual((wrapped.fileno(), plain.fileno()), (descriptor, -1))

    def test_accept_after_a_timeout(self):
        """A client that comes after an accept() has timed out is accepted once, not twice."""
        listener = server_context().wrap_socket(support.listener(), server_side=True, do_handshake_on_connect=False)
        with listener:
            listener.settimeout(0.01)
            self.assertRaises(socket.timeout, listener.accept)
            with socket.create_connection(listener.getsockname(), support.PATIENCE) as client:
                self.assertTrue(select.select([listener], [], [], support.PATIENCE)[0])
                accepted, address = listener.accept()
                with accepted:
                    self.assertEqual(address, client.getsockname())
                    self.assertRaises(socket.timeout, listener.accept)

    def test_with(self):
        near, far = self.pair()
        with near as same:
            self.assertIs(same, near)
        self.assertEqual(far.recv(1), b"")

    def test_subclass(self):
        class Socket(ssl.SSLSocket):
            pass
        context = client_context()
        context.sslsocket_class = Socket
        near, far = tls_pair(context, server_context())
        with near, far:
            self.assertIsInstance(near, Socket)

    def test_context(self):
        near, far = self.pair()
        self.assertIsInstance(near.context, ssl.SSLContext)
        other = server_context()
        far.context = other
        self.assertIs(far.context, other)

    def test_listening(self):
        """A listening socket that is wrapped hands out wrapped connections."""
        with server_context().wrap_socket(support.listener(), server_side=True) as listening:
            def serve():
                connection, address = listening.accept()
                with connection:
                    connection.sendall(connection.recv(100).upper())
                    return connection.version(), type(connection)
            with client_context().wrap_socket(socket.socket(), server_hostname="localhost") as client:
                def ask():
                    client.connect(listening.getsockname())
                    client.sendall(b"shout")
                    return receive(client, 5)
                answer, served = both(ask, serve)
        self.assertEqual((answer, served), (b"SHOUT", ("TLSv1.3", ssl.SSLSocket)))

    def test_connect_ex(self):
        with support.Server(server_context()) as server:
            with client_context().wrap_socket(socket.socket(), server_hostname="localhost") as client:
                self.assertEqual(client.connect_ex(server.address), 0)
                self.assertEqual(client.version(), "TLSv1.3")

    def test_handshake_by_hand(self):
        with support.Server(server_context()) as server:
            with server.connect(client_context(), do_handshake_on_connect=False) as client:
                self.assertIsNone(client.version())
                client.do_handshake()
                client.do_handshake()
                self.assertEqual(client.version(), "TLSv1.3")

    def test_end(self):
        near, far = self.pair()
        near.sendall(b"last words")
        near.close()
        self.assertEqual(receive(far, 10), b"last words")
        for _ in range(3):
            self.assertEqual(far.recv(10), b"")
        self.assertEqual(far.recv_into(bytearray(4)), 0)

    def test_shutdown(self):
        near, far = self.pair()
        near.shutdown(socket.SHUT_RDWR)
        self.assertEqual(far.recv(10), b"")
        self.assertIsNone(near.cipher())

    def test_detach(self):
        near, far = self.pair()
        descriptor = near.detach()
        self.assertEqual(near.fileno() if not support.IRONPYTHON else -1, -1)
        socket.socket(fileno=descriptor).close()
        self.assertEqual(far.recv(1), b"")

    @unittest.skipIf(support.IRONPYTHON, "detach() leaves IronPython's socket as it is")
    @unittest.skipIf(sys.version_info >= (3, 15), "Python 3.15 says one thing always")
    def test_send_after_detach(self):
        for timeout, expected in ((0, (OSError, errno.EBADF)), (None, (OSError, errno.EBADF)), (5, (ssl.SSLError, "Underlying socket has been closed."))):
            with self.subTest(timeout=timeout):
                near, far = self.pair()
                near.settimeout(timeout)
                socket.socket(fileno=near.detach()).close()
                error = self.assertFails(expected[0], near.send, b"x")
                self.assertEqual(error.args[0], expected[1])

    def test_handshake_again_after_a_send_that_failed(self):
        """It has nothing to send, whatever the send left unsent."""
        near, far = self.pair()
        far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        far.close()
        with self.assertRaises(OSError):
            for _ in range(100):
                near.sendall(b"x" * 1000)
        self.assertIsNone(near.do_handshake())

    def test_sendfile(self):
        near, far = self.pair()
        folder = tempfile.mkdtemp()
        try:
            path, content = os.path.join(folder, "file"), pattern(100000)
            with open(path, "wb") as file:
                file.write(content)
            with open(path, "rb") as file:
                for offset, count in ((0, None), (0, 1), (10, 20000), (16384, 16384), (99999, None), (50000, 90000)):
                    expected = content[offset:] if count is None else content[offset:offset + count]
                    file.seek(0)        # an offset of 0 means: from where the file is
                    sent, received = both(lambda: near.sendfile(file, offset, count),
                                          lambda: receive(far, len(expected)))
                    self.assertEqual(sent, len(expected))
                    self.assertTrue(received == expected)
                    self.assertEqual(file.tell(), offset + sent)
                self.assertEqual(near.sendfile(file, 100000), 0)
                self.assertEqual(near.sendfile(file), 0)
                self.assertRaises(ValueError, near.sendfile, file, 0, 0)
                self.assertRaises(ValueError, near.sendfile, file, 0, -1)
                self.assertRaises(TypeError, near.sendfile, file, 0, 1.5)
            with open(path, "r") as file:
                self.assertRaises(ValueError, near.sendfile, file)
        finally:
            shutil.rmtree(folder)

    def test_sendfile_holds_a_block_at_a_time(self):
        class File(object):
            """Larger than it is: nothing of it lies in memory. `left` is what nobody has asked for yet."""

            def __init__(self, length):
                self.left, self.largest = length, 0

            def read(self, size=-1):
                self.largest = max(self.largest, size if size >= 0 else self.left)
                piece = b"f" * min(size, self.left)
                self.left -= len(piece)
                return piece

        class Filling(File):
            def readinto(self, room):
                piece = self.read(len(room))
                room[:len(piece)] = piece
                return len(piece)

        if not hasattr(ssl.SSLSocket, "_read_block"):
            self.skipTest("the interpreter's own ssl.py: its blocks are of 8 KiB")
        near, far = self.pair()
        for kind in (File, Filling):
            file = kind(600001)
            sent, received = both(lambda: near.sendfile(file), lambda: receive(far, 600001))
            self.assertEqual((sent, len(received), received.count(b"f")), (600001, 600001, 600001))
            self.assertEqual(file.largest, 1 << 18)

    def test_sendfile_sends_what_the_file_had_before_it_failed(self):
        class Broken(object):
            def __init__(self):
                self.reads = 0

            def readinto(self, room):
                self.reads += 1
                if self.reads == 3:
                    raise ZeroDivisionError
                room[:5] = b"piece"
                return 5

        if not hasattr(ssl.SSLSocket, "_read_block"):
            self.skipTest("the interpreter's own ssl.py calls read()")
        near, far = self.pair()
        self.assertRaises(ZeroDivisionError, near.sendfile, Broken())
        self.assertEqual(receive(far, 10), b"piecepiece")

    def test_old_descriptor_is_closed_on_failure(self):
        plain, other = support.connected_pair()
        other.sendall(b"this is no TLS at all\r\n" * 10)
        self.assertRaises(ssl.SSLError, client_context().wrap_socket, plain, server_hostname="localhost")
        with other:
            try:
                while other.recv(65536):
                    pass
            except OSError:
                pass


class TestFiles(support.TestCase):
    def pair(self):
        near, far = tls_pair(client_context(), server_context())
        self.addCleanup(near.close)
        self.addCleanup(far.close)
        return near, far

    def test_lines(self):
        near, far = self.pair()
        writer, reader = near.makefile("w", encoding="utf-8", newline="\n"), far.makefile("r", encoding="utf-8")
        with writer, reader:
            for line in ("one\n", "two and \xfcmlaut\n", "x" * 20000 + "\n"):
                writer.write(line)
                writer.flush()
                self.assertEqual(reader.readline(), line)

    def test_bytes(self):
        near, far = self.pair()
        payload = pattern(70000)
        with near.makefile("wb") as writer, far.makefile("rb") as reader:
            def write():
                writer.write(payload)
                writer.flush()
            _, received = both(write, lambda: reader.read(len(payload)))
        self.assertTrue(received == payload)

    def test_both_ways(self):
        near, far = self.pair()
        with near.makefile("rwb") as file:
            file.write(b"question\n")
            file.flush()
            self.assertEqual(receive(far, 9), b"question\n")
            far.sendall(b"answer\n")
            self.assertEqual(file.readline(), b"answer\n")

    def test_to_the_end(self):
        near, far = self.pair()
        payload = pattern(40000)

        def serve():
            far.sendall(payload)
            far.close()
        with near.makefile("rb") as file:
            received, _ = both(file.read, serve)
        self.assertTrue(received == payload)

    def test_unbuffered(self):
        near, far = self.pair()
        with near.makefile("rb", buffering=0) as file:
            far.sendall(b"0123456789")
            self.assertEqual(file.read(4), b"0123")
            self.assertEqual(file.read(6), b"456789")

    def test_file_outlives_socket(self):
        near, far = self.pair()
        file = near.makefile("rb")
        near.close()
        far.sendall(b"still open")
        self.assertEqual(file.read(10), b"still open")
        file.close()
        self.assertEqual(far.recv(1), b"")

    def test_iteration(self):
        near, far = self.pair()

        def serve():
            far.sendall(b"one\ntwo\nthree")
            far.close()
        with near.makefile("rb") as file:
            lines, _ = both(lambda: list(file), serve)
        self.assertEqual(lines, [b"one\n", b"two\n", b"three"])


class TestUnwrap(support.TestCase):
    def test_back_to_plain(self):
        near, far = tls_pair(client_context(), server_context())
        near.sendall(b"protected")
        self.assertEqual(receive(far, 9), b"protected")
        plain_near, plain_far = both(near.unwrap, far.unwrap)
        self.assertIsInstance(plain_near, socket.socket)
        with plain_near, plain_far:
            plain_near.sendall(b"in the clear")
            self.assertEqual(receive(plain_far, 12), b"in the clear")
            plain_far.sendall(b"too")
            self.assertEqual(receive(plain_near, 3), b"too")

    def test_plaintext_right_behind(self):
        """What the peer sends in the clear after its goodbye stays for the plain socket."""
        near, far = tls_pair(client_context(), server_context())

        def leave():
            plain = far.unwrap()
            plain.sendall(b"220 plain again\r\n")
            return plain

        def follow():
            self.assertEqual(near.recv(10), b"")
            return near.unwrap()
        plain_near, plain_far = both(follow, leave)
        with plain_near, plain_far:
            self.assertEqual(receive(plain_near, 17), b"220 plain again\r\n")

    def test_starttls_and_back_and_again(self):
        near, far = support.connected_pair()
        for turn in range(3):
            near.sendall(b"STARTTLS\n")
            self.assertEqual(receive(far, 9), b"STARTTLS\n")
            near, far = both(lambda: client_context().wrap_socket(near, server_hostname="localhost"),
                             lambda: server_context().wrap_socket(far, server_side=True))
            far.sendall(("turn %d" % turn).encode())
            self.assertEqual(receive(near, 6), ("turn %d" % turn).encode())
            near, far = both(near.unwrap, far.unwrap)
        near.close()
        far.close()

    def test_with_a_request_for_a_certificate_to_be_sent(self):
        """It is refused, and the connection goes on."""
        client = client_context()
        client.post_handshake_auth = True
        server = server_context(trust="ca.pem", verify_mode=ssl.CERT_OPTIONAL)
        near, far = tls_pair(client, server)
        with near, far:
            far.verify_client_post_handshake()
            error = self.assertFails(ssl.SSLError, far.unwrap)
            self.assertEqual(error.reason, "SHUTDOWN_WHILE_IN_INIT")
            far.sendall(b"still here")
            self.assertEqual(receive(near, 10), b"still here")

    def test_twice(self):
        near, far = tls_pair(client_context(), server_context())
        plain_near, plain_far = both(near.unwrap, far.unwrap)
        with plain_near, plain_far:
            self.assertRaises(ValueError, near.unwrap)
            self.assertRaises(ValueError, near.read)


if __name__ == "__main__":
    unittest.main()
