"""What the examples of a page meet: host names, files, servers and the time of day.

A name that the world does not know is refused, so no example ever asks the network. While a world is
entered, socket and SSLContext look names and files up in it.
"""

import _socket
import calendar
import os
import socket
import ssl
import threading
import time

import support

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
AUTHORITY = os.path.join(DATA, "ca.pem")


def path(name):
    return os.path.join(DATA, name)


class StandIn(support.Server):
    """A server for one host name. Its certificate is the one that the page knows it by."""

    def __init__(self, world, certificate, talk, plain=False):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.num_tickets = 0     # examples close without reading, and unread tickets would reset the connection
        context.load_cert_chain(path(certificate + ".pem"), path(certificate + ".key"))
        context.num_tickets = 0     # examples connect and leave: a ticket left unread would reset the connection
        super(StandIn, self).__init__(context, lambda connection: talk(world, connection),
                                      wrap=(lambda sock: sock) if plain else None)


class World(object):
    """Names, files and the clock; a context manager."""

    # What the pages call a file, and the file that it is.
    FILES = {
        "/etc/ca_certs_file": "ca.pem", "/etc/ssl/certs/ca-bundle.crt": "ca.pem", "path/to/cabundle.pem": "ca.pem",
        "mycertfile": "www.example.org.pem", "mykeyfile": "www.example.org.key",
        "/path/to/certchain.pem": "www.example.org.pem", "/path/to/private.key": "www.example.org.key",
        "client.pem": "client.pem", "client.key": "client.key",
    }
    # Names and places that a page's server binds to: a port of the system's choice instead.
    OWN = ("myaddr.mydomain.com", "myaddr.example.com", "127.0.0.1")

    def __init__(self, zone="UTC"):
        self.hosts = {}
        self.servers = []
        self.bound = None           # the address that the last bind() really got
        self.listening = threading.Event()
        self.answer = b""           # what the next server that is asked sends
        self.zone = zone
        self._restore = []

    def host(self, name, port, certificate, talk, plain=False):
        """Lets a name and port be answered by a stand-in."""
        server = StandIn(self, certificate, talk, plain)
        server.__enter__()
        self.servers.append(server)
        self.hosts[name, port] = server.address

    def date(self, text):
        """Sets the engine's clock: '2010-05-16'."""
        ssl._ssl._set_clock(calendar.timegm(time.strptime(text, "%Y-%m-%d")))

    def errors(self):
        """What went wrong in the servers."""
        return [error for server in self.servers for error in server.errors]

    def __enter__(self):
        self._replace(socket.socket, "connect", lambda sock, address: _socket.socket.connect(sock, self._find(address)))
        self._replace(socket.socket, "bind", lambda sock, address: self._bind(sock, address))
        self._replace(socket.socket, "listen", lambda sock, *backlog: self._listen(sock, *backlog))
        self._replace(socket, "getaddrinfo", self._getaddrinfo)
        for method in ("load_verify_locations", "load_cert_chain"):
            self._replace(ssl.SSLContext, method, self._with_files(getattr(ssl.SSLContext, method)))
        self._environment("SSL_CERT_FILE", AUTHORITY)
        self._environment("SSL_CERT_DIR", DATA)
        self._environment("TZ", self.zone)
        if hasattr(time, "tzset"):
            time.tzset()
        return self

    def __exit__(self, *details):
        for undo in reversed(self._restore):
            undo()
        if hasattr(time, "tzset"):
            time.tzset()
        ssl._ssl._set_clock(None)
        for server in self.servers:
            server.__exit__(None, None, None)

    def _replace(self, owner, name, value):
        own = name in vars(owner)
        old = vars(owner).get(name)
        setattr(owner, name, value)
        self._restore.append(lambda: setattr(owner, name, old) if own else delattr(owner, name))

    def _environment(self, name, value):
        old = os.environ.get(name)
        os.environ[name] = value
        self._restore.append(lambda: os.environ.pop(name) if old is None else os.environ.update({name: old}))

    def _find(self, address):
        known = [server.address for server in self.servers]
        if address in self.hosts:
            return self.hosts[address]
        if address in known or address == self.bound or address[0] in ("127.0.0.1", "::1"):
            return address
        raise OSError("the page's world has no %s:%s" % tuple(address[:2]))

    def _bind(self, sock, address):
        if address[0] in self.OWN:
            address = ("127.0.0.1", 0)
        _socket.socket.bind(sock, address)
        self.bound = sock.getsockname()

    def _listen(self, sock, *backlog):
        _socket.socket.listen(sock, *backlog)
        self.listening.set()

    def _getaddrinfo(self, host, port, *rest, **options):
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", self._find((host, port)))]

    def _with_files(self, method):
        def load(context, *names, **options):
            names = [self._file(name) for name in names]
            options = dict((key, self._file(name)) for key, name in options.items())
            return method(context, *names, **options)
        return load

    def _file(self, name):
        return path(self.FILES[name]) if isinstance(name, str) and name in self.FILES else name


def web(world, connection):
    """Reads a request's head and sends the world's answer."""
    request = b""
    while b"\r\n\r\n" not in request:
        piece = connection.recv(4096)
        if not piece:
            return request
        request += piece
    connection.sendall(world.answer or b"HTTP/1.0 200 OK\r\n\r\n")
    return request


def silent(world, connection):
    """Reads until the peer goes: for examples that connect and leave."""
    return support.receive(connection, 1 << 30)


def mail(world, connection):
    """A mail server that knows EHLO, STARTTLS and QUIT; `connection` is a plain socket."""
    connection.sendall(b"220 mail.example.org ESMTP\r\n")
    context = world.servers[0].context
    lines = connection.makefile("rb")
    while True:
        command = lines.readline().split()
        if not command or command[0].upper() == b"QUIT":
            return
        if command[0].upper() == b"STARTTLS":
            connection.sendall(b"220 2.0.0 Ready to start TLS\r\n")
            connection = context.wrap_socket(connection, server_side=True)
            lines = connection.makefile("rb")
        else:
            connection.sendall(b"250-mail.example.org\r\n250 STARTTLS\r\n")


def beside(visit, work):
    """Runs what talks to an example in a thread while the example works; gives what the visitor got."""
    found = []

    def run():
        try:
            found.append(visit())
        except Exception as error:
            found.append(error)
    thread = threading.Thread(target=run)
    thread.daemon = True
    thread.start()
    work()
    thread.join(support.PATIENCE)
    if not found:
        raise AssertionError("the example's visitor hangs")
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]
