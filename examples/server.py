"""The documentation's server-side example: an echo server that gives each client its bytes back.

    server.py CERTFILE KEYFILE [HOST [PORT]]

Prints `port N` once it listens (0, the default, lets the system choose), then a line for each client.
Runs until it is ended; a client that does not speak TLS costs it nothing but that line.
"""

import socket
import ssl
import sys


def do_something(connstream, data):
    """Gives the bytes back; False would end the conversation."""
    connstream.sendall(data)
    return True


def deal_with_client(connstream):
    data = connstream.recv(16384)
    # empty data means the client is finished with us
    while data:
        if not do_something(connstream, data):
            break
        data = connstream.recv(16384)
    connstream.unwrap()


def report(text):
    print(text)
    sys.stdout.flush()


def main(certfile, keyfile, host="127.0.0.1", port="0"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certfile=certfile, keyfile=keyfile)

    bindsocket = socket.socket()
    bindsocket.bind((host, int(port)))
    bindsocket.listen(5)
    report("port %d" % bindsocket.getsockname()[1])

    while True:
        newsocket, fromaddr = bindsocket.accept()
        newsocket.settimeout(30)
        # Without it an answer waits for the peer to acknowledge what the handshake sent last.
        newsocket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            connstream = context.wrap_socket(newsocket, server_side=True)
        except OSError as error:
            report("refused %s: %s" % (type(error).__name__, error))
            newsocket.close()
            continue
        try:
            deal_with_client(connstream)
            report("served %s %s" % (connstream.version(), connstream.cipher()[0]))
        except OSError as error:
            report("lost %s: %s" % (type(error).__name__, error))
        finally:
            connstream.close()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
