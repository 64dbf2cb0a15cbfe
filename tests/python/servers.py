"""Small servers of the protocols that the standard library has clients for, each with TLS from the module under test.

Where the standard library has the server as well, it is that one; the others know what its client says, and no more.
Each runs in threads, on a port that the system picks, within `with running(server):`; what went wrong
in a connection is in `server.errors`.
"""

import contextlib
import http.server
import logging
import pickle
import select
import socket
import socketserver
import ssl
import struct
import sys
import threading
import xmlrpc.server

from support import PATIENCE, pattern, receive

BODY = pattern(1 << 20)     # what is asked of the servers by its length


@contextlib.contextmanager
def running(server):
    """The server, which serves until the block ends."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.daemon = True
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE)
        if thread.is_alive():
            raise AssertionError("the server does not end")


class Threads(socketserver.ThreadingMixIn):
    daemon_threads = True
    block_on_close = False      # a client that keeps its connection open would keep the server
    errors = ()

    def handle_error(self, request, address):
        self.errors += (sys.exc_info()[1],)

    @property
    def port(self):
        return self.socket.getsockname()[1]


class Plain(Threads, socketserver.TCPServer):
    """Connections without TLS; a handler that knows STARTTLS takes `context`."""

    def __init__(self, handler, context=None, **settings):
        socketserver.TCPServer.__init__(self, ("127.0.0.1", 0), handler)
        self.context = context
        for name, value in settings.items():
            setattr(self, name, value)


class Secure(Plain):
    """TLS from the first byte; each handshake is made in the connection's own thread."""

    implicit = True

    def get_request(self):
        sock, address = Plain.get_request(self)
        return self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False), address


# HTTP.

class Http(Threads, http.server.HTTPServer):
    """http.server behind a listening socket that is wrapped, which is how it is usually done."""

    def __init__(self, context=None, handler=None):
        http.server.HTTPServer.__init__(self, ("127.0.0.1", 0), handler or Pages)
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.paths = []
        self.moved = {}
        self.forms = []


class Pages(http.server.BaseHTTPRequestHandler):
    """What tests ask for; `server.moved` maps paths to other addresses."""

    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    disable_nagle_algorithm = True      # head and body are two writes

    def log_message(self, format, *arguments):
        pass

    def do_GET(self):
        self.server.paths.append(self.path)
        target = self.server.moved.get(self.path)
        if target:
            self.send_response(302)
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        kind, _, rest = self.path[1:].partition("/")
        if kind == "subject":
            certificate = self.connection.getpeercert()
            self.answer(str(dict(pair for entry in certificate["subject"] for pair in entry)["commonName"]).encode())
        elif kind == "length":
            self.answer(BODY[:int(rest)])
        elif kind == "chunked":
            self.answer_in_chunks(BODY[:int(rest)])
        elif kind == "until-close":
            self.answer_until_close(BODY[:int(rest)])
        else:
            self.answer(b"hello from " + self.path.encode())

    def do_POST(self):
        self.server.paths.append(self.path)
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = self.read_chunks()
        else:
            body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.forms.append(body)
        self.answer(body)

    do_PUT = do_POST

    def read_chunks(self):
        body = bytearray()
        while True:
            size = int(self.rfile.readline().split(b";")[0], 16)
            body += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return bytes(body)

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_in_chunks(self, body, size=1000):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for start in range(0, len(body), size):
            piece = body[start:start + size]
            self.wfile.write(("%x\r\n" % len(piece)).encode() + piece + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def answer_until_close(self, body):
        self.close_connection = True
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        # The end of the body is close_notify, not merely the end of the stream.
        self.connection.unwrap()


class Proxy(socketserver.StreamRequestHandler):
    """Answers CONNECT and passes on what comes from either side, which it cannot read."""

    timeout = PATIENCE

    def handle(self):
        method, target, _ = self.rfile.readline().split()
        headers = []
        while True:
            line = self.rfile.readline().strip()
            if not line:
                break
            headers.append(line)
        self.server.requests.append((method.decode(), target.decode()))
        host, _, port = target.decode().rpartition(":")
        if method != b"CONNECT":
            self.wfile.write(b"HTTP/1.1 405 Only CONNECT\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection((host, int(port)), PATIENCE) as far:
            self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            relay(self.connection, far)


def relay(near, far):
    """Until one of them closes."""
    other = {near: far, far: near}
    while True:
        readable = select.select([near, far], [], [], PATIENCE)[0]
        for sock in readable:
            piece = sock.recv(65536)
            if not piece:
                return
            other[sock].sendall(piece)
        if not readable:
            return


class Xmlrpc(Threads, xmlrpc.server.SimpleXMLRPCServer):
    def __init__(self, context):
        xmlrpc.server.SimpleXMLRPCServer.__init__(self, ("127.0.0.1", 0), logRequests=False, allow_none=True)
        self.socket = context.wrap_socket(self.socket, server_side=True)


# Protocols that are spoken in lines, with or without TLS from the start.

class Conversation(socketserver.BaseRequestHandler):
    """One connection; `verbs` names the methods that answer a command, which end the connection by returning True."""

    def setup(self):
        self.sock = self.request
        self.sock.settimeout(PATIENCE)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)     # an answer may be several writes
        if getattr(self.server, "implicit", False):
            self.sock.do_handshake()
        self.file = self.sock.makefile("rb")
        self.user = None

    def finish(self):
        self.file.close()
        self.sock.close()

    def secured(self):
        return isinstance(self.sock, ssl.SSLSocket) and self.sock.version() is not None

    def secure(self):
        self.file.close()
        self.sock = self.server.context.wrap_socket(self.sock, server_side=True)
        self.file = self.sock.makefile("rb")

    def say(self, *lines):
        self.sock.sendall("".join(line + "\r\n" for line in lines).encode())

    def hear(self):
        line = self.file.readline()
        if not line:
            raise EOFError("the client has gone without a word")
        return line.decode().rstrip("\r\n")

    def hear_text(self):
        """Lines until one with a dot alone."""
        lines = []
        while True:
            line = self.hear()
            if line == ".":
                return lines
            lines.append(line[1:] if line.startswith(".") else line)

    def handle(self):
        self.greet()
        while True:
            verb, _, rest = self.hear().partition(" ")
            method = getattr(self, "do_" + verb.upper(), None)
            if method is None:
                self.unknown(verb)
            elif method(rest):
                return


class Smtp(Conversation):
    """Keeps what is delivered in server.mails as (sender, recipients, lines, whether it came over TLS, user)."""

    def greet(self):
        self.say("220 localhost ready")

    def unknown(self, verb):
        self.say("502 unknown")

    def do_EHLO(self, rest):
        lines = ["localhost", "SIZE 10000000", "AUTH PLAIN"]
        if not self.secured():
            lines.append("STARTTLS")
        self.say(*["250%s%s" % (" " if line is lines[-1] else "-", line) for line in lines])

    def do_STARTTLS(self, rest):
        self.say("220 go ahead")
        self.secure()

    def do_AUTH(self, rest):
        self.user = rest
        self.say("235 welcome")

    def do_MAIL(self, rest):
        self.sender, self.recipients = rest, []
        self.say("250 yes")

    def do_RCPT(self, rest):
        self.recipients.append(rest)
        self.say("250 yes")

    def do_DATA(self, rest):
        self.say("354 go on")
        self.server.mails.append((self.sender, self.recipients, self.hear_text(), self.secured(), self.user))
        self.say("250 taken")

    def do_RSET(self, rest):
        self.say("250 forgotten")

    do_NOOP = do_RSET

    def do_QUIT(self, rest):
        self.say("221 bye")
        return True


class Pop(Conversation):
    """Hands out server.mails, texts with lines ended by CR LF."""

    def greet(self):
        self.say("+OK ready")

    def unknown(self, verb):
        self.say("-ERR unknown")

    def do_CAPA(self, rest):
        self.say("+OK", "USER", *([] if self.secured() else ["STLS"]) + ["."])

    def do_STLS(self, rest):
        self.say("+OK go ahead")
        self.secure()

    def do_USER(self, rest):
        self.user = rest
        self.say("+OK")

    def do_PASS(self, rest):
        self.say("+OK" if self.secured() else "-ERR not in the clear")

    def do_STAT(self, rest):
        self.say("+OK %d %d" % (len(self.server.mails), sum(map(len, self.server.mails))))

    def do_RETR(self, rest):
        lines = self.server.mails[int(rest) - 1].split("\r\n")
        self.say("+OK", *["." + line if line.startswith(".") else line for line in lines] + ["."])

    def do_QUIT(self, rest):
        self.say("+OK bye")
        return True


class Imap(Conversation):
    """One mailbox, server.mails, texts that FETCH gives and APPEND adds to."""

    def greet(self):
        self.say("* OK ready")

    def handle(self):
        self.greet()
        while True:
            self.tag, _, line = self.hear().partition(" ")
            verb, _, rest = line.partition(" ")
            method = getattr(self, "do_" + verb.upper(), None)
            if method is None:
                self.say("%s BAD unknown" % self.tag)
            elif method(rest):
                return

    def done(self):
        self.say("%s OK done" % self.tag)

    def do_CAPABILITY(self, rest):
        self.say("* CAPABILITY IMAP4rev1" + ("" if self.secured() else " STARTTLS"))
        self.done()

    def do_STARTTLS(self, rest):
        self.done()
        self.secure()

    def do_LOGIN(self, rest):
        self.say("%s %s" % (self.tag, "OK welcome" if self.secured() else "NO not in the clear"))

    def do_SELECT(self, rest):
        self.say("* %d EXISTS" % len(self.server.mails))
        self.done()

    def do_FETCH(self, rest):
        number = int(rest.split()[0])
        text = self.server.mails[number - 1].encode()
        self.sock.sendall(("* %d FETCH (RFC822 {%d}\r\n" % (number, len(text))).encode() + text + b")\r\n")
        self.done()

    def do_APPEND(self, rest):
        size = int(rest.rpartition("{")[2].rstrip("}"))
        self.say("+ go on")
        self.server.mails.append(self.file.read(size).decode())
        self.hear()
        self.done()

    def do_LOGOUT(self, rest):
        self.say("* BYE")
        self.done()
        return True


class Ftp(Conversation):
    """FTP with AUTH TLS. server.files maps names to contents; server.transfers tells of each data connection
    whether it was under TLS and whether its session was resumed, which `server.strict` demands."""

    passive = None
    private = False

    def greet(self):
        self.say("220 ready")

    def unknown(self, verb):
        self.say("502 unknown")

    def finish(self):
        if self.passive:
            self.passive.close()
        Conversation.finish(self)

    def do_AUTH(self, rest):
        self.say("234 go ahead")
        self.secure()

    def do_CCC(self, rest):
        self.say("200 in the clear")
        self.file.close()
        self.sock = self.sock.unwrap()
        self.file = self.sock.makefile("rb")

    def do_PBSZ(self, rest):
        self.say("200 PBSZ=0")

    def do_PROT(self, rest):
        self.private = rest == "P"
        self.say("200 yes")

    def do_USER(self, rest):
        self.say("331 and the password?" if self.secured() else "530 not in the clear")

    def do_PASS(self, rest):
        self.say("230 welcome")

    def do_TYPE(self, rest):
        self.say("200 yes")

    do_NOOP = do_TYPE

    def do_PASV(self, rest):
        self.passive = socket.socket()
        self.passive.bind(("127.0.0.1", 0))
        self.passive.listen(1)
        self.passive.settimeout(PATIENCE)
        port = self.passive.getsockname()[1]
        self.say("227 Entering Passive Mode (127,0,0,1,%d,%d)." % (port >> 8, port & 255))

    def transfer(self, work):
        """What work(connection) does, once the data connection is as the client asked and the server wants."""
        self.say("150 here it comes")
        connection, _ = self.passive.accept()
        self.passive.close()
        connection.settimeout(PATIENCE)
        try:
            resumed = None
            if self.private:
                connection = self.server.context.wrap_socket(connection, server_side=True)
                resumed = connection.session_reused
            self.server.transfers.append((self.private, resumed))
            if self.private and self.server.strict and not resumed:
                self.finish_data(connection)
                self.say("522 SSL connection failed: session reuse required")
                return
            work(connection)
            self.finish_data(connection)
        finally:
            connection.close()
        self.say("226 done")

    def finish_data(self, connection):
        if self.private:
            connection.unwrap().close()

    def do_RETR(self, rest):
        self.transfer(lambda connection: connection.sendall(self.server.files[rest]))

    def do_STOR(self, rest):
        def store(connection):
            self.server.files[rest] = receive(connection, 1 << 30)
        self.transfer(store)

    def do_NLST(self, rest):
        self.transfer(lambda connection: connection.sendall(
            "".join(name + "\r\n" for name in sorted(self.server.files)).encode()))

    def do_QUIT(self, rest):
        self.say("221 bye")
        return True


class Records(socketserver.StreamRequestHandler):
    """What logging.handlers.SocketHandler sends, into server.records."""

    timeout = PATIENCE

    def handle(self):
        while True:
            head = self.rfile.read(4)
            if len(head) < 4:
                return
            body = self.rfile.read(struct.unpack(">L", head)[0])
            self.server.records.put(logging.makeLogRecord(pickle.loads(body)))
