"""Many threads: a context that all share, a socket with a reader and a writer, callbacks that raise."""

import gc
import socket
import ssl
import sys
import threading
import unittest
import weakref

import support
from support import both, client_context, pattern, receive, server_context, tls_pair


class TestThreads(support.TestCase):
    def test_one_context_for_fifty_clients(self):
        client = client_context()
        failures = []
        with support.Server(server_context("server-ec.pem")) as server:
            def visit(index):
                try:
                    payload = pattern(20000 + index, index + 1)
                    with server.connect(client) as connection:
                        connection.sendall(payload)
                        if receive(connection, len(payload)) != payload:
                            failures.append(index)
                except Exception as error:
                    failures.append(error)
            threads = [threading.Thread(target=visit, args=(index,)) for index in range(50)]
            for thread in threads:
                thread.daemon = True
                thread.start()
            for thread in threads:
                thread.join(support.PATIENCE)
                self.assertFalse(thread.is_alive())
        self.assertEqual(failures, [])
        self.assertEqual(server.errors, [])
        self.assertEqual(server.context.session_stats()["accept_good"], 50)

    def test_reader_and_writer_on_one_socket(self):
        near, far = tls_pair(client_context(), server_context())
        payload = pattern(3 << 20)
        with near, far:
            echoing = threading.Thread(target=support.echo, args=(far,))
            echoing.daemon = True
            echoing.start()
            _, received = both(lambda: near.sendall(payload), lambda: receive(near, len(payload)))
            self.assertTrue(received == payload)
            near.shutdown(socket.SHUT_WR)
            echoing.join(support.PATIENCE)
            self.assertFalse(echoing.is_alive())

    def test_change_of_context_under_way(self):
        context = client_context()
        with support.Server(server_context()) as server:
            with server.connect(context) as before:
                context.load_verify_locations(support.data("otherca.pem"))
                context.set_ciphers("ECDHE+AESGCM")
                before.sendall(b"undisturbed")
                self.assertEqual(receive(before, 11), b"undisturbed")
            with server.connect(context) as after:
                self.assertEqual(after.version(), "TLSv1.3")


class TestCallbacks(support.TestCase):
    def quietly(self, call):
        """Runs call with errors that no caller can get told to a list instead of stderr."""
        told = []
        old = getattr(sys, "unraisablehook", None)
        if old is not None:
            sys.unraisablehook = lambda unraisable: told.append(unraisable.exc_value)
        stderr, sys.stderr = sys.stderr, support.Discard()
        try:
            return call()
        finally:
            sys.stderr = stderr
            if old is not None:
                sys.unraisablehook = old

    def refused(self, callback):
        server = server_context()
        server.set_servername_callback(callback)
        return self.quietly(lambda: self.assertFails(ssl.SSLError, tls_pair, client_context(), server))

    def test_server_name_callback_that_raises(self):
        def callback(connection, name, context):
            raise ZeroDivisionError(name)
        self.assertEqual(self.refused(callback).reason, "SSLV3_ALERT_HANDSHAKE_FAILURE")

    def test_server_name_callback_with_a_wrong_result(self):
        self.assertEqual(self.refused(lambda connection, name, context: "text").reason,
                         "TLSV1_ALERT_INTERNAL_ERROR")

    def test_callback_that_calls_back(self):
        server, seen = server_context(), []

        def callback(connection, name, context):
            seen.append((connection.cipher(), connection.version() is not None, context.protocol))
            context.set_alpn_protocols(["h2"])
            with support.Server(server_context()) as other:
                with other.connect(client_context()) as connection:
                    seen.append(connection.version())
        server.set_servername_callback(callback)
        near, far = tls_pair(client_context(), server)
        near.close()
        far.close()
        self.assertEqual(seen[-1], "TLSv1.3")

    def test_message_callback_that_raises(self):
        def callback(*arguments):
            raise ZeroDivisionError
        client = client_context()
        client._msg_callback = callback

        def attempt():
            near, far = tls_pair(client, server_context())
            near.close()
            far.close()
        try:
            self.quietly(attempt)
        except ZeroDivisionError:
            pass


@unittest.skipIf(support.IRONPYTHON, "IronPython collects when it likes")
class TestReferences(support.TestCase):
    def gone(self, reference):
        gc.collect()
        self.assertIsNone(reference())

    def test_context_with_callback(self):
        context = server_context()
        context.set_servername_callback(lambda connection, name, ignored: context)
        reference = weakref.ref(context)
        del context
        self.gone(reference)

    def test_socket(self):
        near, far = tls_pair(client_context(), server_context())
        reference = weakref.ref(near)
        near.close()
        far.close()
        del near
        self.gone(reference)

    def test_object(self):
        connection = client_context().wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost")
        reference = weakref.ref(connection)
        del connection
        self.gone(reference)


if __name__ == "__main__":
    unittest.main()
