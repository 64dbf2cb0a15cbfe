"""One end of the measurements, on whatever `_ssl` the interpreter finds. Two of these make a side: a server and a driver.

    worker.py serve FOLDER          prints a JSON object of ports, serves until its standard input ends
    worker.py crowd FOLDER CONFIGURATION KIND   the same for a server of many connections
    worker.py drive FOLDER          reads a JSON order a line, answers a JSON result a line
    worker.py first FOLDER PORT     prints the seconds from before `import ssl` to the end of a handshake

FOLDER holds the certificates. It keeps to Python 3.4 and to what IronPython's own `_ssl` has, so that one script serves
every side; what a side lacks raises, and the result says so.
"""

import time

STARTED = time.perf_counter()

import json
import os
import socket
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CONFIGURATIONS = {
    # name: (key, version or None for the newest, cipher or None); in those that end in "equal" our side is held to X25519, the
    # group of a peer that has no ML-KEM, so that both sides do the same work.
    "ec13": ("ec", None, None),
    "ec12": ("ec", "TLSv1_2", None),
    "rsa13": ("rsa", None, None),
    "rsa12": ("rsa", "TLSv1_2", None),
    "ec13equal": ("ec", None, None),
    "rsa13equal": ("rsa", None, None),
    "aes128": ("ec", "TLSv1_2", "ECDHE-ECDSA-AES128-GCM-SHA256"),
    "aes256": ("ec", "TLSv1_2", "ECDHE-ECDSA-AES256-GCM-SHA384"),
    "chacha20": ("ec", "TLSv1_2", "ECDHE-ECDSA-CHACHA20-POLY1305"),
}


def context(folder, configuration, server_side):
    import ssl
    key, version, cipher = CONFIGURATIONS[configuration]
    if server_side:
        made = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_SERVER", ssl.PROTOCOL_SSLv23))
        made.load_cert_chain(os.path.join(folder, key + ".pem"))
    else:
        made = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_CLIENT", ssl.PROTOCOL_SSLv23))
        made.verify_mode = ssl.CERT_REQUIRED
        made.check_hostname = True
        made.load_verify_locations(os.path.join(folder, "ca.crt"))
    if version and hasattr(ssl, "TLSVersion"):
        made.maximum_version = getattr(ssl.TLSVersion, version)
    if cipher:
        made.set_ciphers(cipher)
    if configuration.endswith("equal") and hasattr(made, "set_groups"):
        made.set_groups("X25519:P-256")
    return made


def connect(made, port, session=None):
    plain = socket.create_connection(("127.0.0.1", port))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if session is None:
        return made.wrap_socket(plain, server_hostname="localhost")
    return made.wrap_socket(plain, server_hostname="localhost", session=session)


def first(folder, port):
    connection = connect(context(folder, "ec12" if sys.implementation.name == "ironpython" else "ec13", False), int(port))
    print(time.perf_counter() - STARTED)
    connection.close()


def drive(folder):
    import crowd
    import loads
    for line in sys.stdin:
        order = json.loads(line)
        try:
            load = order.pop("load")
            result = (getattr(loads, load, None) or getattr(crowd, load))(folder, **order)
        except Exception as error:  # the other side may have it: this row says why this one has not
            result = {"error": "%s: %s" % (type(error).__name__, error)}
        print(json.dumps(result))
        sys.stdout.flush()


def serve(folder):
    import service
    service.run(folder)


def crowd(folder, configuration, kind):
    import crowd
    crowd.run(folder, configuration, kind)


if __name__ == "__main__":
    sys.path.insert(0, HERE)
    {"serve": serve, "crowd": crowd, "drive": drive, "first": first}[sys.argv[1]](*sys.argv[2:])
