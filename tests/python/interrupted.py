"""Run by test_duplex.py as a program of its own: what signal handlers do to whatever wait the main thread is in."""

import os
import signal
import socket
import time
import unittest

import support
from support import PATIENCE, client_context, pattern, receive
from test_duplex import FOR_LONG, DuplexCase, Threads, each

LARGE = 1 << 20


class Alarm(Exception):
    """What the signal handler raises."""


def ring(*arguments):
    raise Alarm


class TestInterrupted(DuplexCase):
    def assertInterrupted(self, call, *arguments):
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        try:
            self.assertRaises(Alarm, call, *arguments)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    @each(LARGE)
    def test_alone(self, version, size):
        for timeout in (None, PATIENCE):
            near, far = self.pair(version, size)
            near.settimeout(timeout)
            self.assertInterrupted(near.recv, 1)
            self.assertInterrupted(near.unwrap)
            near, far = self.pair(version, size)
            near.settimeout(timeout)
            self.assertInterrupted(near.sendall, pattern(FOR_LONG))

    def test_handshake(self):
        for timeout in (None, PATIENCE):
            near, far = support.connected_pair()
            with near, far:
                near.settimeout(timeout)
                with client_context().wrap_socket(near, server_hostname="localhost", do_handshake_on_connect=False) as near:
                    self.assertInterrupted(near.do_handshake)

    @each(LARGE)
    def test_beside_a_writer(self, version, size):
        for timeout in (None, PATIENCE):
            near, far = self.pair(version, size)
            near.settimeout(timeout)
            with Threads() as threads:
                writer = self.jam(threads, near)
                self.assertInterrupted(near.recv, 1)
                self.assertInterrupted(near.sendall, b"x")
                self.assertTrue(writer.is_alive())
                self.assertEqual(len(receive(far, FOR_LONG)), FOR_LONG)

    @each(LARGE)
    def test_beside_a_reader(self, version, size):
        for timeout in (None, PATIENCE):
            near, far = self.pair(version, size)
            near.settimeout(timeout)
            with Threads() as threads:
                reader = threads.start(near.recv, 1)
                self.assertInterrupted(near.recv, 1)
                self.assertTrue(reader.is_alive())
                far.sendall(b"x")

    def test_beside_a_callback(self):
        # The callback keeps the connection to itself for as long as it runs.
        near, far = support.connected_pair()
        server, release = support.server_context(), support.threading.Event()
        entered = support.threading.Event()

        def wait(*arguments):
            entered.set()
            release.wait(PATIENCE)
        server.sni_callback = wait
        near.settimeout(None)
        far.settimeout(None)
        with client_context().wrap_socket(near, server_hostname="localhost", do_handshake_on_connect=False) as near:
            with server.wrap_socket(far, server_side=True, do_handshake_on_connect=False) as far:
                with Threads() as threads:
                    threads.start(far.do_handshake)
                    threads.start(near.do_handshake)
                    entered.wait(PATIENCE)
                    try:
                        self.assertInterrupted(far.recv, 1)
                    finally:
                        release.set()


class TestAfterwards(DuplexCase):
    """An interrupted call has done nothing that the next one would not go on with."""

    def interrupt(self, call, *arguments):
        """As Ctrl-C does."""
        previous = signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
        try:
            with self.assertRaises(KeyboardInterrupt):
                signal.setitimer(signal.ITIMER_REAL, 0.05)
                call(*arguments)
        finally:
            signal.signal(signal.SIGALRM, previous)

    def test_handshake(self):
        for timeout in (None, PATIENCE):
            near, far = support.connected_pair()
            near.settimeout(timeout)
            with client_context().wrap_socket(near, server_hostname="localhost", do_handshake_on_connect=False) as near:
                for _ in range(3):
                    self.interrupt(near.do_handshake)
                _, far = support.both(near.do_handshake, lambda: support.server_context().wrap_socket(far, server_side=True))
                with far:
                    near.sendall(b"x")
                    self.assertEqual(far.recv(10), b"x")

    @each(LARGE)
    def test_reading(self, version, size):
        for timeout in (None, PATIENCE):
            near, far = self.pair(version, size)
            near.settimeout(timeout)
            reader = near.makefile("rb")
            into = bytearray(10)
            far.sendall(b"begin")
            for call, arguments in ((near.recv_into, [into]), (reader.read, [20]), (reader.readline, []), (near.recv, [10])):
                if call == near.recv_into:
                    self.assertEqual(near.recv(5), b"begin")
                self.interrupt(call, *arguments)
            self.assertEqual(bytes(into), bytes(10))
            data = pattern(100000)
            both = support.both(lambda: receive(near, len(data)), lambda: far.sendall(data))
            self.assertEqual(both[0], data)

    @each(LARGE)
    def test_writing(self, version, size):
        # How much of it was sent nobody can know; what was, is right and in order.
        data = pattern(FOR_LONG)
        for timeout in (None, PATIENCE):
            near, far = self.pair(version, size)
            near.settimeout(timeout)
            far.sendall(b"the other direction")
            self.interrupt(near.sendall, data)
            self.assertEqual(near.recv(100), b"the other direction")
            near.close()
            arrived = bytearray()
            try:
                while True:
                    piece = far.recv(65536)
                    if not piece:
                        break
                    arrived += piece
            except OSError:
                pass
            self.assertGreater(len(arrived), 0)
            self.assertEqual(bytes(arrived), data[:len(arrived)])

    @each(LARGE)
    def test_unwrap(self, version, size):
        near, far = self.pair(version, size)
        for _ in range(3):
            self.interrupt(near.unwrap)
        plain, _ = support.both(near.unwrap, far.unwrap)
        plain.close()

    def test_accept(self):
        with support.listener() as listening:
            server = support.server_context().wrap_socket(listening, server_side=True)
            with server:
                self.interrupt(server.accept)
                client = socket.create_connection(server.getsockname(), PATIENCE)
                (far, _), near = support.both(server.accept, lambda: client_context().wrap_socket(client, server_hostname="localhost"))
                far.close()
                near.close()


class TestGoingOn(DuplexCase):
    """A handler that returns is not noticed (PEP 475): the wait goes on, and ends when it would have."""

    def setUp(self):
        self.rung = 0
        self.previous = signal.signal(signal.SIGALRM, self.count)
        signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)

    def tearDown(self):
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self.previous)

    def count(self, *arguments):
        self.rung += 1

    def rest(self, call):
        """Does something after the signal was seen a few times."""
        begun = self.rung
        while self.rung < begun + 5:
            time.sleep(0.01)
        return call()

    @each(LARGE)
    def test_every_call(self, version, size):
        near, far = support.connected_pair()
        near, far = support.both(
            lambda: client_context(version=version).wrap_socket(near, server_hostname="localhost"),
            lambda: self.rest(lambda: support.server_context(version=version).wrap_socket(far, server_side=True)))
        with near, far:
            for timeout in (None, PATIENCE):
                near.settimeout(timeout)
                self.assertEqual(support.both(lambda: near.recv(10), lambda: self.rest(lambda: far.sendall(b"x")))[0], b"x")
                data = pattern(FOR_LONG)
                _, arrived = support.both(lambda: near.sendall(data), lambda: self.rest(lambda: receive(far, len(data))))
                self.assertEqual(arrived, data)
            support.both(near.unwrap, lambda: self.rest(far.unwrap))
        self.assertGreater(self.rung, 5)

    @each(LARGE)
    def test_a_timeout_does_not_begin_anew(self, version, size):
        near, far = self.pair(version, size)
        near.settimeout(0.3)
        begun = time.monotonic()
        self.assertFails(socket.timeout, near.recv, 1)
        self.assertFails(socket.timeout, near.sendall, pattern(FOR_LONG))
        self.assertGreater(time.monotonic() - begun, 0.5)
        self.assertLess(time.monotonic() - begun, PATIENCE)


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, ring)
    signal.signal(signal.SIGINT, signal.default_int_handler)        # what a shell starts in the background ignores it
    unittest.main(verbosity=2)
