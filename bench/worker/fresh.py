"""A program that is just started and makes one connection: fresh.py FOLDER PORT.

It prints the seconds that `import ssl` took, and those from before it to the end of the handshake, once the first byte is there.
It is a file of its own, so that nothing of the measurements runs or is imported before.
"""

import time

STARTED = time.perf_counter()

import ssl

IMPORTED = time.perf_counter()

import json
import socket
import sys

folder, port = sys.argv[1:]
context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_CLIENT", ssl.PROTOCOL_SSLv23))
context.verify_mode = ssl.CERT_REQUIRED
context.check_hostname = True
context.load_verify_locations(folder + "/ca.crt")
connection = context.wrap_socket(socket.create_connection(("127.0.0.1", int(port))), server_hostname="localhost")
DONE = time.perf_counter()
connection.sendall(b"once".ljust(32))
if connection.recv(1) != b"1":
    sys.exit("no answer")
print(json.dumps({"import": IMPORTED - STARTED, "handshake": DONE - STARTED}))
sys.stdout.flush()
connection.close()
