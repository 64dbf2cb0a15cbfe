"""A client for `openssl s_server -rev`: sends a line, reads it reversed, prints what examples/client.py prints."""

import json
import socket
import ssl
import sys
import time

LINE = b"the quick brown fox jumps over the lazy dog"


def main(port, cafile):
    started = time.time()
    context = ssl.create_default_context(cafile=cafile)
    ssl_sock = context.wrap_socket(socket.create_connection(("127.0.0.1", int(port)), 30), server_hostname="localhost")
    try:
        ssl_sock.sendall(LINE + b"\n")
        received = ssl_sock.recv(1)
        waited = time.time() - started
        while not received.endswith(b"\n"):
            received += ssl_sock.recv(16384)
        subject = dict(pair for part in ssl_sock.getpeercert()["subject"] for pair in part)
        print(json.dumps({
            "protocol": ssl_sock.version(),
            "cipher": ssl_sock.cipher()[0],
            "subject": subject.get("commonName"),
            "echoed": len(received) if received.strip() == LINE[::-1] else -1,
            "milliseconds": int(round(waited * 1000)),
        }))
    finally:
        ssl_sock.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
