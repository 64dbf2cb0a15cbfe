"""Connections to the runner by the ssl module, with what is expected of them."""
import socket
import ssl

import names
from flags import Unimplemented

INVERTED = bytes(range(255, -1, -1))


class Unexpected(Exception):
    """The connection was made, but not as the runner said that it must be."""


def run(initial, resumed):
    """Makes the connections; each after the first resumes the session of the one before."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if initial.server else ssl.PROTOCOL_TLS_CLIENT)
    session = None
    for number in range(initial.resume_count + 1):
        settings = resumed if number else initial
        configure(context, settings)
        seen = Seen(context)
        if number and not initial.server and session is None:
            raise Unexpected("there is no session to offer")
        session = connect(context, settings, session, seen, number > 0)


def configure(context, settings):
    """Brings the context to the settings. Always the same context: it has the keys of the tickets, and its sessions."""
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if settings.verify_peer:
        context.verify_mode = ssl.CERT_OPTIONAL if settings.server else ssl.CERT_REQUIRED
    elif settings.require_any_client_certificate:
        context.verify_mode = ssl.CERT_REQUIRED
    if settings.trust_cert:
        context.load_verify_locations(settings.trust_cert)
    context.set_ciphers(cipher_string(settings) + ":@SECLEVEL=0")
    context.minimum_version = settings.min_version or ssl.TLSVersion.TLSv1
    context.maximum_version = settings.max_version or ssl.TLSVersion.MAXIMUM_SUPPORTED
    for option, wanted in (
            (ssl.OP_NO_TLSv1, settings.no_tls1), (ssl.OP_NO_TLSv1_1, settings.no_tls11),
            (ssl.OP_NO_TLSv1_2, settings.no_tls12), (ssl.OP_NO_TLSv1_3, settings.no_tls13),
            (ssl.OP_NO_TICKET, settings.no_ticket), (ssl.OP_NO_RENEGOTIATION, not settings.renegotiate_freely),
            (ssl.OP_LEGACY_SERVER_CONNECT, not settings.no_legacy_server_connect),
            (ssl.OP_CIPHER_SERVER_PREFERENCE, settings.server_preference or settings.cipher is not None)):
        context.options = context.options | option if wanted else context.options & ~option
    if settings.key_file:
        load_key(context, settings)
    configure_psk(context, settings)
    configure_algorithms(context, settings)
    configure_alpn(context, settings)


def load_key(context, settings):
    try:
        context.load_cert_chain(settings.cert_file, settings.key_file)
    except ssl.SSLError as error:
        if error.reason is None:
            raise Unimplemented("a key of a kind that the library has not")
        raise


def cipher_string(settings):
    if settings.cipher is None:
        return names.ALL_SUITES
    words = settings.cipher.decode()
    if "[" in words:
        raise Unimplemented("suites of equal preference")
    return ":".join(names.SUITES.get(word, word) for word in words.split(":"))


def configure_psk(context, settings):
    if settings.psk is None:
        return
    if not ssl.HAS_PSK:
        raise Unimplemented("-psk")
    identity = (settings.psk_identity or b"").decode()
    if settings.server:
        context.set_psk_server_callback(lambda given: settings.psk if (given or "") == identity else b"", identity or None)
    else:
        context.set_psk_client_callback(lambda hint: (identity, settings.psk) if (hint or "") == identity else (None, b""))


def configure_algorithms(context, settings):
    """Groups and signature algorithms: Python before 3.15 knows one group only, and none of the others."""
    if settings.curves:
        groups = [named(names.GROUPS, group) for group in settings.curves]
        if hasattr(context, "set_groups"):
            call(context.set_groups, ":".join(groups))
        elif len(groups) == 1:
            call(context.set_ecdh_curve, groups[0])
        else:
            raise Unimplemented("-curves, more than one")
    for algorithms, of_server in ((settings.signing_prefs, settings.server), (settings.verify_prefs, not settings.server)):
        if algorithms:
            setter = getattr(context, "set_server_sigalgs" if of_server else "set_client_sigalgs", None)
            if setter is None:
                raise Unimplemented("a choice of signature algorithms")
            call(setter, ":".join(named(names.SIGNATURE_ALGORITHMS, algorithm) for algorithm in algorithms))


def named(table, number):
    if number not in table:
        raise Unimplemented("number %d" % number)
    return table[number]


def call(setter, text):
    try:
        setter(text)
    except (ValueError, ssl.SSLError) as error:
        raise Unimplemented("%s: %s" % (text, error))


def configure_alpn(context, settings):
    if settings.server:
        protocols = [settings.select_alpn] if settings.select_alpn and not settings.decline_alpn else []
    else:
        protocols, rest = [], settings.advertise_alpn or b""
        while rest:
            protocols.append(rest[1:1 + rest[0]])
            rest = rest[1 + rest[0]:]
    if protocols:
        context.set_alpn_protocols([protocol.decode("ascii") for protocol in protocols])


class Seen:
    """What is told of a handshake by callbacks only."""

    def __init__(self, context):
        self.server_name = None
        self.client_hellos = 0
        if context.protocol == ssl.PROTOCOL_TLS_SERVER:
            context.sni_callback = self._server_name
        context._msg_callback = self._message

    def _server_name(self, connection, name, context):
        self.server_name = name

    def _message(self, connection, direction, version, content_type, message_type, data):
        if content_type == 22 and message_type == 1:
            self.client_hellos += 1


def connect(context, settings, session, seen, resuming):
    """One connection; returns the session that the next one may offer."""
    plain = socket.socket(socket.AF_INET6 if settings.ipv6 else socket.AF_INET)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    plain.connect(("::1" if settings.ipv6 else "127.0.0.1", settings.port))
    plain.sendall(settings.shim_id.to_bytes(8, "little"))
    host_name = settings.host_name.decode() if settings.host_name else None
    kind = ByBytes if settings.async_ else BySocket
    connection = kind(context, plain, settings.server, host_name, session)
    try:
        return exchange(connection, settings, seen, resuming)
    finally:
        connection.drain()


def exchange(connection, settings, seen, resuming):
    tls = connection.tls
    if not settings.implicit_handshake:
        connection.do_handshake()
        check(tls, settings, seen, resuming)
        for _ in range(settings.handshake_twice + settings.no_op_extra_handshake):
            connection.do_handshake()
    if settings.tls_unique:
        connection.write(tls.get_channel_binding("tls-unique"))
    if settings.write_different_record_sizes:
        for size in (0, 1, 255, 256, 257, 16383, 16384, 16385, 32767, 32768, 32769):
            connection.write(b"\x42" * size)
    else:
        if settings.shim_writes_first:
            for _ in range(settings.repeat_shim_initial_write):
                connection.write(settings.shim_initial_write)
        while not settings.shim_shuts_down:
            data = connection.read(settings.read_size)
            if not data:
                break
            connection.write(data.translate(INVERTED))
    if tls.version() is None:
        raise Unexpected("the handshake did not end")
    session = None if settings.server else tls.session
    if settings.check_close_notify:
        connection.unwrap()
    return session


def check(tls, settings, seen, resuming):
    """What must be so once the handshake is done."""
    must("session reused", tls.session_reused, resuming and not settings.expect_session_miss)
    if settings.expect_version:
        must("version", getattr(ssl.TLSVersion, tls.version().replace(".", "_")), settings.expect_version)
    if settings.expect_cipher:
        numbers = {suite["name"]: suite["id"] & 0xFFFF for suite in tls.context.get_ciphers()}
        must("cipher", numbers[tls.cipher()[0]], settings.expect_cipher)
    if settings.expect_curve_id:
        group = asked(tls, "group").lower()
        must("group", names.GROUP_ALIASES.get(group, group), named(names.GROUPS, settings.expect_curve_id).lower())
    if settings.expect_peer_signature_algorithm and not resuming:
        algorithm = asked(tls, "client_sigalg" if settings.server else "server_sigalg")
        must("signature algorithm", algorithm, named(names.SIGNATURE_ALGORITHMS, settings.expect_peer_signature_algorithm))
    protocol = (settings.select_alpn if settings.server else settings.expect_alpn) or b""
    must("ALPN", (tls.selected_alpn_protocol() or "").encode(), protocol)
    if settings.expect_server_name:
        must("server name", seen.server_name, settings.expect_server_name.decode())
    if settings.expect_no_server_name:
        must("server name", seen.server_name, None)
    if settings.expect_hrr or settings.expect_no_hrr:
        must("ClientHello messages", seen.client_hellos, 2 if settings.expect_hrr else 1)
    certificate = tls.getpeercert(True)
    if settings.expect_no_peer_cert:
        must("peer's certificate", certificate, None)
    elif settings.expect_peer_cert_file:
        with open(settings.expect_peer_cert_file) as file:
            chain = file.read()
        end = "-----END CERTIFICATE-----"
        must("peer's certificate", certificate, ssl.PEM_cert_to_DER_cert(chain[:chain.index(end) + len(end)]))
    elif settings.psk is None and (not settings.server or settings.require_any_client_certificate):
        must("a certificate of the peer", certificate is not None, True)


def must(what, value, expected):
    if value != expected:
        raise Unexpected("%s: %r, expected %r" % (what, value, expected))


def asked(tls, method):
    if not hasattr(tls, method):
        raise Unimplemented(method)
    return getattr(tls, method)()


class BySocket:
    """An SSLSocket that blocks."""

    def __init__(self, context, plain, server, host_name, session):
        self.tls = context.wrap_socket(plain, server_side=server, do_handshake_on_connect=False,
                                       server_hostname=host_name, session=session)
        self.do_handshake = self.tls.do_handshake
        self.read = self.tls.recv
        self.write = self.tls.sendall
        self.unwrap = self.tls.unwrap

    def drain(self):
        """Ends our direction and waits for the end of the other, so that no reset takes an alert from the runner."""
        try:
            self.tls.shutdown(socket.SHUT_WR)
            while self.tls.recv(4096):
                pass
        except OSError:
            pass
        self.tls.close()


class ByBytes:
    """An SSLObject that is given one byte at a time and has its bytes taken away, which is what -async is for."""

    def __init__(self, context, plain, server, host_name, session):
        self.plain = plain
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server, host_name, session)

    def do_handshake(self):
        self._until_done(self.tls.do_handshake)

    def read(self, size):
        try:
            return self._until_done(self.tls.read, size)
        except ssl.SSLEOFError:
            return b""  # As SSLSocket does.

    def write(self, data):
        view = memoryview(data)
        while view:
            view = view[self._until_done(self.tls.write, view):]

    def unwrap(self):
        self._until_done(self.tls.unwrap)

    def _until_done(self, operation, *arguments):
        while True:
            try:
                return operation(*arguments)
            except ssl.SSLWantReadError:
                self._send()
                byte = self.plain.recv(1)
                if byte:
                    self.incoming.write(byte)
                else:
                    self.incoming.write_eof()
            finally:
                self._send()

    def _send(self):
        if self.outgoing.pending:
            self.plain.sendall(self.outgoing.read())

    def drain(self):
        try:
            self.plain.shutdown(socket.SHUT_WR)
            while self.plain.recv(4096):
                pass
        except OSError:
            pass
        self.plain.close()
