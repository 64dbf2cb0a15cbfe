"""A TLS client: the documentation's client-side example, made to run.

    client.py HOST PORT --ca CAFILE [--name HOSTNAME] [--bytes N] [--request TEXT] [--plain]

Connects, verifies the server, sends N bytes and reads them back, then prints one line of JSON: the
protocol, the cipher, the verified subject, the bytes echoed and the milliseconds from the start of
the connection to the first byte; or the class and the text of the error that a script sees.
"""

import argparse
import json
import socket
import ssl
import sys
import time

TIMEOUT = 30


def subject_of(certificate):
    """The subject of getpeercert() in one line: 'commonName=localhost, ...'."""
    return ", ".join("%s=%s" % pair for rdn in certificate["subject"] for pair in rdn)


def visit(context, options, report):
    started = time.time()
    sock = socket.create_connection((options.host, options.port), TIMEOUT)
    try:
        ssl_sock = context.wrap_socket(sock, server_hostname=options.name or options.host)
    except BaseException:
        sock.close()
        raise
    try:
        report["protocol"] = ssl_sock.version()
        report["cipher"] = ssl_sock.cipher()[0]
        report["subject"] = subject_of(ssl_sock.getpeercert())
        if options.request:
            ssl_sock.sendall(options.request.encode("ascii").decode("unicode_escape").encode("latin-1"))
            report["bytes"] = len(ssl_sock.read(16384))
            report["first_byte_ms"] = round((time.time() - started) * 1000, 1)
        else:
            echo(ssl_sock, options.bytes, report, started)
    finally:
        # note that closing the SSLSocket will also close the underlying socket
        ssl_sock.close()


def echo(ssl_sock, count, report, started):
    """Sends in pieces and reads each back, so that no side waits for the other to empty its pipe."""
    payload = bytes(bytearray(index * 7 % 251 for index in range(8192)))
    echoed = 0
    while echoed < count:
        piece = payload[:min(len(payload), count - echoed)]
        ssl_sock.write(piece)
        answer = b""
        while len(answer) < len(piece):
            data = ssl_sock.read(len(piece) - len(answer))
            if not data:
                raise EOFError("the server closed after %d bytes" % (echoed + len(answer)))
            if not echoed and not answer:
                report["first_byte_ms"] = round((time.time() - started) * 1000, 1)
            answer += data
        if answer != piece:
            raise ValueError("the answer differs from the question")
        echoed += len(piece)
    report["bytes"] = echoed


def plain(options, report):
    """What a browser does that takes the port for HTTP."""
    sock = socket.create_connection((options.host, options.port), TIMEOUT)
    try:
        sock.sendall(b"GET / HTTP/1.0\r\n\r\n")
        received = b""
        while True:
            data = sock.recv(4096)
            if not data:
                break
            received += data
    finally:
        sock.close()
    report["bytes"] = len(received)


def main():
    parser = argparse.ArgumentParser(description="A TLS client.")
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--ca", default=None, help="PEM file of the authorities to trust; else the machine's")
    parser.add_argument("--name", default=None, help="the name that the certificate must be for")
    parser.add_argument("--bytes", type=int, default=65536, help="how many to send and read back")
    parser.add_argument("--request", default=None, help="send this text instead, and read one answer")
    parser.add_argument("--plain", action="store_true", help="no TLS: send an HTTP request")
    options = parser.parse_args()

    report = {"host": sys.implementation.name}
    try:
        if options.plain:
            plain(options, report)
        else:
            context = ssl.create_default_context(cafile=options.ca)
            visit(context, options, report)
    except Exception as error:
        report["error"] = type(error).__name__
        report["text"] = str(error)
    print(json.dumps(report, sort_keys=True))
    return 1 if "error" in report else 0


if __name__ == "__main__":
    sys.exit(main())
