"""The measurements, as the driver runs them. Each answers {"value": a number} and, where it means something, the processor
seconds of both ends together ({"cpu": ...} per operation)."""

import socket
import threading
import time

import worker
from service import ORDER, exactly, resident


def order(text):
    return text.ljust(ORDER).encode("ascii")


def opened(folder, configuration, port, text):
    connection = worker.connect(worker.context(folder, configuration, False), port)
    connection.sendall(order(text))
    return connection


def cost(folder, configuration, port):
    """Processor seconds of both ends, and the server's resident bytes."""
    connection = opened(folder, configuration, port, "cost")
    seconds, size = exactly(connection, ORDER).split()
    connection.close()
    return time.process_time() + float(seconds), int(size)


def bulk(folder, configuration, port, size, seconds):
    """Bytes per second that arrive when the server sends blocks of a size and the client asks for as much at a time."""
    before, _ = cost(folder, configuration, port)
    connection = opened(folder, configuration, port, "send %d 0" % size)
    total = everything = 0
    started = time.perf_counter()
    warm = started + seconds / 4
    while time.perf_counter() < warm:
        everything += len(connection.recv(size))
    started = time.perf_counter()
    end = started + seconds
    while True:
        total += len(connection.recv(size))
        now = time.perf_counter()
        if now >= end:
            break
    connection.close()
    after, _ = cost(folder, configuration, port)
    return {"value": total / (now - started) / size, "cpu": (after - before) / ((total + everything) / size)}


def transfer(folder, configuration, port, total):
    """Seconds for a total, sent in blocks of 64 KiB at most, from order to last byte; and both ends' memory before and after."""
    connection = opened(folder, configuration, port, "echo 1")
    connection.sendall(b"1")
    connection.recv(1)
    connection.close()
    sizes = [cost(folder, configuration, port)[1], resident()]
    connection = worker.connect(worker.context(folder, configuration, False), port)
    started = time.perf_counter()
    connection.sendall(order("send %d %d" % (min(total, 65536), total)))
    left = total
    while left:
        left -= len(connection.recv(min(left, 65536)))
    elapsed = time.perf_counter() - started
    connection.close()
    return {"value": elapsed, "server_bytes": [sizes[0], cost(folder, configuration, port)[1]], "client_bytes": [sizes[1], resident()]}


def latency(folder, configuration, port, seconds, size=1):
    """Round trips of one byte: the median and the 99th percentile, in seconds."""
    connection = opened(folder, configuration, port, "echo %d" % size)
    block = b"x" * size
    times = []
    end = time.perf_counter() + seconds
    while True:
        started = time.perf_counter()
        connection.sendall(block)
        connection.recv(size)
        now = time.perf_counter()
        times.append(now - started)
        if now >= end:
            break
    connection.close()
    times.sort()
    return {"value": times[len(times) // 2], "p99": times[len(times) * 99 // 100]}


def one(made, port, session=None):
    """A connection, its handshake, and one byte back."""
    connection = worker.connect(made, port, session)
    connection.sendall(order("once"))
    connection.recv(1)
    return connection


def handshakes(folder, configuration, port, seconds, resumed=False):
    """Whole connections per second, one after the other."""
    made = worker.context(folder, configuration, False)
    session = None
    if resumed:
        connection = one(made, port)
        try:
            session = connection.session
        finally:
            connection.close()      # the server waits for it, and serves nobody else
        if session is None:
            raise ValueError("no session to resume")
    for _ in range(5):
        connection = one(made, port, session)
        session = connection.session if resumed else None    # a ticket of TLS 1.3 is used once
        connection.close()
    before, _ = cost(folder, configuration, port)
    count, started = 0, time.perf_counter()
    end = started + seconds
    while True:
        connection = one(made, port, session)
        if resumed and not connection.session_reused:
            raise ValueError("the session was not resumed")
        session = connection.session if resumed else None
        connection.close()
        count += 1
        now = time.perf_counter()
        if now >= end:
            break
    after, _ = cost(folder, configuration, port)
    return {"value": count / (now - started), "cpu": (after - before) / count}


def connections(folder, configuration, port, count):
    """So many connections one after the other, and the bytes of both ends' memory after them."""
    made = worker.context(folder, configuration, False)
    for _ in range(count):
        one(made, port).close()
    return {"value": count, "server_bytes": cost(folder, configuration, port)[1], "client_bytes": resident()}


def idle(folder, configuration, port, count):
    """Bytes of the server's memory for each connection that does nothing."""
    made = worker.context(folder, configuration, False)

    def keep(number):
        kept = []
        for _ in range(number):
            connection = worker.connect(made, port)
            connection.sendall(order("idle"))
            connection.recv(1)
            kept.append(connection)
        return kept
    held = keep(50)
    _, before = cost(folder, configuration, port)
    held += keep(count)
    _, after = cost(folder, configuration, port)
    last = opened(folder, configuration, port, "forget")
    last.recv(1)
    for connection in held + [last]:
        connection.close()
    return {"value": (after - before) / count}


_contexts = {}


def kept(folder, configuration, server_side):
    """One context for all, as a program has it."""
    key = configuration, server_side
    if key not in _contexts:
        _contexts[key] = worker.context(folder, configuration, server_side)
    return _contexts[key]


def in_memory(folder, configuration):
    """Both ends over memory BIOs, in one thread, and the objects that carry them."""
    import ssl
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = kept(folder, configuration, False).wrap_bio(to_client, to_server, server_hostname="localhost")
    server = kept(folder, configuration, True).wrap_bio(to_server, to_client, server_side=True)
    done = 0
    while done < 2:
        done = 0
        for end in (client, server):
            try:
                end.do_handshake()
                done += 1
            except ssl.SSLWantReadError:
                pass
    return client, server


def memory_handshakes(folder, configuration, seconds):
    """Full handshakes per second of one thread: what they cost, and nothing else."""
    for _ in range(10):
        in_memory(folder, configuration)
    cpu = time.process_time()
    count, started = 0, time.perf_counter()
    end = started + seconds
    while time.perf_counter() < end:
        in_memory(folder, configuration)
        count += 1
    return {"value": count / (time.perf_counter() - started), "cpu": (time.process_time() - cpu) / count}


def memory_bulk(folder, configuration, size, seconds):
    """Blocks per second written at one end of a pair of memory BIOs and read at the other, in one thread."""
    client, server = in_memory(folder, configuration)
    block = b"x" * size
    for _ in range(20):
        server.write(block)
        client.read(size)
    cpu = time.process_time()
    count, started = 0, time.perf_counter()
    end = started + seconds
    while time.perf_counter() < end:
        for _ in range(10):
            server.write(block)
            left = size
            while left:
                left -= len(client.read(left))
        count += 10
    return {"value": count / (time.perf_counter() - started), "cpu": (time.process_time() - cpu) / count}


def asyncio_echo(folder, configuration, size, seconds):
    """Echoes per second through asyncio's streams, both ends in one loop."""
    import streams  # newer grammar than the rest
    return streams.echo(worker.context(folder, configuration, True), worker.context(folder, configuration, False), size, seconds)
