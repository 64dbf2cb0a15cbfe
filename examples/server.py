"""A TLS echo server: the documentation's server-side example, made to run.

    server.py CERTFILE [--key KEYFILE] [--host 127.0.0.1] [--port 0] [--connections N]

Prints `port N` once it listens, then a line for each client. A client whose handshake fails costs
that client its connection, and nobody else. With --connections it ends after so many.
"""

import argparse
import socket
import ssl
import sys


def say(*words):
    print(*words)
    sys.stdout.flush()


def deal_with_client(connstream):
    """Sends everything back; returns the number of bytes."""
    total = 0
    data = connstream.read(16384)
    # empty data means the client is finished with us
    while data:
        connstream.sendall(data)
        total += len(data)
        data = connstream.read(16384)
    return total


def serve(context, bindsocket, connections):
    while connections is None or connections > 0:
        newsocket, fromaddr = bindsocket.accept()
        newsocket.settimeout(30)
        # Without it an answer waits for the peer to acknowledge what the handshake sent last.
        newsocket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connstream = newsocket
        try:
            connstream = context.wrap_socket(newsocket, server_side=True)
            version = connstream.version()
            say("client", fromaddr[0], version, deal_with_client(connstream), "bytes")
        except OSError as error:        # SSLError is one, and so is a timeout
            say("client", fromaddr[0], "%s: %s" % (type(error).__name__, error))
        finally:
            connstream.close()
        if connections is not None:
            connections -= 1


def main():
    parser = argparse.ArgumentParser(description="A TLS echo server.")
    parser.add_argument("certfile", help="PEM file with the certificate, and the key unless --key names it")
    parser.add_argument("--key", default=None, help="PEM file with the private key")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--connections", type=int, default=None, help="end after so many clients")
    options = parser.parse_args()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certfile=options.certfile, keyfile=options.key)

    bindsocket = socket.socket()
    try:
        bindsocket.bind((options.host, options.port))
        bindsocket.listen(5)
        say("port", bindsocket.getsockname()[1])
        serve(context, bindsocket, options.connections)
    except KeyboardInterrupt:
        pass
    finally:
        bindsocket.close()


if __name__ == "__main__":
    main()
