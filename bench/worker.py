"""One measurement in one process, on whatever `_ssl` the interpreter finds: prints a number, more is better.

    worker.py handshake|bulk|small CERTFILE CAFILE SECONDS
"""

import socket
import ssl
import sys
import threading
import time

CHUNK = 16384


def contexts(certfile, cafile):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certfile)
    client = ssl.create_default_context(cafile=cafile)
    return client, server


def pair(client_context, server_context):
    """A connected pair over a socket pair, its handshake done."""
    left, right = socket.socketpair()
    server = {}

    def accept():
        server["socket"] = server_context.wrap_socket(right, server_side=True)
    thread = threading.Thread(target=accept)
    thread.start()
    client = client_context.wrap_socket(left, server_hostname="localhost")
    thread.join()
    return client, server["socket"]


def handshakes(client_context, server_context):
    """Full handshakes of both ends over memory BIOs, in one thread: what they cost and nothing else."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(to_client, to_server, server_hostname="localhost")
    server = server_context.wrap_bio(to_server, to_client, server_side=True)
    done = 0
    while done < 2:
        done = 0
        for end in (client, server):
            try:
                end.do_handshake()
                done += 1
            except ssl.SSLWantReadError:
                pass


def measure_handshake(client_context, server_context, seconds):
    for _ in range(20):
        handshakes(client_context, server_context)
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        handshakes(client_context, server_context)
        count += 1
    return count / (time.perf_counter() - started)


def measure_bulk(client_context, server_context, seconds, size=CHUNK):
    """MB/s with writes of one size; a thread sends, another receives."""
    client, server = pair(client_context, server_context)
    block = b"x" * size
    stop = threading.Event()

    def send():
        while not stop.is_set():
            server.sendall(block)
        server.close()
    thread = threading.Thread(target=send)
    thread.start()
    room = bytearray(65536)
    total, started = 0, time.perf_counter()
    warm = started + 0.3
    while time.perf_counter() < warm:
        client.recv_into(room)
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        total += client.recv_into(room)
    elapsed = time.perf_counter() - started
    stop.set()
    while client.recv_into(room):
        pass
    thread.join()
    client.close()
    return total / elapsed / 1e6


def measure_small(client_context, server_context, seconds):
    """Requests and answers of 64 bytes, there and back, per second."""
    client, server = pair(client_context, server_context)

    def serve():
        while True:
            data = server.recv(64)
            if not data:
                return
            server.sendall(data)
    thread = threading.Thread(target=serve)
    thread.start()
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        client.sendall(b"y" * 64)
        client.recv(64)
        count += 1
    elapsed = time.perf_counter() - started
    client.shutdown(socket.SHUT_WR)
    thread.join()
    client.close()
    return count / elapsed


def main(what, certfile, cafile, seconds):
    measure = {"handshake": measure_handshake, "bulk": measure_bulk, "small": measure_small}[what]
    client_context, server_context = contexts(certfile, cafile)
    print(measure(client_context, server_context, float(seconds)))


if __name__ == "__main__":
    main(*sys.argv[1:])
