"""Sessions: SSLSession, what session= refuses, session_stats, and resumption with the interpreter's own ssl."""

import os
import ssl
import subprocess
import time
import unittest

import stockpeer
import support
from support import client_context, server_context, tls_pair

TLS12 = ssl.TLSVersion.TLSv1_2
TLS13 = ssl.TLSVersion.TLSv1_3
WAYS = ((TLS12, True), (TLS12, False), (TLS13, True), (TLS13, False))
STOCK = stockpeer.interpreter() if stockpeer.available() else None
PEER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "resumption_peer.py")


def contexts(version, tickets=True, **settings):
    client, server = client_context(version=version), server_context(version=version, **settings)
    if not tickets:
        server.options |= ssl.OP_NO_TICKET
    return client, server


class Connected(support.TestCase):
    def pair(self, client, server, **options):
        near, far = tls_pair(client, server, **options)
        self.addCleanup(near.close)
        self.addCleanup(far.close)
        far.sendall(b"down")
        self.assertEqual(support.receive(near, 4), b"down")     # TLS 1.3's tickets came before it
        return near, far


class TestSession(Connected):
    def test_attributes(self):
        for version, tickets in WAYS:
            with self.subTest(version=version, tickets=tickets):
                before = int(time.time())
                near, _ = self.pair(*contexts(version, tickets))
                session = near.session
                self.assertIs(type(session), ssl.SSLSession)
                self.assertIs(type(session.id), bytes)
                self.assertEqual(len(session.id), 32)
                self.assertIn(session.time, range(before, int(time.time()) + 1))
                self.assertEqual(session.timeout, 7200)
                has_ticket = tickets or version == TLS13
                self.assertIs(session.has_ticket, has_ticket)
                self.assertEqual(session.ticket_lifetime_hint, 7200 if has_ticket else 0)
                for name in ("id", "time", "timeout", "ticket_lifetime_hint", "has_ticket"):
                    self.assertRaises(AttributeError, setattr, session, name, 1)
        self.assertRaises(TypeError, ssl.SSLSession)

    def test_equality(self):
        client, server = contexts(TLS12)
        first, _ = self.pair(client, server)
        other, _ = self.pair(client, server)
        again, _ = self.pair(client, server, session=first.session)
        self.assertTrue(again.session_reused)
        self.assertEqual(first.session, first.session)
        self.assertIsNot(first.session, first.session)
        self.assertEqual(again.session, first.session)
        self.assertEqual(again.session.id, first.session.id)
        self.assertNotEqual(other.session, first.session)
        self.assertFalse(first.session != again.session)
        self.assertNotEqual(first.session, first.session.id)
        self.assertNotEqual(first.session, None)
        self.assertRaises(TypeError, lambda: first.session < other.session)
        self.assertRaises(TypeError, hash, first.session)

    def test_before_the_ticket_there_is_nothing_to_resume(self):
        client, server = contexts(TLS13, num_tickets=0)
        near, far = self.pair(client, server)
        self.assertEqual((near.session.id, near.session.has_ticket), (b"", False))
        again, far = self.pair(client, server, session=near.session)
        self.assertFalse(again.session_reused)
        self.assertFalse(far.session_reused)

    def test_both_ends_and_before_the_handshake(self):
        near, far = support.connected_pair()
        client, server = contexts(TLS12)
        near = client.wrap_socket(near, server_hostname="localhost", do_handshake_on_connect=False)
        far = server.wrap_socket(far, server_side=True, do_handshake_on_connect=False)
        self.addCleanup(near.close)
        self.addCleanup(far.close)
        self.assertIsNone(near.session)
        self.assertIsNone(far.session)
        support.both(near.do_handshake, far.do_handshake)
        self.assertIsNotNone(near.session)
        self.assertFalse(far.session.has_ticket)

    def test_session_set_on_the_socket(self):
        for version, tickets in WAYS:
            with self.subTest(version=version, tickets=tickets):
                client, server = contexts(version, tickets)
                first, _ = self.pair(client, server)
                near, far = support.connected_pair()
                near = client.wrap_socket(near, server_hostname="localhost", do_handshake_on_connect=False)
                self.addCleanup(near.close)
                near.session = first.session
                _, far = support.both(near.do_handshake, lambda: server.wrap_socket(far, server_side=True))
                self.addCleanup(far.close)
                self.assertTrue(near.session_reused)
                self.assertTrue(far.session_reused)

    def test_memory_bios(self):
        client, server = contexts(TLS13)
        session = None
        for reused in (False, True):
            up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
            near = client.wrap_bio(down, up, server_hostname="localhost", session=session)
            far = server.wrap_bio(up, down, server_side=True)
            support.shake(near, far)
            self.assertRaises(ssl.SSLWantReadError, near.read)
            self.assertIs(near.session_reused, reused)
            self.assertIs(far.session_reused, reused)
            session = near.session
            self.assertTrue(session.has_ticket)

    def test_one_session_for_many_connections(self):
        """As FTPS clients do it for every transfer: more often than there are tickets."""
        for version, tickets in WAYS:
            with self.subTest(version=version, tickets=tickets):
                client, server = contexts(version, tickets)
                session = self.pair(client, server)[0].session
                reused = [self.pair(client, server, session=session)[0].session_reused for _ in range(6)]
                self.assertEqual(reused, [True] * 6)

    @unittest.skipUnless(hasattr(ssl.SSLContext, "single_use_tickets"), "OpenSSL offers a ticket any number of times")
    def test_tickets_that_are_used_once(self):
        client, server = contexts(TLS13, num_tickets=2)
        self.assertIs(client.single_use_tickets, False)
        client.single_use_tickets = True
        self.assertIs(client.single_use_tickets, True)
        session = self.pair(client, server)[0].session
        reused = [self.pair(client, server, session=session)[0].session_reused for _ in range(3)]
        self.assertEqual(reused, [True, True, False])


class TestRefused(Connected):
    def assertRefuses(self, kind, message, call, *arguments, **options):
        self.assertEqual(str(self.assertFails(kind, call, *arguments, **options)), message)

    def test_setter(self):
        client, server = contexts(TLS12)
        near, far = self.pair(client, server)
        other = client_context(version=TLS12)
        self.assertRefuses(ValueError, "Cannot set session after handshake.", setattr, near, "session", near.session)
        self.assertRefuses(TypeError, "Value is not a SSLSession.", setattr, near, "session", object())
        self.assertRefuses(TypeError, "Value is not a SSLSession.", setattr, near, "session", None)
        self.assertRefuses(ValueError, "Cannot set session for server-side SSLSocket.", setattr, far, "session", far.session)
        self.assertRefuses(ValueError, "Session refers to a different SSLContext.", setattr, far, "session", near.session)
        self.assertRefuses(ValueError, "Session refers to a different SSLContext.",
                           other.wrap_bio, ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost", session=near.session)
        self.assertRefuses(TypeError, "Value is not a SSLSession.",
                           client.wrap_bio, ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost", session=1)

    def test_server_side_wrap(self):
        client, server = contexts(TLS12)
        session = self.pair(client, server)[1].session
        plain, other = support.connected_pair()
        self.addCleanup(plain.close)
        self.addCleanup(other.close)
        self.assertRefuses(ValueError, "session can only be specified in client mode",
                           server.wrap_socket, plain, server_side=True, session=session)

    def test_full_handshake_instead(self):
        client, server = contexts(TLS13)
        near, _ = self.pair(client, server)
        near, far = self.pair(client, contexts(TLS13)[1], session=near.session)
        self.assertFalse(near.session_reused)
        self.assertEqual(client.session_stats()["misses"], 1)
        near, far = self.pair(client, contexts(TLS13)[1], session=near.session, hostname="localhost")
        self.assertFalse(far.session_reused)
        client.check_hostname = False
        near, _ = self.pair(client, server, session=near.session)
        self.assertFalse(near.session_reused)


class TestServer(Connected):
    def test_statistics(self):
        for version, tickets in WAYS:
            with self.subTest(version=version, tickets=tickets):
                client, server = contexts(version, tickets)
                session = self.pair(client, server)[0].session
                self.pair(client, server, session=session)
                count = {TLS12: 1, TLS13: 3}[version] if not tickets else 0     # two tickets, then one after the resumption
                expected = {"number": count, "connect": 0, "connect_good": 0, "connect_renegotiate": 0, "accept": 2, "accept_good": 2,
                            "accept_renegotiate": 0, "hits": 1, "misses": 0, "timeouts": 0, "cache_full": 0}
                self.assertEqual(server.session_stats(), expected)
                expected.update(number=0, accept=0, accept_good=0, connect=2, connect_good=2)
                self.assertEqual(client.session_stats(), expected)

    def test_client_certificate_is_known_again(self):
        for version, tickets in WAYS:
            with self.subTest(version=version, tickets=tickets):
                client, server = contexts(version, tickets, trust="ca.pem", verify_mode=ssl.CERT_REQUIRED)
                client.load_cert_chain(support.data("client.pem"))
                near, far = self.pair(client, server)
                first = far.getpeercert()
                self.assertEqual(first["subject"][-1], (("commonName", "A Client"),))
                near, far = self.pair(client, server, session=near.session)
                self.assertTrue(far.session_reused)
                self.assertEqual(far.getpeercert(), first)
                self.assertIsNotNone(near.getpeercert())

    def test_number_of_tickets(self):
        for number in (0, 1, 5, 255):
            with self.subTest(number=number):
                client, server = contexts(TLS13, num_tickets=number)
                near, _ = self.pair(client, server)
                self.assertIs(near.session.has_ticket, number > 0)


@unittest.skipIf(STOCK is None, "no other ssl here")
class TestWithStock(support.TestCase):
    def test_our_client(self):
        for version, tickets in WAYS:
            with self.subTest(version=version, tickets=tickets):
                client = client_context(version=version)
                peer = subprocess.Popen([STOCK, "-I", PEER, "server", version.name[-1], str(int(tickets))],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                try:
                    port = int(peer.stdout.readline())
                    session, answers = None, []
                    for _ in range(3):
                        near = client.wrap_socket(support.socket.create_connection(("127.0.0.1", port), support.PATIENCE),
                                                  server_hostname="localhost", session=session)
                        answers.append((support.receive(near, 1), near.session_reused))
                        session = near.session
                        near.unwrap().close()
                finally:
                    peer.stdin.close()
                    peer.stdout.close()
                    peer.wait()
                self.assertEqual(answers, [(b"f", False), (b"r", True), (b"r", True)])

    def test_our_server(self):
        def handle(connection):
            connection.sendall(b"!")
            self.assertEqual(connection.recv(1), b"")
            reused = connection.session_reused
            connection.unwrap()
            return reused

        for version, tickets in WAYS:
            with self.subTest(version=version, tickets=tickets):
                with support.Server(contexts(version, tickets)[1], handle) as server:
                    answers = subprocess.check_output([STOCK, "-I", PEER, "client", version.name[-1], str(int(tickets)), str(server.port)])
                    server.finish()
                self.assertEqual(answers.split(), [b"f", b"r", b"r"])
                self.assertEqual((server.results, server.errors), ([False, True, True], []))
