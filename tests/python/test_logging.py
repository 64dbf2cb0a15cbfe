"""The handlers of logging.handlers that send records over a network, over TLS."""

import logging
import logging.handlers
import queue
import ssl
import sys
import unittest
import urllib.parse

import servers
import support
from servers import running
from support import client_context, data, server_context

STRANGER = data("otherca.pem")


class SecureSocketHandler(logging.handlers.SocketHandler):
    """The handler, with its connection wrapped: the class has a method to override for that."""

    def __init__(self, port, context):
        logging.handlers.SocketHandler.__init__(self, "localhost", port)
        self.secured = context
        self.retryStart = 0.0

    def makeSocket(self, timeout=support.PATIENCE):
        sock = logging.handlers.SocketHandler.makeSocket(self, timeout)
        return self.secured.wrap_socket(sock, server_hostname=self.host)


class TestLogging(support.TestCase):
    """logging.handlers: `HTTPHandler`, `SMTPHandler` with STARTTLS, `SocketHandler` with its socket wrapped."""

    def log(self, handler, *texts):
        """Logs the texts; gives the exceptions that the handler met."""
        errors = []
        handler.handleError = lambda record: errors.append(sys.exc_info()[1])
        logger = logging.Logger("test")
        logger.addHandler(handler)
        for text in texts:
            logger.warning("%s", text)
        handler.close()
        return errors

    def test_http(self):
        with running(servers.Http(server_context())) as server:
            address = "localhost:%d" % server.port
            handler = logging.handlers.HTTPHandler(address, "/log", "POST", secure=True, context=client_context())
            self.assertEqual(self.log(handler, "one", "two " + "x" * 5000), [])
            forms = [urllib.parse.parse_qs(form.decode()) for form in server.forms]
            self.assertEqual([form["args"][0] for form in forms], ["('one',)", "('two %s',)" % ("x" * 5000)])
            handler = logging.handlers.HTTPHandler(address, "/log", secure=True, context=client_context())
            self.assertEqual(self.log(handler, "three"), [])
            self.assertTrue(server.paths[-1].startswith("/log?"))
            self.assertEqual(urllib.parse.parse_qs(server.paths[-1][5:])["levelname"], ["WARNING"])
            for context in (client_context(cafile=STRANGER), None):
                handler = logging.handlers.HTTPHandler(address, "/log", "POST", secure=True, context=context)
                error, = self.log(handler, "lost")
                self.assertIsInstance(error, ssl.SSLCertVerificationError)
            self.assertEqual(len(server.forms), 2)

    def mail_handler(self, server, secure):
        return logging.handlers.SMTPHandler(("localhost", server.port), "a@example.test", ["b@example.test"], "trouble",
                                            ("user", "password"), secure, support.PATIENCE)

    def test_mail(self):
        with running(servers.Plain(servers.Smtp, server_context(), mails=[])) as server:
            self.assertEqual(self.log(self.mail_handler(server, ()), "one"), [])
            (sender, recipients, lines, secured, user), = server.mails
            self.assertEqual((lines[-1], secured, bool(user)), ("one", True, True))

    @unittest.skipUnless(sys.version_info < (3, 12), "SMTPHandler takes no context there")
    def test_mail_verified(self):
        with running(servers.Plain(servers.Smtp, server_context(), mails=[])) as server:
            self.assertEqual(self.log(self.mail_handler(server, (None, None, client_context())), "one"), [])
            error, = self.log(self.mail_handler(server, (None, None, client_context(cafile=STRANGER))), "lost")
            self.assertIsInstance(error, ssl.SSLCertVerificationError)
            self.assertEqual([mail[2][-1] for mail in server.mails], ["one"])

    def test_socket(self):
        # Without tickets: the handler never reads, and a client that closes with some unread resets the connection, what is under way with it.
        with running(servers.Secure(servers.Records, server_context(num_tickets=0), records=queue.Queue())) as server:
            texts = ["a", "b" * 2048, "c" * 16384, "d" * 70000]
            self.assertEqual(self.log(SecureSocketHandler(server.port, client_context()), *texts), [])
            received = [server.records.get(timeout=support.PATIENCE) for _ in texts]
            self.assertEqual([record.getMessage() for record in received], texts)
            self.assertEqual(received[0].levelno, logging.WARNING)
            handler = SecureSocketHandler(server.port, client_context(cafile=STRANGER))
            # A handler of this class takes an OSError for a server that is away and waits for a later record.
            self.assertEqual(self.log(handler, "lost"), [])
            self.assertIsNone(handler.sock)
            self.assertFails(ssl.SSLCertVerificationError, handler.makeSocket)
            self.assertTrue(server.records.empty())


if __name__ == "__main__":
    unittest.main()
