"""Our end of each connection: takes orders as lines of JSON and answers each with one. Runs on either host, and on CPython's
own ssl as the control.

    {"role": "server", ...}     answers {"port": N} and awaits that many connections; {"role": "results"} answers what they were
    {"role": "client", ...}     connects that many times, the later ones with the session of the one before, and answers the same

A result tells version, cipher, alpn, the name asked for (sni), whether a session was resumed, the peer's common name, the bytes
that came, how the connection was closed, and the error, if any, as "NAME: text".
"""

import json
import socket
import ssl
import sys
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
PATIENCE = 12
LINE = b"0123456789abcde" * 68 + b"xyz\n"      # some peers hand on whole lines


def context_for(order, server):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    if order["version"] in ("TLSv1", "TLSv1_1"):
        context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, order["version"])
    context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    if order.get("certificate"):
        context.load_cert_chain(order["certificate"])
    if order.get("trust"):
        context.load_verify_locations(order["trust"])
        context.verify_mode = ssl.CERT_REQUIRED
    if order.get("alpn"):
        context.set_alpn_protocols(order["alpn"])
    if order.get("group"):
        context.set_ecdh_curve(order["group"])
    return context


def common_name(connection):
    pairs = [pair for names in (connection.getpeercert() or {}).get("subject", ()) for pair in names]
    return dict(pairs).get("commonName")


def describe(connection, result):
    result.update(version=connection.version(), cipher=connection.cipher()[0], alpn=connection.selected_alpn_protocol(),
                  resumed=bool(connection.session_reused), name=common_name(connection))


def exactly(connection, count):
    received = bytearray()
    while len(received) < count:
        piece = connection.recv(min(65536, count - len(received)))
        if not piece:
            break
        received += piece
    return bytes(received)


def end(connection, order, result):
    """An orderly close, begun by us or by the peer. Where it is not orderly, the error says how. The session is taken before."""
    first = order["close"] == "ours"
    order["session"] = connection.session
    if not first:
        rest = connection.recv(65536)
        if rest:
            raise AssertionError("%d bytes in place of the end" % len(rest))
        result["closed"] = "by the peer"
    farewell(connection, order)
    if first:
        result["closed"] = "by us"


def farewell(connection, order):
    """Our close_notify, and the peer's; some close without one behind ours."""
    try:
        connection.unwrap().close()
    except (ssl.SSLEOFError, ConnectionError):
        if not order.get("silent"):
            raise
        connection.close()


def shake(connection):
    """The handshake. Where it fails, the peer's last words are read to the end: a socket that closes on unread bytes takes its own alert with it."""
    try:
        connection.do_handshake()
    except Exception:
        drain(connection)
        raise


def drain(connection):
    try:
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(2)
        while connection.recv(65536):
            pass
    except (OSError, ValueError):
        pass


# What a server of ours does with a connection, by the order's "mode".

def serve_whole(connection, order, result):
    text = exactly(connection, order["size"])
    result["received"] = len(text)
    connection.sendall(text)
    end(connection, order, result)


def serve_http(connection, order, result):
    """Requests with a body, which comes back; kept open until the client closes, or closed behind the first."""
    result["received"] = result["requests"] = 0
    file = connection.makefile("rb")
    while True:
        head = []
        line = file.readline()
        if not line:
            result["closed"] = "by the peer"
            break
        while line not in (b"\r\n", b"\n", b""):
            head.append(line.decode("latin-1").lower())
            line = file.readline()
        lengths = [int(text.split(":")[1]) for text in head if text.startswith("content-length:")]
        body = file.read(lengths[0]) if lengths else b"x" * order["size"]
        result["received"] += len(body)
        result["requests"] += 1
        closing = order.get("close") == "ours"
        connection.sendall(("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\nConnection: %s\r\n\r\n"
                            % (len(body), "close" if closing else "keep-alive")).encode() + body)
        if closing:
            result["closed"] = "by us"
            break
    if not result["requests"]:
        raise AssertionError("the end before a request")
    farewell(connection, order)


# And a client of ours.

def ask_echo(connection, order, result):
    """In pieces, each of which is back before the next goes: a peer need not hold more."""
    text = LINE * (order["size"] // len(LINE) + 1)
    for at in range(0, order["size"], 8192):
        part = text[at:min(at + 8192, order["size"])]
        connection.sendall(part)
        got = exactly(connection, len(part))
        result["received"] += len(got)
        if got != part:
            raise AssertionError("other bytes came back" if len(got) == len(part) else "the peer closed in the middle")
    end(connection, order, result)


def ask_reversed(connection, order, result):
    line = LINE[:-1] * 8
    for _ in range(order["size"] // len(line) + 1):
        connection.sendall(line + b"\n")
        got = exactly(connection, len(line) + 1)
        result["received"] += len(got)
        if got != line[::-1] + b"\n":
            raise AssertionError("other bytes came back" if got else "the peer closed in the middle")
    if order.get("close") == "peer":
        connection.sendall(b"CLOSE\n")
    end(connection, order, result)


def ask_http(connection, order, result):
    body = (LINE * (order["size"] // len(LINE) + 1))[:order["size"]]
    closing = order.get("close") == "peer"
    connection.sendall(("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\nContent-Type: text/plain\r\n%s\r\n"
                        % (len(body), "Connection: close\r\n" if closing else "")).encode() + body)
    head = b""
    while b"\r\n\r\n" not in head:
        byte = connection.recv(1)
        if not byte:
            raise AssertionError("no answer: %r" % head)
        head += byte
    result["status"] = head.split(b" ")[1].decode()
    if result["status"] != "200":
        raise AssertionError("HTTP status " + result["status"])
    got = exactly(connection, len(body))
    result["received"] = len(got)
    if got != body:
        raise AssertionError("other bytes came back")
    end(connection, order, result)


MODES = {"whole": serve_whole, "serve_http": serve_http, "echo": ask_echo, "reversed": ask_reversed, "http": ask_http}


def named(problem):
    """The exception's class and text, with its reason, which tells the alert."""
    return "%s: %s %s" % (type(problem).__name__, problem, getattr(problem, "reason", "") or "")


class Server(object):
    def __init__(self, order):
        self.order, self.results = order, []
        self.context = context_for(order, True)
        self.sni = []
        chosen = context_for(dict(order, certificate=order["chosen"]), True) if order.get("chosen") else None

        def asked(connection, name, context):
            self.sni.append(name)
            if chosen is not None and name == "localhost":
                connection.context = chosen
        self.context.sni_callback = asked
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(8)
        self.listener.settimeout(PATIENCE)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run)
        self.thread.daemon = True
        self.thread.start()

    def run(self):
        try:
            while len(self.results) < self.order.get("connections", 1):
                plain, _ = self.listener.accept()
                self.one(plain)
        except Exception as problem:
            self.results.append({"error": named(problem)})
        finally:
            self.listener.close()

    def one(self, plain):
        """A connection without a byte is somebody who asks whether the port is open."""
        plain.settimeout(PATIENCE)
        result = {"received": 0}
        try:
            if not plain.recv(1, socket.MSG_PEEK):
                plain.close()
                return
            connection = self.context.wrap_socket(plain, server_side=True, suppress_ragged_eofs=False, do_handshake_on_connect=False)
            plain = connection
            shake(connection)
            describe(connection, result)
            MODES[self.order["mode"]](connection, self.order, result)
        except Exception as problem:
            result["error"] = named(problem)
        plain.close()
        result["sni"] = self.sni[-1] if self.sni else None
        self.results.append(result)

    def finish(self):
        self.thread.join(PATIENCE + 5)
        return {"results": list(self.results)}


def client(order):
    context = context_for(order, False)
    results, session = [], None
    for _ in range(order.get("connections", 1)):
        result = {"received": 0}
        results.append(result)
        plain = socket.create_connection(("127.0.0.1", order["port"]), PATIENCE)
        try:
            connection = context.wrap_socket(plain, server_hostname="localhost",
                                             suppress_ragged_eofs=False, session=session, do_handshake_on_connect=False)
            plain = connection
            shake(connection)
            describe(connection, result)
            if order.get("refused"):
                # The refusal of TLS 1.3 comes behind the handshake: what is sent before could meet a closed socket.
                result["received"] = len(connection.recv(1))
                raise AssertionError("%d bytes in place of an alert" % result["received"])
            MODES[order["mode"]](connection, order, result)
            session = order["session"]
        except Exception as problem:
            result["error"] = named(problem)
        plain.close()
    return {"results": results}


def main():
    server = None
    print(json.dumps({"version": "%s, %s" % (sys.version.split()[0], ssl.OPENSSL_VERSION)}))
    sys.stdout.flush()
    while True:
        line = sys.stdin.readline()
        if not line:
            return
        order = json.loads(line)
        try:
            if order["role"] == "server":
                server = Server(order)
                answer = {"port": server.port}
            else:
                answer = server.finish() if order["role"] == "results" else client(order)
        except Exception as problem:
            answer = {"unable": named(problem)}
        print(json.dumps(answer))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
