"""The server of most rows: handshakes one after the other, then what the order says. Nothing here is made anew for each block."""

import socket

from contexts import CONFIGURATIONS, context
from orders import ORDER, exactly, in_thread, own_cost

LISTEN = 512


def listen(folder):
    """By configuration, the port that serves it, or why none does."""
    ports = {}
    for configuration in sorted(CONFIGURATIONS):
        try:
            made = context(folder, configuration, True)
        except (ValueError, OSError, AttributeError) as error:
            ports[configuration] = str(error)
            continue
        listener = listening()
        ports[configuration] = listener.getsockname()[1]
        in_thread(accept, listener, made)
    return ports


def listening():
    # Named, the protocol is known to be TCP: asyncio asks for that before it sends small pieces at once.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(LISTEN)
    return listener


def accept(listener, made):
    """Handshakes one after the other, so that their count is not that of threads started."""
    idle = []
    while True:
        plain, _ = listener.accept()
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = plain
        try:
            if made is not None:
                connection = made.wrap_socket(plain, server_side=True)
            answer(connection, exactly(connection, ORDER).split(), idle)
        except OSError:
            connection.close()


def answer(connection, order, idle):
    what = order[0].decode("ascii") if order else ""
    if what == "once":
        connection.sendall(b"1")
        connection.recv(1)
        connection.close()
    elif what == "idle":
        idle.append(connection)
        connection.sendall(b"1")
    elif what == "forget":
        for other in idle:
            other.close()
        del idle[:]
        connection.sendall(b"1")
        connection.close()
    elif what == "cost":
        connection.sendall(own_cost())
        connection.close()
    elif what in ("send", "echo"):
        in_thread({"send": send, "echo": echo}[what], connection, *[int(number) for number in order[1:]])
    else:
        connection.close()


def send(connection, size, total):
    """Sends blocks of a size from a kept buffer, up to a total or (0) until the client has enough."""
    block = memoryview(bytearray(size))
    sent = 0
    try:
        while not total or sent < total:
            connection.sendall(block if not total or total - sent >= size else block[:total - sent])
            sent += size
        connection.recv(1)
    except OSError:
        pass  # the client has measured enough and is gone
    connection.close()


def echo(connection, size):
    try:
        while True:
            data = connection.recv(size)
            if not data:
                break
            connection.sendall(data)
    except OSError:
        pass
    connection.close()
