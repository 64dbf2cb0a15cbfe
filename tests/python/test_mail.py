"""smtplib, imaplib and poplib, over TLS from the start and after STARTTLS."""

import email.mime.text
import imaplib
import poplib
import smtplib
import ssl
import unittest

import servers
import support
from servers import running
from support import client_context, data, server_context

STRANGER = data("otherca.pem")
VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
LONG = "\r\n".join("line %d: %s" % (number, "x" * (number % 70)) for number in range(2000)) + "\r\n"
MAILS = ["Subject: one\r\n\r\n.a dot\r\n..\r\n", LONG] + ["y" * length for length in (1, 1023, 1024, 2045, 2046)]    # poplib takes no longer lines


def serving(kind, implicit, **settings):
    return running((servers.Secure if implicit else servers.Plain)(kind, server_context(), **settings))


def discard(*ends):
    """Closes them: the clients' own methods talk to the connection first, which is over."""
    for end in ends:
        end.close()


class TestSmtp(support.TestCase):
    """smtplib: `SMTP_SSL` and STARTTLS, login, client certificates."""

    def open(self, server, implicit, context):
        if implicit:
            return smtplib.SMTP_SSL("localhost", server.port, timeout=support.PATIENCE, context=context)
        client = smtplib.SMTP("localhost", server.port, timeout=support.PATIENCE)
        try:
            self.assertFalse(client.ehlo()[0] != 250 or not client.has_extn("starttls"))
            self.assertEqual(client.starttls(context=context)[0], 220)
            return client
        except BaseException:
            client.close()
            raise

    def test_deliver(self):
        for implicit in (True, False):
            for version in VERSIONS:
                with self.subTest(implicit=implicit, version=version), serving(servers.Smtp, implicit, mails=[]) as server:
                    client = self.open(server, implicit, client_context(version=version))
                    client.ehlo()
                    self.assertFalse(client.has_extn("starttls"))
                    client.login("user", "password")
                    client.sendmail("a@example.test", ["b@example.test", "c@example.test"], LONG)
                    message = email.mime.text.MIMEText(".\n..\nend\n")
                    message["From"], message["To"], message["Subject"] = "a@example.test", "b@example.test", "dots"
                    client.send_message(message)
                    client.quit()
                    (sender, recipients, lines, secured, user), second = server.mails
                    self.assertEqual((sender.lower().split()[0], [line.lower() for line in recipients], secured),
                                     ("from:<a@example.test>", ["to:<b@example.test>", "to:<c@example.test>"], True))
                    self.assertEqual("\r\n".join(lines) + "\r\n", LONG)
                    self.assertEqual(second[2][-3:], [".", "..", "end"])
                    self.assertTrue(user)
                    self.assertEqual(server.errors, ())

    def test_unknown_authority(self):
        for implicit in (True, False):
            with self.subTest(implicit=implicit), serving(servers.Smtp, implicit, mails=[]) as server:
                for context in (client_context(cafile=STRANGER), ssl.create_default_context()):
                    error = self.assertFails(ssl.SSLCertVerificationError, self.open, server, implicit, context)
                    self.assertEqual(error.verify_code, 20)
                self.open(server, implicit, client_context()).quit()

    def test_client_certificate(self):
        demanding = server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem")
        with running(servers.Plain(servers.Smtp, demanding, mails=[])) as server:
            client = self.open(server, False, client_context(certificate="client.pem"))
            client.sendmail("a@example.test", ["b@example.test"], "text")
            client.quit()
            self.assertEqual(len(server.mails), 1)
            with self.assertRaises((OSError, smtplib.SMTPException)):
                client = self.open(server, False, client_context())
                self.addCleanup(client.close)
                client.sendmail("a@example.test", ["b@example.test"], "text")
            self.assertEqual(len(server.mails), 1)


class TestImap(support.TestCase):
    """imaplib: `IMAP4_SSL` and STARTTLS, fetch and append."""

    def open(self, server, implicit, context):
        if implicit:
            return imaplib.IMAP4_SSL("localhost", server.port, ssl_context=context)
        client = imaplib.IMAP4("localhost", server.port)
        try:
            self.assertIn("STARTTLS", client.capabilities)
            client.starttls(ssl_context=context)
            return client
        except BaseException:
            discard(client.file, client.sock)
            raise

    def test_fetch_and_append(self):
        for implicit in (True, False):
            for version in VERSIONS:
                with self.subTest(implicit=implicit, version=version), \
                        serving(servers.Imap, implicit, mails=list(MAILS)) as server:
                    client = self.open(server, implicit, client_context(version=version))
                    self.assertNotIn("STARTTLS", client.capabilities)
                    self.assertEqual(client.login("user", "password")[0], "OK")
                    self.assertEqual(client.select("INBOX"), ("OK", [str(len(MAILS)).encode()]))
                    for number, mail in enumerate(MAILS, 1):
                        kind, parts = client.fetch(str(number), "(RFC822)")
                        self.assertEqual((kind, parts[0][1]), ("OK", mail.encode()))
                    self.assertEqual(client.append("INBOX", None, None, LONG.encode())[0], "OK")
                    client.logout()
                    self.assertEqual(server.mails[len(MAILS):], [LONG])
                    self.assertEqual(server.errors, ())

    def test_unknown_authority(self):
        for implicit in (True, False):
            with self.subTest(implicit=implicit), serving(servers.Imap, implicit, mails=[]) as server:
                for context in (client_context(cafile=STRANGER), ssl.create_default_context()):
                    error = self.assertFails(ssl.SSLCertVerificationError, self.open, server, implicit, context)
                    self.assertEqual(error.verify_code, 20)
                self.open(server, implicit, client_context()).logout()


class TestPop(support.TestCase):
    """poplib: `POP3_SSL` and STLS, retrieval."""

    def open(self, server, implicit, context):
        if implicit:
            return poplib.POP3_SSL("localhost", server.port, timeout=support.PATIENCE, context=context)
        client = poplib.POP3("localhost", server.port, timeout=support.PATIENCE)
        try:
            self.assertIn("STLS", client.capa())
            client.stls(context=context)
            return client
        except BaseException:
            discard(client.file, client.sock)
            raise

    def test_retrieve(self):
        for implicit in (True, False):
            for version in VERSIONS:
                with self.subTest(implicit=implicit, version=version), \
                        serving(servers.Pop, implicit, mails=list(MAILS)) as server:
                    client = self.open(server, implicit, client_context(version=version))
                    self.assertNotIn("STLS", client.capa())
                    client.user("user")
                    client.pass_("password")
                    self.assertEqual(client.stat(), (len(MAILS), sum(map(len, MAILS))))
                    for number, mail in enumerate(MAILS, 1):
                        self.assertEqual(b"\r\n".join(client.retr(number)[1]), mail.encode())
                    client.quit()
                    self.assertEqual(server.errors, ())

    def test_unknown_authority(self):
        for implicit in (True, False):
            with self.subTest(implicit=implicit), serving(servers.Pop, implicit, mails=[]) as server:
                for context in (client_context(cafile=STRANGER), ssl.create_default_context()):
                    error = self.assertFails(ssl.SSLCertVerificationError, self.open, server, implicit, context)
                    self.assertEqual(error.verify_code, 20)
                self.open(server, implicit, client_context()).quit()


if __name__ == "__main__":
    unittest.main()
