"""Connects to a server and says how its TLS is. Only the documented ssl module is used, and its message callback."""

import json
import socket
import ssl
import sys
import time

from sslmodule import certificates, facts, messages, shown

GOOD, FAILED, NO_CONNECTION = 0, 1, 2
# What a server has to say after its handshake (tickets, a refused client certificate) comes within a few round trips.
ROUND_TRIPS, LEAST_PATIENCE, MOST_PATIENCE = 3, 0.1, 1.0


class Problem(Exception):
    """Nothing can be looked at; its text is for the user."""


class Recorder(object):
    """A message callback: keeps what the messages hold, and when they came."""

    def __init__(self, context, start):
        self.start = start
        self.found = []
        self.suites = dict((suite["id"] & 0xffff, suite["name"]) for suite in context.get_ciphers())
        context._msg_callback = self

    def __call__(self, connection, direction, version, content_type, message_type, data):
        message = messages.describe(int(version), int(content_type), data, self.suites)
        if message is not None:
            message["ms"] = milliseconds(self.start)
            message["sent"] = direction == "write"
            self.found.append(message)

    def chain(self):
        """The certificates that the server sent, as DER bytes."""
        for message in self.found:
            if message["name"] == "Certificate" and not message["sent"]:
                return message["certificates"]
        return []


def milliseconds(start):
    return round((time.perf_counter() - start) * 1000, 1)


def address(text):
    """(host, port) of HOST, HOST:PORT, [ADDRESS]:PORT or an IPv6 address alone."""
    host, port = text, "443"
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise Problem("%r is no [ADDRESS]:PORT" % text)
        port = rest[1:] if rest else port
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise Problem("%r is no HOST or HOST:PORT" % text)
    return host, int(port)


def trusting(cafile):
    try:
        return ssl.create_default_context(cafile=cafile)
    except (OSError, ValueError) as error:
        raise Problem("no certificates can be read from %s: %s" % (cafile, error))


def connect(host, port, timeout):
    try:
        return socket.create_connection((host, port), timeout)
    except (OSError, ValueError) as error:
        # IronPython's error of an unknown name is a UnicodeError's or an OSError's child, as the system has it.
        raise Problem("no connection to %s port %d: %s" % (host, port, error))


def examine(host, port, servername=None, cafile=None, insecure=False, timeout=10.0):
    """The report, a dict that JSON can hold."""
    context = trusting(cafile)
    report = attempt(context, host, port, servername or host, timeout)
    if insecure and report["error"] and report["error"]["verify_code"] is not None:
        # No data of anybody's is sent on it; it shows what the server does once its certificate is not looked at.
        careless = trusting(cafile)
        careless.check_hostname = False
        careless.verify_mode = ssl.CERT_NONE
        report["insecure"] = attempt(careless, host, port, servername or host, timeout)
    return report


def attempt(context, host, port, servername, timeout):
    start = time.perf_counter()
    plain = connect(host, port, timeout)
    reached = milliseconds(start)
    report = {
        "host": host, "port": port, "servername": servername, "address": plain.getpeername()[0], "connected_ms": reached,
        "ssl": ssl.OPENSSL_VERSION, "cryptography": dict(facts.engine()).get("cryptography"), "verifies": context.verify_mode != ssl.CERT_NONE, "negotiated": None, "error": None,
    }
    recorder = Recorder(context, start)
    connection, chain = plain, None
    try:
        connection = context.wrap_socket(plain, server_hostname=servername)
        report["negotiated"] = negotiated(connection, recorder)
        report["handshake_ms"] = milliseconds(start)
        chain = verified(connection)
        settle(connection, reached / 1000.0)
    except (OSError, ValueError) as error:
        report["error"] = failure(error)
    finally:
        connection.close()
        plain.close()
        context._msg_callback = None
    report["messages"] = [dict(message, certificates=len(message["certificates"])) if "certificates" in message else message
                          for message in recorder.found]
    report["chain"] = [dict(certificates.summary(der), sent=der in recorder.chain())
                       for der in (chain if chain and report["verifies"] else recorder.chain())]
    return report


def negotiated(connection, recorder):
    cipher = connection.cipher()
    found = {"version": connection.version(), "cipher": cipher[0], "bits": cipher[2], "alpn": connection.selected_alpn_protocol()}
    # Of Python 3.15, and of this module everywhere.
    found["group"] = connection.group() if hasattr(connection, "group") else None
    for message in recorder.found:
        found["group"] = found["group"] or (message.get("group") if message["name"] == "ServerHello" else None)
        if message["name"] == "CertificateVerify" and not message["sent"]:
            found["signature"] = message["signature"]
    return found


def verified(connection):
    """The verified chain as DER bytes, where this Python tells it."""
    return connection.get_verified_chain() if hasattr(connection, "get_verified_chain") else None


def settle(connection, round_trip):
    """Reads what a server says right after a handshake of TLS 1.3, such as that it wants a certificate of the client."""
    if connection.version() != "TLSv1.3":
        return
    connection.settimeout(min(max(LEAST_PATIENCE, ROUND_TRIPS * round_trip), MOST_PATIENCE))
    try:
        connection.recv(1)
    except socket.timeout:
        pass
    except ssl.SSLError:
        raise
    except OSError:
        # Somebody who hangs up without a word has nothing against the handshake.
        pass


def hint(error):
    """What the system's errors in a handshake mean; ssl's own explain themselves."""
    if isinstance(error, socket.timeout):
        return ("what happened: the server takes connections and says nothing\n"
                "what would help: look whether it waits for words of a protocol before TLS begins (STARTTLS), or whether a firewall drops the handshake")
    if isinstance(error, ssl.SSLZeroReturnError):
        # So the contexts of some distributions' Python say it (OP_IGNORE_UNEXPECTED_EOF).
        return ("what happened: the server has closed the connection in the handshake\n"
                "what would help: look whether the port is that of a TLS server, and whether a firewall or proxy between closes connections to it")
    if isinstance(error, (ConnectionError, BrokenPipeError)):
        return ("what happened: the connection was cut in the handshake, without an alert\n"
                "what would help: look whether the port is that of a TLS server, and for a firewall or proxy between that does not let the handshake pass")
    return None


def failure(error):
    # A host name that a certificate brings may hold anything.
    return {
        "type": type(error).__name__, "message": certificates.printable(str(error)), "reason": getattr(error, "reason", None),
        "verify_code": getattr(error, "verify_code", None), "verify_message": getattr(error, "verify_message", None),
        "explanation": getattr(error, "explanation", None) or hint(error),
    }


def run(given, out=None):
    """The command; returns its exit status."""
    out = out or sys.stdout
    try:
        host, port = address(given.server)
        if given.timeout <= 0:
            raise Problem("--timeout wants a positive number of seconds")
        report = examine(host, port, given.servername, given.cafile, given.insecure, given.timeout)
        status = report["status"] = FAILED if report["error"] else GOOD
    except Problem as problem:
        report, status = {"status": NO_CONNECTION, "problem": str(problem)}, NO_CONNECTION
    if given.json:
        out.write(json.dumps(report, indent=2, sort_keys=True) + "\n")
    elif status == NO_CONNECTION:
        sys.stderr.write("sslmodule doctor: %s\n" % report["problem"])
    else:
        shown.Page(out).report(report)
    return status
