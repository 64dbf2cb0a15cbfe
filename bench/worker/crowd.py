"""The driver's end of many connections to one process; the server's is crowd_server.py."""

import selectors
import ssl
import sys
import threading
import time

from orders import padded

READ = 1 << 16

# So many are open before the first look at the server's memory: what the first of all make is for all of them.
BEFORE = 50

_idle = []


def fill(place, count):
    """Opens connections that will do nothing, and answers how many bytes of the server's memory each takes."""
    made = place.context()
    for number in range(BEFORE + count):
        if number == BEFORE:
            _, before = place.cost(made)
        connection = place.ordered("idle", made)
        connection.recv(1)
        _idle.append(connection)
    _, after = place.cost(made)
    return {"value": (after - before) / count}


def leave(place):
    for connection in _idle:
        connection.close()
    del _idle[:]
    return {"value": 0}


def stream(place, busy, seconds):
    """Bytes per second that arrive over a number of busy connections together, read into a kept buffer."""
    made = place.context()
    connections = [place.connect(made) for _ in range(busy)]
    before, _ = place.cost(made)
    for connection in connections:
        connection.sendall(padded("stream"))
    drain = drained_by_threads if sys.implementation.name == "ironpython" else drained
    total, elapsed = drain(connections, seconds)
    after, _ = place.cost(made)
    for connection in connections:
        connection.close()
    return {"value": total[1] / elapsed, "cpu": (after - before) / sum(total)}


def drained(connections, seconds):
    """(bytes before and in the measured time, that time): the first third only warms up."""
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
