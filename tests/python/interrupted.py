"""Run by test_duplex.py as a program of its own: a signal handler that raises ends whatever wait the main thread is in."""

import signal
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


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, ring)
    unittest.main(verbosity=2)
