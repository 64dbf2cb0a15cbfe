"""Its server with STARTTLS required and with TLS from the start, and smtplib."""

import smtplib
import ssl
import unittest

import aiosmtpd.controller
import aiosmtpd.handlers
import aiosmtpd.smtp

import programs
import support
from support import client_context, data, server_context

LIBRARY = "aiosmtpd"
MODULE = "aiosmtpd"
PACKAGE = "python3-aiosmtpd"


class Keep(object):
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.mail_from, envelope.content, session.ssl is not None))
        return "250 taken"


class StartTls(aiosmtpd.controller.Controller):
    def factory(self):
        return aiosmtpd.smtp.SMTP(self.handler, require_starttls=True, tls_context=server_context())


class TestAiosmtpd(support.TestCase):
    def serving(self, kind, **options):
        handler = Keep()
        controller = kind(handler, hostname="127.0.0.1", port=programs.free_port(), **options)
        controller.start()
        self.addCleanup(controller.stop)
        return handler, controller.port

    def test_starttls(self):
        handler, port = self.serving(StartTls)
        with smtplib.SMTP("localhost", port, timeout=support.PATIENCE) as client:
            self.assertFails(smtplib.SMTPException, client.sendmail, "a@example.test", ["b@example.test"], "in the clear")
            client.starttls(context=client_context())
            client.sendmail("a@example.test", ["b@example.test"], "over TLS\r\n" * 3000)
        self.assertEqual([(mail[0], len(mail[1])) for mail in handler.mails], [("a@example.test", 30000)])
        with smtplib.SMTP("localhost", port, timeout=support.PATIENCE) as client:
            self.assertFails(ssl.SSLCertVerificationError, client.starttls, context=client_context(cafile=data("otherca.pem")))

    def test_implicit(self):
        handler, port = self.serving(aiosmtpd.controller.Controller, ssl_context=server_context())
        with smtplib.SMTP_SSL("localhost", port, timeout=support.PATIENCE, context=client_context()) as client:
            client.sendmail("a@example.test", ["b@example.test"], "over TLS\r\n")
        self.assertEqual(len(handler.mails), 1)
        self.assertFails(ssl.SSLCertVerificationError, smtplib.SMTP_SSL, "localhost", port,
                         context=client_context(cafile=data("otherca.pem")))


if __name__ == "__main__":
    unittest.main()
