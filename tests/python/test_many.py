"""Many connections in one process: most do nothing, some are busy, and none gets another's bytes.

The servers are of the kinds that programs are: a thread for each connection, one thread with a selector, asyncio's loop.
"""

import socket
import ssl
import sys
import threading
import time
import unittest

try:
    import selectors
except ImportError:
    selectors = None

import support
from support import both, client_context, pattern, receive, server_context, tls_pair

IDLE = 200
BUSY = 20
MESSAGES = 10


class ThreadedServer(support.Server):
    """A thread for each connection."""

    def __init__(self, context):
        support.Server.__init__(self, context)
        self.sock.listen(IDLE + BUSY)


class OneThreadServer(object):
    """What the servers with one thread share: a thread that begins with the server and ends with it."""

    def __init__(self, context):
        self.context, self.errors, self.leaving = context, [], False
        self.sock = support.listener()
        self.sock.listen(IDLE + BUSY)
        self.address = self.sock.getsockname()

    def __enter__(self):
        self.thread = threading.Thread(target=self.run)
        self.thread.daemon = True
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.leaving = True
        self.wake()
        self.thread.join(support.PATIENCE)
        self.sock.close()
        if self.thread.is_alive():
            raise AssertionError("the server hangs")

    def wake(self):
        socket.create_connection(self.address, support.PATIENCE).close()

    connect = support.Server.connect


class SelectorServer(OneThreadServer):
    """One thread, non-blocking sockets."""

    def run(self):
        self.selector = selectors.DefaultSelector()
        self.sock.setblocking(False)
        self.selector.register(self.sock, selectors.EVENT_READ, None)
        connections = set()
        while not self.leaving:
            for key, _ in self.selector.select(support.PATIENCE):
                if key.data is None:
                    plain, _ = self.sock.accept()
                    plain.setblocking(False)
                    connections.add(SelectorEcho(self, self.context.wrap_socket(
                        plain, server_side=True, do_handshake_on_connect=False)))
                else:
                    key.data.step()
        for connection in connections:
            connection.sock.close()
        self.selector.close()


class SelectorEcho(object):
    def __init__(self, server, sock):
        self.server, self.sock, self.shaken, self.unsent = server, sock, False, b""
        server.selector.register(sock, selectors.EVENT_READ, self)

    def step(self):
        wanted = selectors.EVENT_READ
        try:
            if not self.shaken:
                self.sock.do_handshake()
                self.shaken = True
            while True:
                while self.unsent:
                    self.unsent = self.unsent[self.sock.send(self.unsent):]
                self.unsent = self.sock.recv(5000)
                if not self.unsent:
                    self.end()
                    return
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLWantWriteError:
            wanted = selectors.EVENT_WRITE
        except OSError as error:
            if not self.server.leaving:
                self.server.errors.append(error)
            self.end()
            return
        self.server.selector.modify(self.sock, wanted, self)

    def end(self):
        self.server.selector.unregister(self.sock)
        self.sock.close()


class LoopServer(OneThreadServer):
    """asyncio, with a protocol: its coroutines need a newer grammar than this file's."""

    def run(self):
        import asyncio

        class Echo(asyncio.Protocol):
            def connection_made(self, transport):
                self.transport = transport

            def data_received(self, data):
                self.transport.write(data)

        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(self.failed)
        server = self.loop.run_until_complete(self.loop.create_server(Echo, sock=self.sock, ssl=self.context))
        self.loop.run_forever()
        server.close()
        self.loop.run_until_complete(server.wait_closed() if sys.version_info < (3, 12) else asyncio.sleep(0))
        self.loop.close()

    def failed(self, loop, context):
        if not self.leaving:
            self.errors.append(context)

    def wake(self):
        self.loop.call_soon_threadsafe(self.loop.stop)


class TestManyConnections(support.TestCase):
    def crowd(self, kind):
        client, failures = client_context(), []
        with kind(server_context("server-ec.pem")) as server:
            idle = [server.connect(client) for _ in range(IDLE)]

            def work(index):
                try:
                    with server.connect(client) as connection:
                        for turn in range(MESSAGES):
                            payload = pattern(1 + 2500 * turn * (index + 1) // BUSY, 1 + index * MESSAGES + turn)
                            _, received = both(lambda: connection.sendall(payload), lambda: receive(connection, len(payload)))
                            if received != payload:
                                failures.append((index, turn))
                except Exception as error:
                    failures.append(error)

            threads = [threading.Thread(target=work, args=(index,)) for index in range(BUSY)]
            for thread in threads:
                thread.daemon = True
                thread.start()
            for thread in threads:
                thread.join(support.PATIENCE)
                self.assertFalse(thread.is_alive())
            self.assertEqual(failures, [])
            for number, connection in enumerate(idle):
                message = str(number).encode("ascii")
                connection.sendall(message)
                self.assertEqual(receive(connection, len(message)), message)
                connection.close()
        self.assertEqual(server.errors, [])

    def test_a_thread_for_each(self):
        self.crowd(ThreadedServer)

    @unittest.skipIf(selectors is None or support.IRONPYTHON, "IronPython's sockets have no working non-blocking accept()")
    def test_one_thread_with_a_selector(self):
        self.crowd(SelectorServer)

    @unittest.skipIf(support.IRONPYTHON, "IronPython's asyncio makes no loop")
    def test_one_thread_with_asyncio(self):
        self.crowd(LoopServer)


@unittest.skipIf(support.IRONPYTHON, "no global interpreter lock there")
class TestInterpreterLock(support.TestCase):
    """The lock is given up for work that lasts and for waits, and kept for work that is over sooner than a change of threads.

    With the switch interval at its end no thread is made to give the lock up: another runs only where a call does so itself.
    """

    def setUp(self):
        interval = sys.getswitchinterval()
        self.addCleanup(sys.setswitchinterval, interval)
        client, server, self.into, self.out = memory_pair()
        self.client, self.server = client, server
        self.turns, self.over, self.tick = 0, False, threading.Event()
        self.counter = threading.Thread(target=self.count)
        self.counter.daemon = True
        self.counter.start()
        self.addCleanup(self.finish)
        sys.setswitchinterval(1000)

    def count(self):
        while not self.over:
            self.turns += 1
            self.tick.wait(0.0001)

    def finish(self):
        self.over = True
        self.counter.join(support.PATIENCE)

    def others_ran(self, call):
        before = self.turns
        call()
        return self.turns != before

    def sometimes(self, calls):
        """Whether others ran in one of them: a busy machine may have no time for another thread in a given one."""
        end = time.time() + support.PATIENCE
        while time.time() < end:
            if any([self.others_ran(call) for call in calls()]):
                return True
        return False

    def test_large_write(self):
        block = bytearray(1 << 20)
        self.assertTrue(self.sometimes(lambda: [lambda: self.server.write(block)]))

    def test_large_read(self):
        block, room = bytearray(1 << 20), bytearray(1 << 16)

        def calls():
            self.server.write(block)
            return [lambda: self.client.read(len(room), room)] * 10
        self.assertTrue(self.sometimes(calls))

    def test_small_write_and_read(self):
        room = bytearray(64)

        def small():
            for _ in range(2000):
                self.server.write(b"x" * 64)
                self.client.read(64, room)
        self.assertFalse(self.others_ran(small))

    def test_read_that_waits(self):
        near, far = tls_pair(client_context(), server_context())
        with near, far:
            waiting = threading.Thread(target=lambda: (self.tick.wait(0.01), far.sendall(b"x")))
            waiting.start()
            self.assertTrue(self.others_ran(lambda: near.recv(1)))
            waiting.join(support.PATIENCE)


def memory_pair():
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context().wrap_bio(to_client, to_server, server_hostname="localhost")
    server = server_context().wrap_bio(to_server, to_client, server_side=True)
    support.shake(client, server)
    return client, server, to_client, to_server


if __name__ == "__main__":
    unittest.main()
