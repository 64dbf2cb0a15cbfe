"""What calls answer, and with which words they refuse: sockets, objects, contexts and functions.

Each scenario gives one line of text. Run as a program it prints all of them as the host that runs it has them:

    python3 -I tests/python/behaviours.py
"""

import io
import json
import os
import re
import socket
import ssl
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import support      # noqa: E402
from support import both, client_context, connected_pair, data, server_context, tls_pair      # noqa: E402

SCENARIOS = []


def scenario(function):
    SCENARIOS.append(function)
    return function


def said(call, *arguments, **options):
    """The result, or the exception with its words; without what differs from run to run."""
    try:
        answer = repr(call(*arguments, **options))
    except Exception as error:
        answer = "%s: %s" % (type(error).__name__, error)
    # CPython leaves the name out where a file is not there; ours has it.
    answer = answer.replace(": '/no/such/file'", "")
    return re.sub(r"_ssl\.c:\d+|0x[0-9a-f]+|fd=\d+|\('127.0.0.1', \d+\)", "~", answer)


def forget(*ends):
    for end in ends:
        end.close()


@scenario
def kinds_of_socket():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        yield said(client_context().wrap_socket, datagrams, server_hostname="localhost")
    yield said(client_context().wrap_socket, None, server_hostname="localhost")
    yield said(ssl.SSLSocket)
    yield said(ssl.SSLSocket, socket.socket)
    yield said(ssl.SSLObject)


@scenario
def accept_and_connect():
    with server_context().wrap_socket(support.listener(), server_side=True, do_handshake_on_connect=False) as waiting:
        yield [waiting.server_side, waiting.cipher(), waiting.pending(), type(waiting).__name__]
        yield said(waiting.connect, ("127.0.0.1", 1))
        yield said(waiting.connect_ex, ("127.0.0.1", 1))
        near = client_context().wrap_socket(socket.socket(), server_hostname="localhost", do_handshake_on_connect=False)
        yield near.connect_ex(waiting.getsockname())
        far, address = waiting.accept()
        yield [type(far).__name__, far.server_side, far.context is waiting.context, address == near.getsockname(),
               far.do_handshake_on_connect, far.suppress_ragged_eofs]
        yield both(near.do_handshake, far.do_handshake)
        yield said(near.connect, waiting.getsockname())
        yield said(near.connect_ex, waiting.getsockname())
        forget(near, far)
        address = waiting.getsockname()
    with client_context().wrap_socket(socket.socket(), server_hostname="localhost") as near:
        yield os.strerror(near.connect_ex(address))
        yield said(near.connect, address)


@scenario
def detach_and_dup():
    near, far = tls_pair(client_context(), server_context())
    yield said(near.dup)
    descriptor = near.detach()
    yield [descriptor > 0, near.fileno()]
    yield said(near.send, b"x")
    plain = socket.socket(fileno=descriptor)
    yield type(plain).__name__
    forget(near, far, plain)


@scenario
def files():
    near, far = tls_pair(client_context(), server_context())
    for mode in ("rwb", "rw"):
        text = str if mode == "rw" else lambda value: value.encode()
        with near.makefile(mode) as one, far.makefile(mode) as other:
            one.write(text("a line\nand more\n"))
            one.flush()
            yield [str(other.readline()), str(other.readline())]
    file = near.makefile("rb")
    near.close()
    far.sendall(b"still here\n")
    yield str(file.readline())
    yield [near.fileno() > 0]
    file.close()
    yield near.fileno()
    far.close()


@scenario
def sendfile():
    near, far = tls_pair(client_context(), server_context())
    content = support.pattern(1000)
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "file")
    with open(path, "wb") as file:
        file.write(content)
    with open(path, "rb") as file:
        for offset, count in ((0, None), (990, None), (0, 10), (500, 10), (2000, None), (999, 100)):
            sent = near.sendfile(file, offset, count)
            end = offset + count if count else None
            yield [sent, file.tell(), support.receive(far, sent) == content[offset:end]]
        for offset, count in ((0, 0), (0, -1), (0, 1.5), (0, "1")):
            yield said(near.sendfile, file, offset, count)
        near.setblocking(False)
        yield said(near.sendfile, file)
        near.settimeout(support.PATIENCE)
    with open(path) as file:
        yield said(near.sendfile, file)
    open(path, "w").close()
    with open(path, "rb") as file:
        yield near.sendfile(file)
    memory = io.BytesIO(content)
    yield [near.sendfile(memory), memory.tell(), support.receive(far, 1000) == content]
    yield said(near.sendfile, None)
    os.remove(path)
    os.rmdir(folder)
    forget(near, far)


@scenario
def timeouts():
    near, far = connected_pair()
    near.settimeout(0.05)
    yield said(client_context().wrap_socket, near, server_hostname="localhost")
    far.close()
    near, far = tls_pair(client_context(), server_context())
    near.settimeout(0.05)
    yield said(near.recv, 1)
    yield said(near.read, 1)
    yield said(near.recv_into, bytearray(1))
    yield said(near.unwrap)
    forget(near, far)
    near, far = tls_pair(client_context(), server_context())
    near.settimeout(0.05)
    yield said(near.sendall, bytes(1 << 25))
    forget(near, far)


@scenario
def no_waiting():
    near, far = connected_pair()
    near.setblocking(False)
    yield said(client_context().wrap_socket, near, server_hostname="localhost")
    far.close()
    near, far = connected_pair()
    near.setblocking(False)
    near = client_context().wrap_socket(near, server_hostname="localhost", do_handshake_on_connect=False)
    yield said(near.do_handshake)
    yield said(near.recv, 1)
    yield said(near.send, b"x")
    yield said(near.unwrap)
    yield [near.cipher(), near.version(), near.pending()]
    forget(near, far)
    near, far = tls_pair(client_context(), server_context())
    near.setblocking(False)
    yield said(near.recv, 1)
    yield said(near.recv_into, bytearray(1))
    yield said(near.recv_into, bytearray(0))
    yield said(near.recv, 0)
    yield said(near.unwrap)
    forget(near, far)


@scenario
def ragged_ends():
    for suppress in (True, False):
        near, far = tls_pair(client_context(), server_context(num_tickets=0), suppress_ragged_eofs=suppress)
        near.context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
        socket.socket(fileno=far.detach()).close()
        yield said(near.recv, 1)
        yield said(near.recv_into, bytearray(1)) if suppress else None
        near.close()


@scenario
def ends_without_goodbye():
    """In the handshake and behind it, where that is an error and where it is none."""
    # Before 3.11.4, CPython's own has no SSLEOFError for it with OpenSSL 3.
    for ignored in (False, True) if sys.version_info >= (3, 11, 4) else (True,):
        for before in (True, False):
            context = client_context()
            context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
            if ignored:
                context.options |= ssl.OP_IGNORE_UNEXPECTED_EOF
            there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
            near = context.wrap_bio(back, there, server_hostname="localhost")
            far = server_context(num_tickets=0).wrap_bio(there, back, server_side=True)
            if not before:
                support.shake(near, far)
            back.write_eof()
            yield said(near.do_handshake if before else near.read)


def kernel_has_tls():
    near, far = connected_pair()
    with near, far:
        try:
            near.setsockopt(socket.IPPROTO_TCP, 31, b"tls")     # TCP_ULP
        except OSError:
            return False
    return True


@scenario
def kernel_tls():
    """Asked for where the kernel has none: this engine never uses it."""
    if sys.version_info < (3, 15) or kernel_has_tls():
        return
    for option in (0, ssl.OP_ENABLE_KTLS):
        client, server = client_context(), server_context(num_tickets=0)
        client.options |= option
        server.options |= option
        near, far = tls_pair(client, server)
        yield [near._sslobj.uses_ktls_for_send(), near._sslobj.uses_ktls_for_recv(), far._sslobj.uses_ktls_for_send(), far._sslobj.uses_ktls_for_recv()]
        with tempfile.TemporaryFile() as file:
            file.write(support.pattern(100000))
            yield said(near._sslobj.sendfile, file.fileno(), 0, 10)
            received, sent = both(lambda: support.receive(far, 90000), lambda: near.sendfile(file, 10000))
            yield [received == support.pattern(100000)[10000:], sent, file.tell()]
        forget(near, far)


@scenario
def flags_and_forbidden_calls():
    near, far = tls_pair(client_context(), server_context())
    buffer = bytearray(10)
    for call, arguments in ((near.recv, (1, 1)), (near.recv_into, (buffer, 1, 1)), (near.send, (b"x", 1)), (near.sendall, (b"x", 1)),
                            (near.recvfrom, (1,)), (near.recvfrom_into, (buffer,)), (near.sendto, (b"x", ("127.0.0.1", 1))),
                            (near.sendto, (b"x", 0, ("127.0.0.1", 1))), (near.recvmsg, ()), (near.recvmsg_into, ()), (near.sendmsg, ())):
        yield said(call, *arguments)
    forget(near, far)


@scenario
def without_connection():
    near = client_context().wrap_socket(socket.socket(), server_hostname="localhost")
    for call, arguments in ((near.read, ()), (near.write, (b"x",)), (near.unwrap, ()), (near.getpeercert, ()), (near.do_handshake, ()),
                            (near.cipher, ()), (near.version, ()), (near.pending, ()), (near.compression, ()), (near.shared_ciphers, ()),
                            (near.selected_alpn_protocol, ()), (near.get_channel_binding, ()), (near.get_channel_binding, ("x",)),
                            (near.verify_client_post_handshake, ()), (near.recv, (1,)), (near.send, (b"x",))):
        yield re.sub(r"<ssl\.SSLSocket.*", "<socket>", said(call, *arguments))
    yield [near.session, near.session_reused, near.server_side, near.server_hostname]
    near.close()


@scenario
def closed():
    near, far = tls_pair(client_context(), server_context())
    forget(near, far)
    for call, arguments in ((near.read, ()), (near.write, (b"x",)), (near.unwrap, ()), (near.do_handshake, ()), (near.recv, (1,)),
                            (near.send, (b"x",)), (near.sendall, (b"x",)), (near.cipher, ()), (near.version, ()), (near.pending, ()),
                            (near.recv_into, (bytearray(1),)), (near.getpeername, ()), (near.close, ()), (near.fileno, ())):
        yield re.sub(r"<ssl\.SSLSocket.*", "<socket>", said(call, *arguments))


@scenario
def before_the_handshake():
    near, far = connected_pair()
    # The default list of ciphers is another in Debian's builds of Python.
    near = client_context(ciphers="ECDHE+AESGCM").wrap_socket(near, server_hostname="localhost", do_handshake_on_connect=False)
    for call, arguments in ((near.getpeercert, ()), (near.cipher, ()), (near.version, ()), (near.pending, ()), (near.unwrap, ()),
                            (near.get_channel_binding, ()), (near.shared_ciphers, ()), (near.verify_client_post_handshake, ())):
        yield said(call, *arguments)
    yield [near.session, near.session_reused]
    forget(near, far)


def memory_pair():
    one, two = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client_context().wrap_bio(one, two, server_hostname="localhost")
    far = server_context(num_tickets=0).wrap_bio(two, one, server_side=True)
    for _ in range(4):
        for end in (near, far):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                pass
    return near, far


@scenario
def memory():
    near, far = memory_pair()
    yield [near.server_side, far.server_side, near.server_hostname, far.server_hostname, near.session_reused]
    yield said(near.read, 1)
    yield said(near.unwrap)
    yield said(near.write, b"x")
    yield said(far.read, 1)
    yield said(far.write, b"late")
    yield said(far.unwrap)
    yield said(far.unwrap)
    yield said(near.unwrap)
    near, far = memory_pair()
    far.write(b"data")
    yield said(near.unwrap)


@scenario
def wrapping():
    near, far = tls_pair(client_context(), server_context())
    session = near.session
    with socket.socket() as plain:
        yield said(server_context().wrap_socket, plain, server_side=True, server_hostname="x")
        yield said(server_context().wrap_socket, plain, server_side=True, session=session)
        yield said(client_context().wrap_socket, plain)
        yield said(client_context().wrap_socket, plain, server_hostname="")
    for name in ("", ".example.org", "nul\0inside", "a" * 64 + ".org", "a" * 300):
        yield said(client_context().wrap_bio, ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=name)[:60]
    yield said(client_context().wrap_bio, ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="x", session=session)
    yield said(client_context().wrap_bio, ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="x", session=1)
    yield said(server_context().wrap_bio, ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="x")
    yield said(client_context().wrap_bio, ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=True)
    yield said(setattr, near, "session", session)
    yield said(setattr, near, "context", None)
    yield said(setattr, far, "session", session)
    forget(near, far)


@scenario
def server_certificates():
    with support.Server(server_context()) as server:
        with open(data("server.pem")) as file:
            leaf = file.read()
        text = ssl.get_server_certificate(server.address)
        yield [text.splitlines()[0], text.splitlines()[1] in leaf, text.endswith("-----END CERTIFICATE-----\n")]
        yield ssl.get_server_certificate(server.address, ca_certs=support.CA) == text
        yield ssl.get_server_certificate(server.address, timeout=support.PATIENCE) == text
        yield said(ssl.get_server_certificate, server.address, ca_certs=data("otherca.pem"))
        address = server.address
    yield said(ssl.get_server_certificate, address)
    with support.listener() as deaf:
        yield said(ssl.get_server_certificate, deaf.getsockname(), timeout=0.05)


def table():
    """Calls with a wrong argument, for their words."""
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    bio = ssl.MemoryBIO()
    ended = ssl.MemoryBIO()
    ended.write_eof()
    file = data("server.pem")
    for call, rows in (
            (ssl.RAND_bytes, [(), (1, 2), ("1",), (-1,), (1.5,), (None,)]),
            (ssl.RAND_add, [(), (b"x",), (1, 1.0), (b"x", "1")]),
            (ssl.RAND_status, [(1,)]),
            (ssl.SSLContext, [(99,), ("x",), (1.5,)]),
            (ssl.DER_cert_to_PEM_cert, [("x",), (None,)]),
            (ssl.PEM_cert_to_DER_cert, [("x",), (ssl.PEM_HEADER,)]),
            (ssl.cert_time_to_seconds, [("x",)]),
            (ssl.create_default_context, [(1,), ("x",), (None,)]),
            (lambda: ssl.create_default_context(cafile="/no/such/file"), [()]),
            (lambda: ssl._create_unverified_context(keyfile="x"), [()]),
            (lambda: ssl._create_unverified_context(purpose=1), [()]),
            (ssl._ssl.txt2obj, [(), (1,), ("",), ("no such name",), ("a\0b",)]),
            (ssl._ssl.nid2obj, [(), ("1",), (-1,), (100000,), (1 << 70,)]),
            (ssl._ssl._test_decode_cert, [(), (1,), ("/no/such/file",)]),
            (server.set_ciphers, [(), (1,), (b"ALL",), ("",), ("NONSENSE",), ("ALL", "ALL")]),
            (server.set_alpn_protocols, [(), (1,), ([1],), ([""],), (["a" * 256],)]),
            (server._set_alpn_protocols, [(), (1,), ("x",)]),
            (server.set_ecdh_curve, [(), (1,), ("nonsense",), (b"nonsense",)]),
            (server.load_dh_params, [(), (1,), (None,), ("/no/such/file",), (file,)]),
            (server.load_cert_chain, [(), (1,), (None,), ("/no/such/file",), (file, "/no/such/file"), (data("ca.pem"),), (data("notpem.pem"),)]),
            (server.load_verify_locations, [(), (1,), ("/no/such/file",), (None, 1), (None, None, 1), (None, None, ""), (None, None, b""),
                                            (None, None, "\xfc"), (None, None, "x"), (None, None, b"x"), (data("notpem.pem"),)]),
            (server.session_stats, [(1,)]),
            (server.cert_store_stats, [(1,)]),
            (server.get_ca_certs, [(1, 2), ("x",)]),
            (server.get_ciphers, [(1,)]),
            (server.set_default_verify_paths, [(1,)]),
            (server.load_default_certs, [(1,), ("x",)]),
            (server.set_servername_callback, [(), (1,)]),
            (bio.read, [("x",), (1, 2), (1 << 70,)]),
            (bio.write, [(), ("x",), (1,)]),
            (ended.write, [(b"x",)]),
            (ssl.MemoryBIO, [(1,)])):
        for arguments in rows:
            yield said(call, *arguments)
    for target, name, values in (
            (server, "options", [None, "1", 1.5, -1]), (server, "verify_flags", [None, "1"]), (server, "verify_mode", [None, 3, -1, "x"]),
            (client, "verify_mode", [ssl.CERT_NONE]), (server, "minimum_version", [None, 1, "x"]), (server, "maximum_version", [None, 1]),
            (server, "num_tickets", [None, -1, "x", 1 << 31]), (client, "num_tickets", [1]), (server, "sni_callback", [1]),
            (client, "sni_callback", [len]), (server, "_msg_callback", [1]), (server, "keylog_filename", [1, "/no/such/folder/file"]),
            (server, "protocol", [1]), (server, "security_level", [1]), (server, "no_such_attribute", [1])):
        for value in values:
            yield said(setattr, target, name, value)


@scenario
def arguments():
    for line in table():
        yield line


def outcomes():
    return [[function.__name__] + list(function()) for function in SCENARIOS]


if __name__ == "__main__":
    threading.excepthook = lambda *ignored: None
    print(json.dumps(outcomes(), indent=0))
