"""The documentation's client-side example: connects, looks at the certificate, sends bytes, reads them back.

    client.py PORT CAFILE [NAME [HOST]]

CAFILE holds the authorities to trust, NAME is the name the server must have (localhost). Prints one
line of JSON with what happened; on a refusal it holds the error that a script sees, and the exit status is 1.
"""

import json
import socket
import ssl
import sys
import time

SENT = b"".join(bytes([number % 251]) * 64 for number in range(1024))


def receive(ssl_sock, count):
    received = b""
    while len(received) < count:
        data = ssl_sock.read(16384)
        if not data:
            break
        received += data
    return received


def talk(port, cafile, name, host):
    context = ssl.create_default_context(cafile=cafile)
    started = time.time()
    ssl_sock = context.wrap_socket(socket.socket(socket.AF_INET, socket.SOCK_STREAM), server_hostname=name)
    try:
        ssl_sock.settimeout(30)
        ssl_sock.connect((host, port))
        ssl_sock.write(SENT[:1])
        first = ssl_sock.read(1)
        waited = time.time() - started
        ssl_sock.sendall(SENT[1:])
        echoed = first + receive(ssl_sock, len(SENT) - 1)
        subject = dict(pair for part in ssl_sock.getpeercert()["subject"] for pair in part)
        return {
            "protocol": ssl_sock.version(),
            "cipher": ssl_sock.cipher()[0],
            "subject": subject.get("commonName"),
            "echoed": len(echoed) if echoed == SENT else -1,
            "milliseconds": int(round(waited * 1000)),
        }
    finally:
        # note that closing the SSLSocket will also close the underlying socket
        ssl_sock.close()


def main(port, cafile, name="localhost", host="127.0.0.1"):
    try:
        print(json.dumps(talk(int(port), cafile, name, host)))
    except OSError as error:
        print(json.dumps({"error": type(error).__name__, "text": str(error)}))
        return 1
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
