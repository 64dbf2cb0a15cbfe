"""One end of the connections that the proxy damages, on the `ssl` of this interpreter: a line of JSON for each command and each answer.

    endpoint.py FOLDER    where the certificates are

{"id": 7, "role": "server", "version": "TLSv1_3"} awaits a connection that begins with the eight digits of its id;
{"id": 7, "role": "client", "version": ..., "port": ...} makes it, sends two texts, reads them back, and closes in an orderly way;
{"collect": true} answers when all garbage is gone. The jobs run beside each other, each in a thread.
"""

import gc
import json
import os
import socket
import ssl
import sys
import threading
import time

TIMEOUT = 0.4       # of each call
START = 20          # until the proxy has made a connection, before anything is measured
TEXTS = (b"the first of two texts " * 3, bytes(bytearray(i * 7 & 255 for i in range(700))))
WHOLE = b"".join(TEXTS)
DIGITS = 8

speaking = threading.Lock()
jobs = {}


def tell(**answer):
    with speaking:
        print(json.dumps(answer))
        sys.stdout.flush()


def make_context(folder, role, version):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if role == "server" else ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = made.maximum_version = getattr(ssl.TLSVersion, version)
    made.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    if role == "server":
        made.load_cert_chain(os.path.join(folder, "server-ec.pem"))
        made.num_tickets = 1
    else:
        made.load_verify_locations(os.path.join(folder, "ca.pem"))
    # So that a handshake has few bytes: each of them is damaged.
    made.set_ecdh_curve("prime256v1")
    made.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")
    return made


def described(error):
    """The exception's class, the reason, and whether it is among those that a program has to expect."""
    expected = isinstance(error, (ssl.SSLError, OSError))
    return [type(error).__name__, str(getattr(error, "reason", None) or error), expected]


class Job(object):
    def __init__(self, command, context):
        self.id, self.role, self.context = command["id"], command["role"], context
        self.heard, self.stage = b"", "connecting"
        self.clean = False

    def run(self, plain):
        began, error = time.time(), None
        try:
            plain.settimeout(TIMEOUT)
            self.talk(plain)
        except BaseException as caught:
            error = described(caught)
        finally:
            plain.close()
        tell(id=self.id, role=self.role, error=error, stage=self.stage, heard=len(self.heard), same=self.heard == WHOLE[:len(self.heard)],
             clean=self.clean, seconds=time.time() - began)

    def talk(self, plain):
        self.stage = "handshake"
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = self.context.wrap_socket(plain, server_side=self.role == "server", suppress_ragged_eofs=False,
                                              server_hostname="localhost" if self.role == "client" else None)
        try:
            self.stage = "data"
            if self.role == "client":
                for text in TEXTS:
                    connection.sendall(text)
                self.read(connection, len(WHOLE))
            else:
                for number, text in enumerate(TEXTS):
                    self.read(connection, len(b"".join(TEXTS[:number + 1])))
                    connection.sendall(text)
                self.read(connection, None)
            self.stage = "closing"
            connection.unwrap().close()
            self.stage = "closed"
        finally:
            connection.close()

    def read(self, connection, length):
        """So many bytes in all, or until the end."""
        while length is None or len(self.heard) < length:
            got = connection.recv(16384)
            if not got:
                self.clean = True
                if length is not None:
                    raise ssl.SSLError(0, "the other end closed early")
                return
            self.heard += got


def accept(listener):
    while True:
        plain, _ = listener.accept()
        start(serve, plain)


def serve(plain):
    plain.settimeout(START)
    digits = b""
    while len(digits) < DIGITS:
        digits += plain.recv(DIGITS - len(digits))
    jobs.pop(int(digits.decode()))(plain)


def visit(job, port):
    plain = socket.create_connection(("127.0.0.1", port), START)
    plain.sendall(("%08d" % job.id).encode())
    job.run(plain)


def start(call, *arguments):
    thread = threading.Thread(target=call, args=arguments)
    thread.daemon = True
    thread.start()


def main(folder):
    contexts = {(role, version): make_context(folder, role, version) for role in ("client", "server") for version in ("TLSv1_2", "TLSv1_3")}
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    start(accept, listener)
    tell(version=ssl.OPENSSL_VERSION, port=listener.getsockname()[1])
    for line in sys.stdin:
        command = json.loads(line)
        if "collect" in command:
            for _ in range(3):
                gc.collect()
            tell(collected=True)
            continue
        job = Job(command, contexts[command["role"], command["version"]])
        if command["role"] == "server":
            jobs[command["id"]] = job.run
            tell(id=job.id, ready=True)
        else:
            start(visit, job, command["port"])


if __name__ == "__main__":
    main(sys.argv[1])
