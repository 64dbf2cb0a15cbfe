"""One byte there and back."""

import time


def round_trips(place, seconds):
    """The median and the 99th percentile, in seconds."""
    connection = place.ordered("echo 1")
    times = []
    end = time.perf_counter() + seconds
    while True:
        started = time.perf_counter()
        connection.sendall(b"x")
        connection.recv(1)
        now = time.perf_counter()
        times.append(now - started)
        if now >= end:
            break
    connection.close()
    times.sort()
    return {"value": times[len(times) // 2], "p99": times[len(times) * 99 // 100]}
