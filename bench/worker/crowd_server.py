"""A server of many connections in one process, of the kind that its host's programs are: one thread with a selector, one with an
event loop (crowd_loop.py), or a thread for each connection. The driver's end is crowd.py.

A connection's order is "idle", answered with one byte and nothing more, "stream", with blocks for as long as the connection lasts,
or "cost", with what the process has used.
"""

import selectors
import socket
import ssl

from contexts import context
from orders import ORDER, exactly, in_thread, own_cost
from server import listening, send

BLOCK = b"x" * (1 << 14)


def listen(folder, configuration, kind):
    """The port of the configuration, whose server is of that kind."""
    listener = listening()
    in_thread({"selectors": serve_selected, "threads": serve_threads, "asyncio": serve_loop}[kind], context(folder, configuration, True), listener)
    return {configuration: listener.getsockname()[1]}


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
        in_thread(serve_one, connection)


def serve_one(connection):
    try:
        order = exactly(connection, ORDER).split()
        if order == [b"stream"]:
            send(connection, len(BLOCK), 0)
        else:
            connection.sendall(b"1" if order == [b"idle"] else own_cost())
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
            self.connection.send(own_cost())
            self.close()

    def wait(self):
        if not self.connection.recv(1):
            self.close()

    def stream(self):
        self.connection.send(BLOCK)

    def close(self):
        self.selector.unregister(self.connection)
        self.connection.close()
