"""A context put in another's place, by sni_callback or on the socket: what moves with it, and what a connection keeps.

On the interpreter's own ssl the same must hold but for one addition of this module: where the new context asks for more
verification than the old one, that is asked for too (STRICTER).
"""

import gc
import os
import shutil
import ssl
import tempfile
import unittest
import weakref

import support
from support import careless_context, client_context, data, server_context

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
VERSIONS = (TLS12, TLS13)
MODES = (ssl.CERT_NONE, ssl.CERT_OPTIONAL, ssl.CERT_REQUIRED)
CERTIFICATES = (None, "client.pem", "selfsigned.pem")
STRICTER = "SslModule" in ssl.OPENSSL_VERSION


class Ends(object):
    """A client and a server over memory BIOs, taken as far as they go: past the client's answer, which TLS 1.3 ends with."""

    def __init__(self, client, server, session=None, before=None, hostname="localhost"):
        near_in, near_out, far_in, far_out = (ssl.MemoryBIO() for _ in range(4))
        self.near = client.wrap_bio(near_in, near_out, server_hostname=hostname, session=session)
        self.far = server.wrap_bio(far_in, far_out, server_side=True)
        self.bios = near_in, near_out, far_in, far_out
        self.failures = [None, None]
        if before:
            before(self)
        for _ in range(6):
            self.step(lambda end: end.do_handshake())
        self.step(lambda end: end.read(1))

    def step(self, act):
        near_in, near_out, far_in, far_out = self.bios
        for index, end in enumerate((self.near, self.far)):
            if self.failures[index] is None:
                try:
                    act(end)
                except ssl.SSLWantReadError:
                    pass
                except ssl.SSLError as error:
                    self.failures[index] = error
            far_in.write(near_out.read())
            near_in.write(far_out.read())

    @property
    def refusal(self):
        """The server's reason, or None."""
        return self.failures[1] and self.failures[1].reason

    @property
    def failure(self):
        """The client's."""
        return self.failures[0] and self.failures[0].reason


def switching(inner, **settings):
    """A server whose callback puts another context in its place."""
    outer = server_context(**settings)

    def switch(connection, name, context):
        connection.context = inner
    outer.sni_callback = switch
    return outer


def asking(mode, **settings):
    return server_context(verify_mode=mode, trust="ca.pem", **settings)


def with_certificate(version, certificate):
    return client_context(version=version, **({"certificate": certificate} if certificate else {}))


def verdict(mode, certificate):
    """What a server of that mode says to a client with that certificate."""
    if certificate is None:
        return "PEER_DID_NOT_RETURN_A_CERTIFICATE" if mode == ssl.CERT_REQUIRED else None
    return "CERTIFICATE_VERIFY_FAILED" if certificate == "selfsigned.pem" and mode != ssl.CERT_NONE else None


class TestDemand(support.TestCase):
    """What a server demands of its clients."""

    def test_every_pair_of_modes(self):
        for version in VERSIONS:
            for made in MODES:
                for new in MODES:
                    mode = max(made, new) if STRICTER else made
                    for certificate in CERTIFICATES:
                        with self.subTest(version=version, made=made, new=new, certificate=certificate):
                            ends = Ends(with_certificate(version, certificate), switching(asking(new), verify_mode=made, trust="ca.pem"))
                            self.assertEqual(ends.refusal, verdict(mode, certificate))
                            if ends.refusal is None:
                                shown = ends.far.getpeercert(True) is not None
                                self.assertIs(shown, certificate is not None and mode != ssl.CERT_NONE)
                                if STRICTER:
                                    self.assertIs(bool(ends.far.getpeercert()), shown)

    def test_every_pair_of_modes_on_the_socket(self):
        for version in VERSIONS:
            for made in MODES:
                for new in MODES:
                    mode = max(made, new) if STRICTER else made
                    for certificate in CERTIFICATES:
                        with self.subTest(version=version, made=made, new=new, certificate=certificate):
                            inner = asking(new)
                            ends = Ends(with_certificate(version, certificate), asking(made),
                                        before=lambda ends: setattr(ends.far, "context", inner))
                            self.assertEqual(ends.refusal, verdict(mode, certificate))

    @unittest.skipUnless(STRICTER, "what OpenSSL does not ask for")
    def test_no_session_goes_round_the_demand(self):
        """A session made under any pair of modes is of no help under any other."""
        for version in VERSIONS:
            outer, inner = asking(ssl.CERT_NONE), [None]

            def switch(connection, name, context):
                connection.context = inner[0]
            outer.sni_callback = switch
            for first in [(made, new) for made in MODES for new in MODES]:
                for second in [(made, new) for made in MODES for new in MODES]:
                    for certificate in (None, "client.pem"):
                        with self.subTest(version=version, first=first, second=second, certificate=certificate):
                            client = with_certificate(version, certificate)
                            outer.verify_mode, inner[0] = first[0], asking(first[1])
                            ends = Ends(client, outer)
                            if ends.refusal is not None:
                                continue
                            outer.verify_mode, inner[0] = second[0], asking(second[1])
                            again = Ends(client, outer, session=ends.near.session)
                            mode = max(second)
                            self.assertEqual(again.refusal, verdict(mode, certificate))
                            if again.refusal is None:
                                self.assertIs(again.far.session_reused, mode == max(first))
                                self.assertIs(again.far.getpeercert(True) is not None, certificate is not None and mode != ssl.CERT_NONE)

    def test_flags(self):
        check = ssl.VERIFY_CRL_CHECK_LEAF
        for version in VERSIONS:
            for made, new in ((check, 0), (0, check), (0, 0)):
                with self.subTest(version=version, made=made, new=new):
                    inner = asking(ssl.CERT_REQUIRED)
                    outer = switching(inner, verify_mode=ssl.CERT_REQUIRED, trust="ca.pem")
                    outer.verify_flags |= made
                    inner.verify_flags |= new
                    ends = Ends(with_certificate(version, "client.pem"), outer)
                    checked = made or (new and STRICTER)
                    self.assertEqual(ends.refusal, "CERTIFICATE_VERIFY_FAILED" if checked else None)

    def test_later(self):
        """Post-handshake authentication: the connection's demand is what is asked for later."""
        for new in MODES:
            with self.subTest(new=new):
                inner = asking(new, post_handshake_auth=True)
                outer = switching(inner, verify_mode=ssl.CERT_REQUIRED, trust="ca.pem", post_handshake_auth=True)
                ends = Ends(client_context(version=TLS13, certificate="client.pem", post_handshake_auth=True), outer)
                self.assertIsNone(ends.refusal)
                self.assertIsNone(ends.far.getpeercert(True))
                ends.far.verify_client_post_handshake()
                ends.far.write(b"x")
                for _ in range(2):
                    ends.step(lambda end: end.read(1))
                self.assertIsNotNone(ends.far.getpeercert(True))

    @unittest.skipUnless(STRICTER, "what OpenSSL does not ask for")
    def test_who_asks_at_once_is_not_put_off(self):
        outer = switching(asking(ssl.CERT_REQUIRED), verify_mode=ssl.CERT_REQUIRED, trust="ca.pem", post_handshake_auth=True)
        ends = Ends(client_context(version=TLS13, post_handshake_auth=True), outer)
        self.assertEqual(ends.refusal, "PEER_DID_NOT_RETURN_A_CERTIFICATE")

    def test_a_context_that_is_changed(self):
        """What a connection was made with counts, whatever becomes of its context."""
        for version in VERSIONS:
            with self.subTest(version=version):
                server = asking(ssl.CERT_REQUIRED)
                ends = Ends(client_context(version=version), server, before=lambda ends: setattr(server, "verify_mode", ssl.CERT_NONE))
                self.assertEqual(ends.refusal, "PEER_DID_NOT_RETURN_A_CERTIFICATE")


class TestChanged(support.TestCase):
    """Keys and what judges keys are copied when the connection is made."""

    def test_a_security_level_that_is_lowered(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                server = server_context(None, ciphers="DEFAULT:@SECLEVEL=0", version=version)
                server.load_cert_chain(data("rsa1024.pem"))
                client = client_context(version=version, cafile=data("levelca.pem"))
                ends = Ends(client, server, before=lambda ends: client.set_ciphers("DEFAULT:@SECLEVEL=0"))
                self.assertEqual(ends.failure, "CERTIFICATE_VERIFY_FAILED")
                self.assertEqual(ends.failures[0].verify_code, 66)
                self.assertEqual(Ends(client, server).failures, [None, None])

    def test_a_certificate_that_is_loaded_later(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                server = server_context(None, version=version)
                ends = Ends(client_context(version=version), server, before=lambda ends: server.load_cert_chain(data("server.pem")))
                self.assertIsNotNone(ends.refusal)
                self.assertEqual(Ends(client_context(version=version), server).failures, [None, None])


class TestMoved(support.TestCase):
    """What else moves, and what stays."""

    def test_trust_moves(self):
        for version in VERSIONS:
            for where, refusal in (("outer", "CERTIFICATE_VERIFY_FAILED"), ("inner", None)):
                with self.subTest(version=version, where=where):
                    inner = server_context(verify_mode=ssl.CERT_REQUIRED)
                    outer = switching(inner, verify_mode=ssl.CERT_REQUIRED)
                    (outer if where == "outer" else inner).load_verify_locations(data("ca.pem"))
                    self.assertEqual(Ends(with_certificate(version, "client.pem"), outer).refusal, refusal)

    def test_versions_stay(self):
        self.assertEqual(Ends(client_context(), switching(server_context(version=TLS12))).near.version(), "TLSv1.3")
        self.assertEqual(Ends(client_context(), switching(server_context(), version=TLS12)).near.version(), "TLSv1.2")
        inner = server_context()
        inner.options |= ssl.OP_NO_TLSv1_3
        self.assertEqual(Ends(client_context(), switching(inner)).near.version(), "TLSv1.3")

    def test_options_stay(self):
        for version in VERSIONS:
            for where in ("outer", "inner"):
                with self.subTest(version=version, where=where):
                    inner = server_context()
                    outer = switching(inner)
                    (outer if where == "outer" else inner).options |= ssl.OP_NO_TICKET
                    ends = Ends(client_context(version=version), outer)
                    if version == TLS12:
                        self.assertIs(ends.near.session.has_ticket, where == "inner")
                    self.assertEqual(outer.session_stats()["number"] > 0, where == "outer")
                    self.assertEqual(inner.session_stats()["number"], 0)

    def test_groups_stay(self):
        inner = server_context()
        inner.set_ecdh_curve("prime256v1")
        outer, client = switching(inner), client_context()
        for context in (outer, client):
            context.set_ecdh_curve("secp384r1")
        self.assertEqual(Ends(client, outer).failures, [None, None])

    def test_number_of_tickets_stays(self):
        self.assertTrue(Ends(client_context(version=TLS13), switching(server_context(num_tickets=0))).near.session.has_ticket)
        self.assertFalse(Ends(client_context(version=TLS13), switching(server_context(), num_tickets=0)).near.session.has_ticket)

    def test_sessions_stay(self):
        """A new context for every connection is no obstacle to resumption, and hits are counted where the sessions are."""
        for version in VERSIONS:
            with self.subTest(version=version):
                inner = [server_context()]

                def switch(connection, name, context):
                    connection.context = inner[0]
                outer, client = server_context(), client_context(version=version)
                outer.sni_callback = switch
                session = Ends(client, outer).near.session
                inner[0] = server_context()
                self.assertTrue(Ends(client, outer, session=session).near.session_reused)
                self.assertEqual([context.session_stats()["hits"] for context in (outer, inner[0])], [1, 0])
                self.assertEqual([context.session_stats()["accept_good"] for context in (outer, inner[0])], [0, 1])

    def test_key_log_moves(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        for version in VERSIONS:
            with self.subTest(version=version):
                paths = [os.path.join(folder, "%s-%d" % (name, version)) for name in ("outer", "inner")]
                outer = switching(server_context(keylog_filename=paths[1]), keylog_filename=paths[0])
                self.assertEqual(Ends(client_context(version=version), outer).failures, [None, None])
                self.assertEqual([len(support.read_file(path).splitlines()) > 1 for path in paths], [False, True])

    def test_message_callback_moves(self):
        for before, after in ((True, False), (False, True), (True, True)):
            with self.subTest(before=before, after=after):
                heard = set()
                inner = server_context()
                outer = switching(inner)
                if before:
                    outer._msg_callback = lambda *arguments: heard.add("outer " + arguments[1])
                if after:
                    inner._msg_callback = lambda *arguments: heard.add("inner " + arguments[1])
                Ends(client_context(), outer)
                self.assertEqual("outer read" in heard, before)
                self.assertNotIn("outer write", heard)
                self.assertEqual("inner write" in heard, after)

    def test_message_callback_of_a_changed_context(self):
        heard = []
        server = server_context()
        Ends(client_context(), server, before=lambda ends: setattr(server, "_msg_callback", lambda *arguments: heard.append(1)))
        self.assertEqual(heard, [])


class TestClient(support.TestCase):
    """A client whose context is replaced before the handshake."""

    def replaced(self, made, new, server, **options):
        return Ends(made, server, before=lambda ends: setattr(ends.near, "context", new), **options)

    def test_every_pair(self):
        def verifying(version):
            return client_context(version=version)

        def nameless(version):
            return client_context(version=version, check_hostname=False)

        def careless(version):
            return careless_context(version=version, trust="ca.pem")
        for version in VERSIONS:
            for made in (verifying, nameless, careless):
                for new in (verifying, nameless, careless):
                    for certificate in ("server.pem", "wronghost.pem", "selfsigned.pem"):
                        with self.subTest(version=version, made=made.__name__, new=new.__name__, certificate=certificate):
                            kinds = (made, new) if STRICTER else (made,)
                            refused = (certificate == "wronghost.pem" and verifying in kinds
                                       or certificate == "selfsigned.pem" and (verifying in kinds or nameless in kinds))
                            ends = self.replaced(made(version), new(version), server_context(certificate))
                            self.assertEqual(ends.failure, "CERTIFICATE_VERIFY_FAILED" if refused else None)

    def test_trust_moves(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                with_trust, without = (client_context(version=version, cafile=file) for file in (support.CA, None))
                self.assertIsNone(self.replaced(without, with_trust, server_context()).failure)
                self.assertEqual(self.replaced(with_trust, without, server_context()).failure, "CERTIFICATE_VERIFY_FAILED")

    def test_a_session_of_the_old_context(self):
        """It may have been made with less verification: no reason to let a server in whom the new context refuses."""
        for version in VERSIONS:
            with self.subTest(version=version):
                careless, server = careless_context(version=version), server_context("selfsigned.pem")
                session = Ends(careless, server).near.session
                ends = self.replaced(careless, client_context(version=version), server, session=session)
                self.assertEqual(ends.failure, "CERTIFICATE_VERIFY_FAILED" if STRICTER else None)

    def test_offers_stay(self):
        server = server_context(alpn=["b", "a"])
        self.assertEqual(self.replaced(client_context(alpn=["a"]), client_context(alpn=["b"]), server).near.selected_alpn_protocol(), "a")
        self.assertEqual(self.replaced(client_context(), client_context(version=TLS12), server).near.version(), "TLSv1.3")
        self.assertEqual(self.replaced(client_context(version=TLS12), client_context(), server).near.version(), "TLSv1.2")

    def test_ciphers_and_certificates_move(self):
        cipher = "ECDHE-RSA-AES128-GCM-SHA256"
        ends = self.replaced(client_context(version=TLS12), client_context(version=TLS12, ciphers=cipher), server_context())
        self.assertEqual(ends.near.cipher()[0], cipher)
        for version in VERSIONS:
            ends = self.replaced(client_context(version=version), with_certificate(version, "client.pem"), asking(ssl.CERT_REQUIRED))
            self.assertEqual(ends.failures, [None, None])

    def test_a_context_that_is_changed(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                client = client_context(version=version, cafile=None)

                def lower(ends):
                    client.check_hostname = False
                    client.verify_mode = ssl.CERT_NONE
                self.assertEqual(Ends(client, server_context(), before=lower).failure, "CERTIFICATE_VERIFY_FAILED")


class TestAuthorities(support.TestCase):
    """Whom a server trusts is nobody's business."""

    def requests(self, version, later=False):
        """The CertificateRequest messages that a client gets from a server that trusts."""
        found = []

        def listen(connection, direction, version, content_type, message_type, bytes):
            if direction == "read" and content_type == 22 and message_type == 13:
                found.append(bytes)
        client = client_context(version=version, certificate="client.pem", post_handshake_auth=later)
        client._msg_callback = listen
        server = asking(ssl.CERT_OPTIONAL, post_handshake_auth=later)
        server.load_verify_locations(data("otherca.pem"))
        ends = Ends(client, server)
        if later:
            ends.far.verify_client_post_handshake()
            ends.far.write(b"x")
            for _ in range(2):
                ends.step(lambda end: end.read(1))
        self.assertEqual(ends.failures, [None, None])
        self.assertIsNotNone(ends.far.getpeercert(True))
        return found

    def test_none_are_named(self):
        message, = self.requests(TLS12)
        self.assertEqual(message[-2:], b"\0\0", "the list with which the message ends")
        for later in (False, True):
            with self.subTest(later=later):
                message, = self.requests(TLS13, later)
                at = 4 + 1 + message[4] + 2
                extensions = []
                while at < len(message):
                    extensions.append(message[at] << 8 | message[at + 1])
                    at += 4 + (message[at + 2] << 8 | message[at + 3])
                self.assertIn(13, extensions)
                self.assertNotIn(47, extensions)


@unittest.skipUnless(STRICTER and not support.IRONPYTHON, "what the native module of this project does")
class TestReplacedInsideAStep(support.TestCase):
    """A context that is replaced while a step goes on outlives the step, which may still use it."""

    def hold(self, wrap):
        """Runs a handshake whose callback replaces the connection's context and forgets it; `wrap` sets the callback."""
        alive = []
        state = {"context": None, "inner": None, "side": None, "ends": None}

        def replace():
            if state["context"] is not None and state["ends"] is not None:
                watched = weakref.ref(state["context"])
                getattr(state["ends"], state["side"]).context = state["inner"]
                state["context"] = None
                gc.collect()
                alive.append(watched() is not None)
                state["watched"] = watched
        client, server = wrap(state, replace)

        def begin(ends):
            state["ends"] = ends
        ends = Ends(client, server, before=begin)
        del client, server
        gc.collect()
        self.assertEqual(ends.failures, [None, None])
        self.assertEqual(alive, [True])
        self.assertIsNone(state["watched"](), "kept for good")

    def test_server_name_callback(self):
        def wrap(state, replace):
            def callback(connection, name, context):
                del context
                replace()
            state.update(context=server_context(), inner=server_context(), side="far")
            state["context"].sni_callback = callback
            return client_context(), Forgotten(state)
        self.hold(wrap)

    def test_message_callback(self):
        for side in ("near", "far"):
            def wrap(state, replace):
                contexts = [client_context(), server_context()]
                others = [client_context(), server_context()]
                index = ("near", "far").index(side)
                state.update(context=contexts[index], inner=others[index], side=side)
                contexts[index]._msg_callback = lambda *arguments: replace()
                ends = [contexts[0], contexts[1]]
                ends[index] = Forgotten(state)
                return tuple(ends)
            with self.subTest(side=side):
                self.hold(wrap)

    @unittest.skipUnless(hasattr(ssl.SSLContext, "set_psk_client_callback"), "no pre-shared keys")
    def test_psk_callbacks(self):
        for side in ("near", "far"):
            def wrap(state, replace):
                def make(server, asks):
                    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
                    if not server:
                        context.check_hostname = False
                        context.verify_mode = ssl.CERT_NONE
                    context.minimum_version = context.maximum_version = TLS12
                    context.set_ciphers("PSK")
                    key = b"k" * 16

                    def answer(text):
                        if asks:
                            replace()
                        return key if server else ("client", key)
                    (context.set_psk_server_callback if server else context.set_psk_client_callback)(answer)
                    return context
                contexts = [make(False, side == "near"), make(True, side == "far")]
                index = ("near", "far").index(side)
                state.update(context=contexts[index], inner=make(bool(index), False), side=side)
                contexts[index] = Forgotten(state)
                return tuple(contexts)
            with self.subTest(side=side):
                self.hold(wrap)


class Forgotten(object):
    """Stands for a context without keeping it."""

    def __init__(self, state):
        self.state = state

    def wrap_bio(self, *arguments, **options):
        return self.state["context"].wrap_bio(*arguments, **options)


if __name__ == "__main__":
    unittest.main()
