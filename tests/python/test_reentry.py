"""What callbacks may do to the connection that called them, and other threads meanwhile: an answer, no crash, no wait without end.

reentry.py has the scenarios of one thread. CPython's own ssl crashes in some of them; in those where it has a defined
answer it is asked, in a process of its own, and must say what is expected here.
"""

import json
import socket
import ssl
import subprocess
import sys
import threading
import unittest

import reentry
import stockpeer
import support
from support import both, client_context, connected_pair, data, server_context, tls_pair

OURS = "SslModule" in ssl.OPENSSL_VERSION
V12, V13 = ["TLSv1.2", "TLSv1.2", "ok", "ok"], ["TLSv1.3", "TLSv1.3", "ok", "ok"]
QUESTIONS = "[None, None, 0, None, None, True]"

# What every host says, CPython on OpenSSL too. "{}" is the version.
EVERYWHERE = {
    "getpeercert": "ValueError",
    "unwrap": "SSLError SHUTDOWN_WHILE_IN_INIT",
    "questions": QUESTIONS,
    "the same context": "ok",
    "no context": "TypeError",
    "change of context": "ok",
    "no callback": "ok",
    "own handshake": str(V13),
}
# What OpenSSL answers with a crash, a broken handshake or advice to try again for ever.
HERE = {"read": "SSLError", "read into": "SSLError", "write": "SSLError", "do_handshake": "SSLError"}


def expected(ours):
    """{scenario: outcome}: of the whole table for our hosts, else of what is defined everywhere."""
    table = {}
    for name, fate in (("1.2", V12), ("1.3", V13)):
        for action, answer in list(EVERYWHERE.items()) + list(HERE.items()) * ours:
            table["server name, %s, %s" % (action, name)] = [[answer], fate]
        for side in reentry.BOTH:
            table["messages of the %s, change of context, %s" % (side, name)] = [["ok"], fate]
            for action in list(HERE) * ours:
                table["messages of the %s, %s, %s" % (side, action, name)] = [["SSLError"], fate]
            if ours:
                table["messages of the %s, unwrap, %s" % (side, name)] = [["SSLError", "SSLError SHUTDOWN_WHILE_IN_INIT"], fate]
        table["dropped, " + name] = fate
        table["password, " + name] = ["ok"]
        table["one bio, " + name] = "SSLError UNEXPECTED_MESSAGE"
        table["ended outgoing, " + name] = ["SSLWantReadError", True, False, "SSLError"]
        table["ended incoming, " + name] = ["SSLWantReadError", "SSLEOFError UNEXPECTED_EOF_WHILE_READING"]
        table["resized buffer, " + name] = [5, True, ["BufferError"]]
    table["server name, verify_client_post_handshake, 1.3"] = [["SSLError STILL_IN_INIT"], V13]
    return table


class TestOneThread(support.TestCase):
    def test_scenarios(self):
        table = expected(OURS)
        self.assertGreater(len(table), 60 if OURS else 30)
        for name in sorted(table):
            with self.subTest(scenario=name):
                self.assertEqual(reentry.outcomes([name])[name], table[name])

    @unittest.skipUnless(stockpeer.beside(), "no ssl of the interpreter's own beside this one")
    def test_stock(self):
        """What is said to be so everywhere is so on OpenSSL."""
        table = expected(False)
        if sys.version_info < (3, 11, 4):
            # It has no SSLEOFError yet for what OpenSSL 3 says of an unexpected end.
            table = dict((name, outcome) for name, outcome in table.items() if not name.startswith("ended incoming"))
        if sys.version_info >= (3, 14):
            # Its load_cert_chain() keeps a lock of the context while it asks for the password, and then waits for that lock.
            table = dict((name, outcome) for name, outcome in table.items() if not name.startswith("password"))
        output = subprocess.check_output([sys.executable, "-I", reentry.__file__] + sorted(table), timeout=support.PATIENCE)
        self.assertEqual(json.loads(output.decode()), table)

    def test_text(self):
        """The refusal says what is wrong, and by a negative: the same calls after the handshake are fine."""
        server, told = server_context(), []

        def callback(connection, name, context):
            told.append(self.assertFails(ssl.SSLError, connection.do_handshake))
        server.sni_callback = callback
        near, far = tls_pair(client_context(), server)
        with near, far:
            self.assertIn("callback", str(told[0]))
            self.assertIsNone(far.do_handshake())

    def test_close_in_callback(self):
        """The socket is closed under the handshake that is going on."""
        server = server_context()
        server.sni_callback = lambda connection, name, context: connection.close()
        near, far = connected_pair()
        with near, far:
            error, heard = both(lambda: self.assertFails(OSError, client_context().wrap_socket, near, server_hostname="localhost"),
                                lambda: server.wrap_socket(far, server_side=True))
        self.assertIsInstance(error, OSError)
        self.assertIsInstance(heard, (OSError, ValueError))

    def test_psk_callbacks(self):
        """A PSK callback that uses the connection's context, and a connection of its own."""
        if not hasattr(ssl.SSLContext, "set_psk_client_callback"):
            self.skipTest("this host's SSLContext has no PSK callbacks")
        client, server = support.careless_context(), server_context(None)
        for context in (client, server):
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.set_ciphers("PSK-AES128-GCM-SHA256")

        def ask(hint):
            client.set_ciphers("ALL")
            client.set_psk_client_callback(None)
            own = tls_pair(client_context(), server_context())
            for end in own:
                end.close()
            return "us", b"\x01" * 16

        def answer(identity):
            server.set_psk_server_callback(None)
            return b"\x01" * 16
        client.set_psk_client_callback(ask)
        server.set_psk_server_callback(answer)
        near, far = tls_pair(client, server)
        with near, far:
            far.sendall(b"hello")
            self.assertEqual(support.receive(near, 5), b"hello")
            self.assertEqual(near.cipher()[0], "PSK-AES128-GCM-SHA256")


class TestOtherThreads(support.TestCase):
    """Nobody waits for ever: what a thread asks while another is in a step, or in a callback."""

    def finish(self, thread):
        thread.join(support.PATIENCE)
        self.assertFalse(thread.is_alive(), "a thread hangs")

    def start(self, call):
        thread = threading.Thread(target=call)
        thread.daemon = True
        thread.start()
        return thread

    def questions(self, connection):
        connection.session, connection.session_reused, connection.context
        connection.cipher(), connection.version(), connection.pending(), connection.shared_ciphers()
        connection.selected_alpn_protocol(), connection.compression(), connection.get_channel_binding("tls-unique")
        try:
            connection.getpeercert(True)
        except ValueError:
            pass

    def test_questions_from_a_callback_of_another_thread(self):
        """The callback waits for a thread that asks about the connection: that must not wait for the callback."""
        for name in ("sni_callback", "_msg_callback"):
            server, unanswered = server_context(), []

            def callback(connection, *ignored):
                asked = threading.Event()
                self.start(lambda: (self.questions(connection), asked.set()))
                if not asked.wait(support.PATIENCE):
                    unanswered.append(name)
            setattr(server, name, callback)
            near, far = tls_pair(client_context(), server)
            near.close()
            far.close()
            self.assertEqual(unanswered, [])

    def test_questions_during_a_read(self):
        near, far = tls_pair(client_context(), server_context())
        with near, far:
            received = []
            reader = self.start(lambda: received.append(near.recv(5)))
            for _ in range(50):
                self.questions(near)
                self.assertRaises(ssl.SSLError, near.verify_client_post_handshake)
            near.context.set_ciphers("ECDHE+AESGCM")
            near.context.load_verify_locations(data("otherca.pem"))
            near.sendall(b"no answer needed")
            far.sendall(b"hello")
            self.finish(reader)
            self.assertEqual(received, [b"hello"])

    @staticmethod
    def heard(connection):
        """What a read brings: bytes, or the error of a connection that ended meanwhile."""
        try:
            return connection.recv(5)
        except (OSError, ValueError) as error:
            return error

    def test_unwrap_during_a_read(self):
        """One thread waits in recv(), another says goodbye: both come back once the peer has answered."""
        near, far = tls_pair(client_context(), server_context())
        with near, far:
            received = []
            reader = self.start(lambda: received.append(self.heard(near)))

            def part():
                try:
                    near.unwrap()
                except (OSError, ValueError):
                    pass
            leaver = self.start(part)
            self.assertEqual(far.recv(5), b"")
            try:
                far.unwrap()
            except OSError:
                pass
            far.close()
            self.finish(leaver)
            self.finish(reader)
            self.assertEqual(len(received), 1)
            self.assertTrue(received[0] == b"" or isinstance(received[0], (OSError, ValueError)), received)

    def test_close_during_a_read(self):
        """shutdown() of the socket wakes a reader, as it does without TLS."""
        near, far = tls_pair(client_context(), server_context())
        with near, far:
            received = []
            reader = self.start(lambda: received.append(self.heard(near)))
            near.sendall(b"x")
            self.assertEqual(far.recv(1), b"x")
            near.shutdown(socket.SHUT_RDWR)
            self.finish(reader)
            self.assertEqual(len(received), 1)

    def test_callbacks_of_two_threads_on_one_object(self):
        """Short steps keep CPython's lock; a message callback gives it up in the middle of one."""
        client, calls = client_context(), []

        def callback(*message):
            calls.append(len(calls))
            threading.Event().wait(0.001)       # lets other threads run, and they step on the same object
        client._msg_callback = callback
        ends = reentry.Ends(client, server_context())
        ends.shake()
        self.assertEqual(ends.errors, {})
        before, failures = len(calls), []

        def write():
            for _ in range(50):
                if ends.client.write(b"x" * 10) != 10:
                    failures.append("short")

        def read():
            for _ in range(50):
                try:
                    ends.client.read(10)
                except ssl.SSLWantReadError:
                    pass
                ends.client.pending(), ends.client.session
        ends.server.write(b"y" * 500)
        threads = [self.start(call) for call in (write, read, write, read)]
        for thread in threads:
            self.finish(thread)
        self.assertEqual(failures, [])
        self.assertGreaterEqual(len(calls) - before, 100)
        received = bytearray()
        while len(received) < 1000:
            received += ends.server.read(1000)
        self.assertEqual(bytes(received), b"x" * 1000)

    def test_read_from_a_thread_that_a_callback_starts(self):
        """The handshake's thread is in a callback; another thread's read waits, and then gets its data."""
        server, readers, received = server_context(), [], []

        def callback(connection, name, context):
            readers.append(self.start(lambda: received.append(connection.recv(5))))
        server.sni_callback = callback
        near, far = tls_pair(client_context(), server)
        with near, far:
            near.sendall(b"hello")
            self.finish(readers[0])
            self.assertEqual(received, [b"hello"])


if __name__ == "__main__":
    unittest.main()
