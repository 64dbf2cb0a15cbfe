"""A server of many connections in one process, and the driver that holds their other ends.

Each connection begins with an order of 32 bytes: "idle" is answered with one byte and nothing more, "stream" with blocks for as
long as the connection lasts, "cost" with what the process has used. The server is of the kind its host's programs are: one
thread with a selector, one with an event loop (crowd_loop.py), or a thread for each connection.
"""

import json
import os
import socket
import sys
import threading
import time

import worker
from service import LISTEN, ORDER, cost, exactly, send, serve_in

BLOCK = b"x" * (1 << 14)
READ = 1 << 16

try:
    import selectors
except ImportError:
    selectors = None


# -- the server ----------------------------------------------------------------------------------

def run(folder, configuration, kind):
    made = worker.context(folder, configuration, True)
    # Named, the protocol is known to be TCP: asyncio asks for that before it sends small pieces at once.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(LISTEN)
    print(json.dumps({configuration: listener.getsockname()[1]}))
    sys.stdout.flush()
    target = {"selectors": serve_selected, "threads": serve_threads, "asyncio": serve_loop}[kind]
    serve_in(target, (made, listener))
    sys.stdin.read()
    os._exit(0)


def serve_loop(made, listener):
    import crowd_loop   # newer grammar than the rest
    crowd_loop.serve(made, listener, BLOCK)


def serve_threads(made, listener):
    """The handshakes one after the other, then a thread for each connection."""
    while True:
        plain, _ = listener.accept()
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            connection = made.wrap_socket(plain, server_side=True)
        except OSError:
            plain.close()
            continue
        serve_in(serve_one, (connection,))


def serve_one(connection):
    try:
        order = exactly(connection, ORDER).split()
        if order == [b"stream"]:
            send(connection, (len(BLOCK), 0))
        else:
            connection.sendall(b"1" if order == [b"idle"] else cost())
            connection.recv(1)
    except OSError:
        pass    # the client is gone
    connection.close()


def serve_selected(made, listener):
    listener.setblocking(False)
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ, None)
    while True:
        for key, _ in selector.select():
            if key.data is not None:
                key.data.step()
                continue
            plain, _ = listener.accept()
            plain.setblocking(False)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            Selected(made.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), selector)


class Selected(object):
    """A connection of the server with a selector; `step` is what it does when its socket is ready."""

    def __init__(self, connection, selector):
        self.connection, self.selector, self.order = connection, selector, b""
        self.todo = self.handshake
        selector.register(connection, selectors.EVENT_READ, self)

    def step(self):
        import ssl
        try:
            self.todo()
        except ssl.SSLWantReadError:
            self.selector.modify(self.connection, selectors.EVENT_READ, self)
        except ssl.SSLWantWriteError:
            self.selector.modify(self.connection, selectors.EVENT_WRITE, self)
        except OSError:
            self.close()

    def handshake(self):
        self.connection.do_handshake()
        self.todo = self.listen
        self.listen()

    def listen(self):
        while len(self.order) < ORDER:
            piece = self.connection.recv(ORDER - len(self.order))
            if not piece:
                raise ConnectionError("the client is gone")
            self.order += piece
        what = self.order.split()
        if what == [b"idle"]:
            self.connection.send(b"1")
            self.todo = self.wait
        elif what == [b"stream"]:
            self.selector.modify(self.connection, selectors.EVENT_WRITE, self)
            self.todo = self.stream
        else:
            self.connection.send(cost())
            self.close()

    def wait(self):
        if not self.connection.recv(1):
            self.close()

    def stream(self):
        self.connection.send(BLOCK)

    def close(self):
        self.selector.unregister(self.connection)
        self.connection.close()


# -- the driver's end ----------------------------------------------------------------------------

_idle = []


def order(text):
    return text.ljust(ORDER).encode("ascii")


def opened(made, port, text):
    connection = worker.connect(made, port)
    connection.sendall(order(text))
    return connection


def asked(made, port):
    """The processor seconds and the resident bytes of the server."""
    connection = opened(made, port, "cost")
    seconds, size = exactly(connection, ORDER).split()
    connection.close()
    return float(seconds), int(size)


def fill(folder, configuration, port, count):
    """Opens connections that will do nothing, and answers how many bytes of the server's memory each takes."""
    made = worker.context(folder, configuration, False)
    for number in range(count + 50):
        if number == 50:
            _, before = asked(made, port)
        connection = opened(made, port, "idle")
        connection.recv(1)
        _idle.append(connection)
    _, after = asked(made, port)
    return {"value": (after - before) / count}


def leave(folder, configuration, port):
    for connection in _idle:
        connection.close()
    del _idle[:]
    return {"value": 0}


def stream(folder, configuration, port, busy, seconds):
    """Bytes per second that arrive over a number of busy connections together."""
    made = worker.context(folder, configuration, False)
    connections = [worker.connect(made, port) for _ in range(busy)]
    before = time.process_time() + asked(made, port)[0]
    for connection in connections:
        connection.sendall(order("stream"))
    if selectors is None or sys.implementation.name == "ironpython":
        total, elapsed = drained_by_threads(connections, seconds)
    else:
        total, elapsed = drained(connections, seconds)
    after = time.process_time() + asked(made, port)[0]
    for connection in connections:
        connection.close()
    return {"value": total[1] / elapsed, "cpu": (after - before) / sum(total)}


def drained(connections, seconds):
    """(bytes before and in the measured time, that time): the first third only warms up."""
    import ssl
    buffer = bytearray(READ)
    selector = selectors.DefaultSelector()
    for connection in connections:
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ)
    total, elapsed = [0, 0], 0
    for phase, length in ((0, seconds / 2), (1, seconds)):
        started = time.perf_counter()
        while True:
            for key, _ in selector.select():
                try:
                    total[phase] += key.fileobj.recv_into(buffer)
                except ssl.SSLWantReadError:
                    pass
            elapsed = time.perf_counter() - started
            if elapsed >= length:
                break
    return total, elapsed


def drained_by_threads(connections, seconds):
    counts = [0] * len(connections)
    over = []

    def drain(index):
        buffer = bytearray(READ)
        while not over:
            counts[index] += connections[index].recv_into(buffer)

    threads = [threading.Thread(target=drain, args=(index,)) for index in range(len(connections))]
    for thread in threads:
        thread.daemon = True
        thread.start()
    time.sleep(seconds / 2)
    started, first = time.perf_counter(), sum(counts)
    time.sleep(seconds)
    elapsed, last = time.perf_counter() - started, sum(counts)
    over.append(True)
    for thread in threads:
        thread.join(20)
    return [first, last - first], elapsed
