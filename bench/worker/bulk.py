"""Bulk over sockets: the server sends blocks from a kept buffer, and the client reads them in one of two ways."""

import functools
import time

from orders import padded, resident


def recv_into(place, size, seconds):
    """Blocks per second into a kept buffer of their size."""
    buffer = bytearray(size)
    return rate(place, size, seconds, lambda connection: functools.partial(connection.recv_into, buffer))


def recv(place, size, seconds):
    """Blocks per second as bytes objects, asked for by their size."""
    return rate(place, size, seconds, lambda connection: lambda: len(connection.recv(size)))


def rate(place, size, seconds, reader):
    """The first fifth only warms up."""
    before, _ = place.cost()
    connection = place.ordered("send %d 0" % size)
    read = reader(connection)
    warming, _ = drained(read, seconds / 4)
    total, elapsed = drained(read, seconds)
    connection.close()
    after, _ = place.cost()
    return {"value": total / elapsed / size, "cpu": (after - before) / ((warming + total) / size)}


def drained(read, seconds):
    """Bytes that arrived in so many seconds, and how long it was until the last of them."""
    total, started = 0, time.perf_counter()
    end = started + seconds
    while True:
        count = read()
        if not count:
            raise EOFError("the server has closed")
        total += count
        now = time.perf_counter()
        if now >= end:
            return total, now - started


def transfer(place, total):
    """Seconds for a total, sent in blocks of 64 KiB at most, from order to last byte; and both ends' memory before and after."""
    made = place.context()
    connection = place.ordered("echo 1", made)
    connection.sendall(b"1")
    connection.recv(1)
    connection.close()
    sizes = [place.cost(made)[1], resident()]
    connection = place.connect(made)
    buffer, block, left = bytearray(1 << 16), min(total, 1 << 16), total
    started = time.perf_counter()
    connection.sendall(padded("send %d %d" % (block, total)))
    while left:
        count = connection.recv_into(buffer, min(left, len(buffer)))
        if not count:
            raise EOFError("the server has closed")
        left -= count
    elapsed = time.perf_counter() - started
    connection.close()
    return {"value": elapsed, "server_bytes": [sizes[0], place.cost(made)[1]], "client_bytes": [sizes[1], resident()]}
