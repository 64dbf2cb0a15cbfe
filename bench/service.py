"""The server that the measurements talk to. A client's first 32 bytes say what it wants."""

import json
import os
import socket
import sys
import threading
import time

import worker

ORDER = 32
LISTEN = 512


def run(folder):
    ports = {}
    for configuration in sorted(worker.CONFIGURATIONS):
        made = worker.context(folder, configuration, True)
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(LISTEN)
        ports[configuration] = listener.getsockname()[1]
        serve_in(accept, (listener, made))
    print(json.dumps(ports))
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)


def accept(listener, made):
    """Handshakes one after the other, so that their count is not that of threads started."""
    idle = []
    while True:
        plain, _ = listener.accept()
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = plain
        try:
            connection = made.wrap_socket(plain, server_side=True)
            order = exactly(connection, ORDER).split()
            answer(connection, order, idle)
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
        connection.sendall(cost())
        connection.close()
    elif what in ("send", "echo"):
        serve_in({"send": send, "echo": echo}[what], (connection, [int(number) for number in order[1:]]))
    else:
        connection.close()


def send(connection, numbers):
    """Sends blocks of a size, up to a total or (0) until the client has enough."""
    size, total = numbers
    block = b"x" * size
    sent = 0
    try:
        while not total or sent < total:
            connection.sendall(block if not total or total - sent >= size else block[:total - sent])
            sent += size
        connection.recv(1)
    except OSError:
        pass  # the client has measured enough and is gone
    connection.close()


def echo(connection, numbers):
    size = numbers[0]
    try:
        while True:
            data = connection.recv(size)
            if not data:
                break
            connection.sendall(data)
    except OSError:
        pass
    connection.close()


def serve_in(target, arguments):
    thread = threading.Thread(target=target, args=arguments)
    thread.daemon = True
    thread.start()


def cost():
    """The processor seconds and the resident bytes of this process, as long as an order."""
    return ("%.6f %d" % (time.process_time(), resident())).ljust(ORDER).encode("ascii")


def exactly(connection, count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            break
        data += piece
    return data


def resident():
    """The bytes of this process in memory."""
    with open("/proc/self/statm") as numbers:
        return int(numbers.read().split()[1]) * 4096
