"""Both ends over memory BIOs, in one thread: what TLS costs, and no socket."""

import ssl
import time

_contexts = {}


def blocks(place, size, seconds):
    """Blocks per second, written from a kept buffer at one end and read into one at the other."""
    client, server = ends(place)
    block, buffer = memoryview(bytearray(size)), memoryview(bytearray(size))

    def one():
        server.write(block)
        got = client.read(size, buffer)
        while got < size:
            got += client.read(size - got, buffer[got:])
    return rate(one, seconds, 20)


def handshakes(place, seconds):
    """Full handshakes per second."""
    return rate(lambda: ends(place), seconds, 10)


def rate(one, seconds, warming):
    for _ in range(warming):
        one()
    cpu = time.process_time()
    count, started = 0, time.perf_counter()
    end = started + seconds
    while True:
        one()
        count += 1
        now = time.perf_counter()
        if now >= end:
            break
    return {"value": count / (now - started), "cpu": (time.process_time() - cpu) / count}


def ends(place):
    """The objects of both ends, whose handshake is done."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = kept(place, False).wrap_bio(to_client, to_server, server_hostname="localhost")
    server = kept(place, True).wrap_bio(to_server, to_client, server_side=True)
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


def kept(place, server_side):
    """One context for all, as a program has it."""
    key = place.configuration, server_side
    if key not in _contexts:
        _contexts[key] = place.context(server_side)
    return _contexts[key]
