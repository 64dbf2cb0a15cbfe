"""What both ends of the measurements agree on: a client's first 32 bytes say what it wants of the server."""

import threading
import time

ORDER = 32


def padded(text):
    return text.ljust(ORDER).encode("ascii")


def exactly(connection, count):
    """So many bytes; fewer at the connection's end."""
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            break
        data += piece
    return data


def own_cost():
    """The answer to "cost", as long as an order: the processor seconds and the resident bytes of this process."""
    return padded("%.6f %d" % (time.process_time(), resident()))


def resident():
    """The bytes of this process in memory."""
    with open("/proc/self/statm") as numbers:
        return int(numbers.read().split()[1]) * 4096


def in_thread(target, *arguments):
    """Runs beside everything else, for as long as the process does."""
    thread = threading.Thread(target=target, args=arguments)
    thread.daemon = True
    thread.start()
