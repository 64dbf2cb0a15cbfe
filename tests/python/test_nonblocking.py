"""Sockets that do not wait, and sockets that wait for so long only."""

import select
import socket
import ssl
import threading
import time
import unittest

import support
from support import both, client_context, connected_pair, pattern, receive, server_context, tls_pair


def wait_for(sock, call, *arguments):
    """The page's loop around do_handshake(), for any call."""
    while True:
        try:
            return call(*arguments)
        except ssl.SSLError as error:
            if error.args[0] == ssl.SSL_ERROR_WANT_READ:
                ready = select.select([sock], [], [], support.PATIENCE)
            elif error.args[0] == ssl.SSL_ERROR_WANT_WRITE:
                ready = select.select([], [sock], [], support.PATIENCE)
            else:
                raise
            if ready == ([], [], []):
                raise AssertionError("nothing comes")


class TestNonBlocking(support.TestCase):
    def unshaken(self):
        """A client and a server socket that do not wait and have yet to shake hands."""
        near, far = connected_pair()
        near.setblocking(False)
        far.setblocking(False)
        near = client_context().wrap_socket(near, server_hostname="localhost", do_handshake_on_connect=False)
        far = server_context().wrap_socket(far, server_side=True, do_handshake_on_connect=False)
        self.addCleanup(near.close)
        self.addCleanup(far.close)
        return near, far

    def pair(self):
        near, far = self.unshaken()
        both(lambda: wait_for(near, near.do_handshake), lambda: wait_for(far, far.do_handshake))
        return near, far

    def test_want_read(self):
        near, far = self.unshaken()
        for call in (far.do_handshake, near.do_handshake, near.read):
            error = self.assertFails(ssl.SSLWantReadError, call)
            self.assertEqual(error.args[0], ssl.SSL_ERROR_WANT_READ)
            self.assertEqual(error.errno, 2)
            self.assertIn("The operation did not complete", str(error))

    def test_loop_of_the_page(self):
        near, far = self.pair()
        self.assertEqual(near.version(), "TLSv1.3")
        near.send(b"x")
        self.assertEqual(wait_for(far, far.recv, 10), b"x")

    def test_automatic_handshake_is_refused(self):
        near, far = connected_pair()
        with far:
            near.setblocking(False)
            self.assertRaises(ValueError, client_context().wrap_socket, near, server_hostname="localhost")

    def test_blocking_for_once(self):
        near, far = self.unshaken()
        both(lambda: near.do_handshake(True), lambda: far.do_handshake(block=True))
        self.assertEqual(near.gettimeout(), 0.0)
        self.assertEqual(near.version(), "TLSv1.3")

    def test_nothing_to_read(self):
        near, far = self.pair()
        # The server's tickets may be there; they are no data.
        self.assertRaises(ssl.SSLWantReadError, near.recv, 10)
        self.assertRaises(ssl.SSLWantReadError, near.recv_into, bytearray(10))
        self.assertRaises(ssl.SSLWantReadError, far.recv, 10)
        self.assertEqual(near.pending(), 0)

    def test_full_pipe(self):
        near, far = self.pair()
        payload = pattern(1 << 16)
        sent = 0
        while True:
            try:
                count = near.send(payload)
            except ssl.SSLWantWriteError as error:
                self.assertEqual(error.args[0], ssl.SSL_ERROR_WANT_WRITE)
                break
            sent += count
            self.assertLess(sent, 1 << 28)
        expected = (payload * (sent // len(payload) + 2))

        def drain():
            received = bytearray()
            while len(received) < sent + len(payload):
                received += wait_for(far, far.recv, 65536)
            return received
        # The write that could not be is repeated with the same data, in another buffer.
        again, received = both(lambda: wait_for(near, near.send, bytearray(payload)), drain)
        self.assertEqual(again, len(payload))
        self.assertTrue(received == expected[:sent + len(payload)])

    def test_end(self):
        near, far = self.pair()
        far.setblocking(True)
        far.settimeout(support.PATIENCE)
        goodbye = threading.Thread(target=far.unwrap)
        goodbye.daemon = True
        goodbye.start()
        self.assertEqual(wait_for(near, near.recv, 10), b"")
        wait_for(near, near.unwrap)
        goodbye.join(support.PATIENCE)
        self.assertFalse(goodbye.is_alive())

    def test_unwrap_in_two_steps(self):
        near, far = self.pair()
        self.assertRaises(ssl.SSLWantReadError, near.unwrap)
        plain = wait_for(far, far.unwrap)
        wait_for(near, near.unwrap)
        self.assertIsInstance(plain, socket.socket)

    def test_select_and_pending(self):
        """What select() cannot see, pending() tells."""
        near, far = self.pair()
        near.send(b"0123456789")
        self.assertEqual(wait_for(far, far.recv, 4), b"0123")
        self.assertEqual(far.pending(), 6)
        self.assertEqual(far.recv(100), b"456789")
        self.assertEqual(far.pending(), 0)

    def test_connect_ex(self):
        with support.Server(server_context()) as server:
            plain = socket.socket()
            plain.setblocking(False)
            sock = client_context().wrap_socket(plain, server_hostname="localhost",
                                                do_handshake_on_connect=False)
            with sock:
                code = sock.connect_ex(server.address)
                if code:
                    self.assertEqual(select.select([], [sock], [], support.PATIENCE)[1], [sock])
                wait_for(sock, sock.do_handshake)
                wait_for(sock, sock.send, b"echo")
                self.assertEqual(wait_for(sock, sock.recv, 10), b"echo")


class TestTimeouts(support.TestCase):
    def test_handshake(self):
        near, far = connected_pair()
        with near, far:
            near.settimeout(0.1)
            started = time.time()
            self.assertRaises(socket.timeout, client_context().wrap_socket, near, server_hostname="localhost")
            self.assertLess(time.time() - started, support.PATIENCE)

    def test_server_handshake(self):
        near, far = connected_pair()
        with near, far:
            far.settimeout(0.1)
            error = self.assertFails(socket.timeout, server_context().wrap_socket, far, server_side=True)
            self.assertIsInstance(error, OSError)

    def test_read(self):
        near, far = tls_pair(client_context(), server_context())
        with near, far:
            near.settimeout(0.05)
            self.assertRaises(socket.timeout, near.recv, 1)
            self.assertRaises(socket.timeout, near.read)
            far.sendall(b"late")
            near.settimeout(support.PATIENCE)
            self.assertEqual(receive(near, 4), b"late")

    def test_a_peer_that_drips(self):
        """The limit is for the whole handshake, not for each byte."""
        near, far = connected_pair()
        hello = b"\x16\x03\x03\x40\x00"
        stop = threading.Event()

        def drip():
            try:
                far.sendall(hello)
                while not stop.wait(0.05):
                    far.sendall(b"\0")
            except OSError:
                pass
        dripping = threading.Thread(target=drip)
        dripping.daemon = True
        dripping.start()
        try:
            near.settimeout(0.5)
            started = time.time()
            self.assertRaises(OSError, client_context().wrap_socket, near, server_hostname="localhost")
            self.assertLess(time.time() - started, 20)
        finally:
            stop.set()
            dripping.join(support.PATIENCE)
            near.close()
            far.close()

    def test_write(self):
        near, far = tls_pair(client_context(), server_context())
        with near, far:
            near.settimeout(0.1)
            self.assertRaises(socket.timeout, near.sendall, bytes(1 << 26))

    def test_unwrap(self):
        near, far = tls_pair(client_context(), server_context())
        with near, far:
            near.settimeout(0.1)
            self.assertRaises(socket.timeout, near.unwrap)

    def test_kept_over_wrapping(self):
        near, far = connected_pair()
        near.settimeout(12.5)
        with far, client_context().wrap_socket(near, server_hostname="localhost",
                                               do_handshake_on_connect=False) as sock:
            self.assertEqual(sock.gettimeout(), 12.5)

    def test_close_behind_data_is_reported(self):
        # Data and close_notify lie together in the socket: whoever waits with select() between two
        # reads must still be told of the second.
        near, far = tls_pair(client_context(), server_context())
        with near, far:
            near.setblocking(False)
            near.sendall(b"x" * 600)
            self.assertRaises(ssl.SSLWantReadError, near.unwrap)
            self.assertEqual(wait_for(far, far.recv, 1024), b"x" * 600)
            self.assertEqual(select.select([far], [], [], support.PATIENCE)[0], [far])
            self.assertEqual(far.recv(1024), b"")


if __name__ == "__main__":
    unittest.main()
