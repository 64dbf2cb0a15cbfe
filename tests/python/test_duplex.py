"""Both directions at once: what is read never waits for what is written, by threads, selectors or one loop."""

import functools
import gc
import os
import select
import socket
import ssl
import subprocess
import sys
import threading
import time
import unittest
import warnings
import weakref

import support
from support import IRONPYTHON, PATIENCE, both, client_context, pattern, receive, server_context

try:
    import selectors
except ImportError:
    selectors = None

VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
BUFFERS = (4096, 1 << 20)
FOR_LONG = 8 << 20          # more than the largest buffers take


def each(*sizes):
    """Runs a test for each version and each size of the sockets' buffers."""
    def decorate(test):
        @functools.wraps(test)
        def run(self):
            for version in VERSIONS:
                for size in sizes or BUFFERS:
                    with self.subTest(version=version, buffers=size):
                        test(self, version, size)
        return run
    return decorate


def plain_pair(buffers):
    """Two plain sockets with buffers of so many bytes."""
    waiting = socket.socket()
    near = socket.socket()
    for plain in (waiting, near):
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffers)
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffers)
    with waiting:
        waiting.bind(("127.0.0.1", 0))
        waiting.listen(1)
        near.connect(waiting.getsockname())
        far, _ = waiting.accept()
    near.settimeout(PATIENCE)
    far.settimeout(PATIENCE)
    return near, far


def pair(version, buffers, client=None, server=None):
    """Two SSLSockets with the handshake done, over sockets with buffers of so many bytes."""
    near, far = plain_pair(buffers)
    client = client or client_context(version=version)
    server = server or server_context(version=version)
    return both(lambda: client.wrap_socket(near, server_hostname="localhost"),
                lambda: server.wrap_socket(far, server_side=True))


def is_writable(sock):
    return bool(select.select([], [sock], [], 0)[1])


class Threads(object):
    """Threads that must all have ended when the block does; the first failure in one is raised then."""

    def __init__(self):
        self.threads = []
        self.failures = []

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        for thread in self.threads:
            thread.join(PATIENCE)
        if kind is None:
            if self.failures:
                raise self.failures[0]
            if any(thread.is_alive() for thread in self.threads):
                raise AssertionError("a thread hangs")

    def start(self, call, *arguments):
        def run():
            try:
                call(*arguments)
            except Exception as error:
                self.failures.append(error)
        thread = threading.Thread(target=run)
        thread.daemon = True
        self.threads.append(thread)
        thread.start()
        return thread


class End(object):
    """One end of a connection that sends and receives in turns and waits in neither."""

    def __init__(self, connection, outgoing, expected, piece):
        connection.setblocking(False)
        self.connection = connection
        self.outgoing = memoryview(outgoing)
        self.expected = expected
        self.piece = piece
        self.received = bytearray()
        self.wants_read = self.wants_write = False

    @property
    def has_all(self):
        return len(self.received) >= self.expected

    @property
    def is_done(self):
        return self.has_all and not len(self.outgoing)

    def turn(self):
        """Sends a piece and receives one, as far as that goes; true when something moved."""
        moved = False
        self.wants_read = self.wants_write = False
        if len(self.outgoing):
            moved |= self.attempt(self.send)
        if not self.has_all:
            moved |= self.attempt(self.receive)
        return moved

    def attempt(self, step):
        try:
            step()
            return True
        except ssl.SSLWantReadError:
            self.wants_read = True
        except ssl.SSLWantWriteError:
            self.wants_write = True
        return False

    def send(self):
        self.outgoing = self.outgoing[self.connection.send(self.outgoing[:self.piece]):]

    def receive(self):
        piece = self.connection.recv(1 << 16)
        if not piece:
            raise AssertionError("the stream ended")
        self.received += piece


class DuplexCase(support.TestCase):
    def pair(self, *arguments, **settings):
        near, far = pair(*arguments, **settings)
        self.addCleanup(near.close)
        self.addCleanup(far.close)
        return near, far

    def jam(self, threads, connection):
        """A thread that sends until the peer takes no more, and waits there; gives it when it does."""
        thread = threads.start(connection.sendall, pattern(FOR_LONG))
        end = time.time() + PATIENCE
        while is_writable(connection) and time.time() < end:
            pass
        self.assertTrue(thread.is_alive())
        return thread


class TestFullDuplex(DuplexCase):
    def transfer(self, near, far, length):
        """All four directions of two ends by a thread each."""
        there, back = pattern(length), pattern(length, 7)
        results = {}

        def read(name, connection):
            results[name] = receive(connection, length)
        with Threads() as threads:
            threads.start(read, "far", far)
            threads.start(read, "near", near)
            threads.start(near.sendall, there)
            threads.start(far.sendall, back)
        self.assertTrue(results["far"] == there)
        self.assertTrue(results["near"] == back)

    @each()
    def test_threads_that_block(self, version, size):
        near, far = self.pair(version, size)
        near.settimeout(None)
        far.settimeout(None)
        self.transfer(near, far, 512 * size if size == 4096 else 8 * size)

    @each()
    def test_threads_with_a_timeout(self, version, size):
        near, far = self.pair(version, size)
        self.transfer(near, far, 512 * size if size == 4096 else 8 * size)

    @each()
    def test_one_thread_that_never_waits(self, version, size):
        near, far = self.pair(version, size)
        length = 256 * size if size == 4096 else 20 * size
        there, back = pattern(length), pattern(length, 7)
        ends = [End(near, there, length, 1 << 20), End(far, back, length, 1 << 20)]
        while not all(end.is_done for end in ends):
            if not any([end.turn() for end in ends]):
                reading = [end.connection for end in ends if end.wants_read or not end.has_all]
                writing = [end.connection for end in ends if end.wants_write]
                self.assertTrue(any(select.select(reading, writing, [], PATIENCE)), "both directions stand still")
        self.assertTrue(bytes(ends[1].received) == there)
        self.assertTrue(bytes(ends[0].received) == back)

    @unittest.skipIf(selectors is None, "no selectors")
    @each()
    def test_selectors(self, version, size):
        near, far = self.pair(version, size)
        length = 256 * size if size == 4096 else 8 * size
        there, back = pattern(length), pattern(length, 7)
        ends = [End(near, there, length, 1 << 16), End(far, back, length, 1 << 16)]
        with selectors.DefaultSelector() as selector:
            for end in ends:
                selector.register(end.connection, selectors.EVENT_READ | selectors.EVENT_WRITE, end)
            while not all(end.is_done for end in ends):
                ready = selector.select(PATIENCE)
                self.assertTrue(ready, "both directions stand still")
                for key, events in ready:
                    end = key.data
                    if events & selectors.EVENT_READ and not end.has_all:
                        while end.attempt(end.receive) and end.connection.pending():
                            pass
                    if events & selectors.EVENT_WRITE and len(end.outgoing):
                        end.attempt(end.send)
                    if not len(end.outgoing):
                        selector.modify(end.connection, selectors.EVENT_READ, end)
        self.assertTrue(bytes(ends[1].received) == there)
        self.assertTrue(bytes(ends[0].received) == back)

    def test_certificate_asked_for_in_the_middle(self):
        if not getattr(ssl, "HAS_TLSv1_3", False):
            self.skipTest("TLS 1.3 alone has it")
        server = server_context(version=ssl.TLSVersion.TLSv1_3, trust="ca.pem", verify_mode=ssl.CERT_OPTIONAL)
        client = client_context(version=ssl.TLSVersion.TLSv1_3, certificate="client.pem", post_handshake_auth=True)
        server.verify_mode = ssl.CERT_REQUIRED
        server.post_handshake_auth = True
        for size in BUFFERS:
            with self.subTest(buffers=size):
                near, far = self.pair(None, size, client, server)
                self.assertIsNone(far.getpeercert())
                length = 256 * size if size == 4096 else 4 * size
                there, back = pattern(length), pattern(length, 7)
                results = {}

                def read(name, connection):
                    results[name] = receive(connection, length)

                def answer():
                    far.sendall(back[:length // 2])
                    far.verify_client_post_handshake()
                    far.sendall(back[length // 2:])
                with Threads() as threads:
                    threads.start(read, "far", far)
                    threads.start(read, "near", near)
                    threads.start(near.sendall, there)
                    threads.start(answer)
                # The client's answer may stand behind the last of its data.
                near.sendall(b"!")
                self.assertEqual(far.recv(1), b"!")
                self.assertTrue(results["far"] == there)
                self.assertTrue(results["near"] == back)
                self.assertIsNotNone(far.getpeercert())


class TestReadingBesideAWriter(DuplexCase):
    @each()
    def test_an_answer_is_read_while_a_thread_sends(self, version, size):
        for timeout in (PATIENCE, None):
            near, far = self.pair(version, size)
            near.settimeout(timeout)
            with Threads() as threads:
                writer = self.jam(threads, near)
                far.sendall(b"answer")
                self.assertEqual(near.recv(100), b"answer")
                self.assertTrue(writer.is_alive(), "the answer came before the writer was done")
                self.assertEqual(len(receive(far, FOR_LONG)), FOR_LONG)

    @each(1 << 20)
    def test_a_handshake_does_not_wait_for_what_a_thread_sends(self, version, size):
        near, far = plain_pair(size)
        server = server_context(version=version)
        with client_context(version=version).wrap_socket(near, server_hostname="localhost", do_handshake_on_connect=False) as near:
            with server.wrap_socket(far, server_side=True, do_handshake_on_connect=False) as far, Threads() as threads:
                threads.start(far.do_handshake)
                writer = self.jam(threads, near)        # which shakes hands first
                near.settimeout(1)
                near.do_handshake()
                near.settimeout(PATIENCE)
                self.assertTrue(writer.is_alive())
                self.assertEqual(len(receive(far, FOR_LONG)), FOR_LONG)

    @each()
    def test_the_timeout_is_the_readers_own(self, version, size):
        near, far = self.pair(version, size)
        with Threads() as threads:
            writer = self.jam(threads, near)
            near.settimeout(0.2)
            self.assertRaises(socket.timeout, near.recv, 1)
            self.assertTrue(writer.is_alive(), "the reader's timeout ends before the writer's")
            near.setblocking(False)
            self.assertRaises(ssl.SSLWantReadError, near.recv, 1)
            self.assertTrue(writer.is_alive())
            near.settimeout(PATIENCE)
            far.sendall(b"answer")
            self.assertEqual(near.recv(100), b"answer")
            self.assertEqual(len(receive(far, FOR_LONG)), FOR_LONG)

    @each()
    def test_reading_after_sendall_has_timed_out(self, version, size):
        near, far = self.pair(version, size)
        near.settimeout(0.2)
        self.assertRaises(socket.timeout, near.sendall, pattern(FOR_LONG))
        far.sendall(b"answer")
        near.settimeout(PATIENCE)
        self.assertEqual(near.recv(100), b"answer")
        near.settimeout(0.2)
        self.assertRaises(socket.timeout, near.recv, 1)

    @each()
    def test_two_readers(self, version, size):
        near, far = self.pair(version, size)
        # One record for both: who waits for the peer must see what the other has left.
        seen = []
        with Threads() as threads:
            for _ in range(2):
                threads.start(lambda: seen.append(near.recv(1)))
            far.sendall(b"ab")
        self.assertEqual(sorted(seen), [b"a", b"b"])

    @each()
    def test_two_writers(self, version, size):
        near, far = self.pair(version, size)
        with Threads() as threads:
            threads.start(near.sendall, b"a" * 300000)
            threads.start(near.sendall, b"b" * 300000)
            received = receive(far, 600000)
        self.assertEqual((received.count(b"a"), received.count(b"b")), (300000, 300000))

    @each(1 << 20)
    def test_unwrap_beside_a_reader(self, version, size):
        near, far = self.pair(version, size)
        # near.recv() would read the plain socket if its thread began when unwrap() had ended: this object stays what it is.
        connection = near._sslobj

        def answer():
            self.assertEqual(far.recv(1), b"")
            far.unwrap()

        def read():
            # The peer's close_notify is the reader's or unwrap()'s, whoever gets it.
            try:
                self.assertEqual(connection.read(1), b"")
            except ssl.SSLZeroReturnError:
                pass
        with Threads() as threads:
            threads.start(read)
            threads.start(answer)
            near.unwrap()


class TestFailedWrites(DuplexCase):
    def send_until_refused(self, connection):
        """Sends until the system says that the peer is gone."""
        with self.assertRaises((BrokenPipeError, ConnectionResetError)):
            for _ in range(10000):
                connection.sendall(pattern(1 << 16))

    @each()
    def test_what_came_before_is_read(self, version, size):
        # A server that refuses a request without reading it: the answer, and a reset for what it did not read.
        near, far = self.pair(version, size)
        near.sendall(b"POST / HTTP/1.1\r\n\r\n" + bytes(100))
        far.recv(19)
        far.sendall(b"HTTP/1.1 413 Too large\r\n\r\n")
        far.close()
        self.send_until_refused(near)
        self.assertEqual(near.recv(100), b"HTTP/1.1 413 Too large\r\n\r\n")

    @each()
    def test_half_close(self, version, size):
        # As web servers end a connection: no more is sent, what comes is thrown away for a while.
        near, far = self.pair(version, size)
        far.sendall(b"HTTP/1.1 413 Too large\r\n\r\n")
        plain = socket.socket(fileno=far.detach()) if not IRONPYTHON else far
        plain.shutdown(socket.SHUT_WR)
        near.settimeout(0.2)
        self.assertRaises(socket.timeout, near.sendall, pattern(FOR_LONG))
        near.settimeout(PATIENCE)
        self.assertEqual(near.recv(100), b"HTTP/1.1 413 Too large\r\n\r\n")
        plain.close()

    def test_alert_of_a_server_that_wants_a_certificate(self):
        server = server_context(version=ssl.TLSVersion.TLSv1_3, trust="ca.pem", verify_mode=ssl.CERT_REQUIRED)
        client = client_context(version=ssl.TLSVersion.TLSv1_3)
        near, far = support.connected_pair()
        self.addCleanup(near.close)
        self.addCleanup(far.close)

        def serve():
            try:
                server.wrap_socket(far, server_side=True)
            finally:
                far.close()
        near, failure = both(lambda: client.wrap_socket(near, server_hostname="localhost"), serve)
        self.addCleanup(near.close)
        self.assertEqual(failure.reason, "PEER_DID_NOT_RETURN_A_CERTIFICATE")
        self.send_until_refused(near)
        error = self.assertFails(ssl.SSLError, near.recv, 1)
        self.assertEqual(error.reason, "TLSV13_ALERT_CERTIFICATE_REQUIRED")

    @each(4096)
    def test_a_write_is_repeated_with_less_than_was_asked(self, version, size):
        near, far = self.pair(version, size)
        near.setblocking(False)
        payload = pattern(FOR_LONG)
        self.assertRaises(ssl.SSLWantWriteError, near.send, payload)
        self.assertRaises(ssl.SSLWantWriteError, near.send, payload[:FOR_LONG // 2])
        error = self.assertFails(ssl.SSLError, near.send, payload[:1])
        self.assertIn(error.reason, ("BAD_WRITE_RETRY", "BAD_LENGTH"))
        near.settimeout(PATIENCE)
        sent, received = both(lambda: near.send(payload[:FOR_LONG // 2]), lambda: receive(far, FOR_LONG // 2))
        self.assertEqual(sent, FOR_LONG // 2)
        self.assertTrue(received == payload[:FOR_LONG // 2])


@unittest.skipIf(IRONPYTHON, "objects are collected when .NET comes to it")
class TestCollectedSocket(support.TestCase):
    @each(1 << 20)
    def test_a_step_keeps_its_socket(self, version, size):
        """Else its descriptor's number could be another connection's by the time it is read from."""
        near, far = pair(version, size)
        held, steps, results = weakref.ref(near), near._sslobj, []

        def read():
            results.append(steps.read(1))
        with far, Threads() as threads, warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            reader = threads.start(read)
            while sys._current_frames()[reader.ident].f_code is not read.__code__:
                pass
            del near
            gc.collect()
            self.assertIsNotNone(held())
            far.sendall(b"x")
            reader.join(PATIENCE)
        self.assertEqual(results, [b"x"])
        self.assertIsNone(held())


@unittest.skipIf(IRONPYTHON or sys.platform == "win32", "signals and timers of Unix, which CPython has")
class TestSignals(support.TestCase):
    def test_a_handler_that_raises_ends_every_wait(self):
        # Signals reach a process's main thread alone, which is not this one.
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "interrupted.py")
        run = subprocess.run([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=4 * PATIENCE)
        self.assertEqual(run.returncode, 0, run.stdout.decode())


if __name__ == "__main__":
    unittest.main()
