"""The interpreter's own ssl as the other side of a resumption; test_sessions.py runs it with `python3 -I`.

    resumption_peer.py server VERSION TICKETS       prints its port; answers each connection r (resumed) or f (full)
    resumption_peer.py client VERSION TICKETS PORT  connects three times with the session before; prints r or f each time

VERSION is 2 or 3 for TLS 1.2 or 1.3, TICKETS is 0 for SSL_OP_NO_TICKET.
"""

import os
import socket
import ssl
import sys
import threading

PATIENCE = 30
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def context(protocol, version, tickets):
    made = ssl.SSLContext(protocol)
    made.minimum_version = made.maximum_version = getattr(ssl.TLSVersion, "TLSv1_" + version)
    if tickets == "0":
        made.options |= ssl.OP_NO_TICKET
    return made


def serve(version, tickets):
    server = context(ssl.PROTOCOL_TLS_SERVER, version, tickets)
    server.load_cert_chain(os.path.join(DATA, "server.pem"))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        print(listener.getsockname()[1])
        sys.stdout.flush()
        thread = threading.Thread(target=accept, args=(listener, server))
        thread.daemon = True
        thread.start()
        sys.stdin.read()


def accept(listener, server):
    while True:
        sock, _ = listener.accept()
        sock.settimeout(PATIENCE)
        with server.wrap_socket(sock, server_side=True) as connection:
            connection.sendall(b"r" if connection.session_reused else b"f")
            while connection.recv(100):
                pass
            connection.unwrap()


def visit(version, tickets, port):
    client = context(ssl.PROTOCOL_TLS_CLIENT, version, tickets)
    client.load_verify_locations(os.path.join(DATA, "ca.pem"))
    session = None
    for _ in range(3):
        sock = socket.create_connection(("127.0.0.1", int(port)), PATIENCE)
        with client.wrap_socket(sock, server_hostname="localhost", session=session) as connection:
            connection.recv(1)
            print("r" if connection.session_reused else "f")
            session = connection.session
            connection.unwrap().close()


if "SslModule" in ssl.OPENSSL_VERSION:
    sys.exit("this is no stock ssl")
if sys.argv[1] == "server":
    serve(*sys.argv[2:])
else:
    visit(*sys.argv[2:])
