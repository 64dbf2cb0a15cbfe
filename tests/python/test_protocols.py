"""The standard library's protocols over TLS, on the loopback interface: what pip, requests and mail programs stand on."""

import ftplib
import http.client
import http.server
import smtplib
import socket
import ssl
import threading
import unittest
import urllib.error
import urllib.request

import support

# Once a body of a multiple of 2048 bytes hung: a last read waited for bytes that were not to come.
SIZES = (0, 1, 2047, 2048, 2049, 4096, 16384, 16385, 65536, 204800)


class Pages(http.server.BaseHTTPRequestHandler):
    """/N is a page of N bytes; a POST gets its own body back."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if not self.path[1:].isdigit():
            self.send_error(404)
            return
        self.answer(support.pattern(int(self.path[1:])))

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Website(http.server.HTTPServer):
    """An HTTPS server, as the standard library's documentation makes one: its listening socket is wrapped."""

    timeout = support.PATIENCE

    def __init__(self, context):
        http.server.HTTPServer.__init__(self, ("127.0.0.1", 0), Pages)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.refused = []
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.daemon = True

    def server_bind(self):
        # HTTPServer's own asks the name service for the machine's name, which may take its time.
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def get_request(self):
        try:
            connection, address = self.socket.accept()
        except ssl.SSLError as error:
            self.refused.append(error)
            raise
        connection.settimeout(support.PATIENCE)
        return connection, address

    def handle_error(self, request, address):
        pass

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *details):
        self.shutdown()
        self.thread.join(support.PATIENCE)
        self.server_close()


def tolerant_server_context(certificate="server.pem"):
    # A client that keeps its connection may never read a ticket, and its close would be a reset.
    return support.server_context(certificate, num_tickets=0)


class TestHttps(support.TestCase):
    def setUp(self):
        self.site = Website(tolerant_server_context())
        self.site.__enter__()
        self.addCleanup(self.site.__exit__)
        self.url = "https://localhost:%d/" % self.site.server_port
        self.context = ssl.create_default_context(cafile=support.CA)

    def test_urlopen(self):
        for size in SIZES:
            with urllib.request.urlopen(self.url + str(size), context=self.context, timeout=support.PATIENCE) as page:
                self.assertEqual(page.status, 200)
                self.assertEqual(page.read(), support.pattern(size))

    def test_kept_connection(self):
        connection = http.client.HTTPSConnection("localhost", self.site.server_port, context=self.context,
                                                 timeout=support.PATIENCE)
        self.addCleanup(connection.close)
        for size in SIZES:
            connection.request("POST", "/", support.pattern(size))
            answer = connection.getresponse()
            self.assertEqual((answer.status, answer.read()), (200, support.pattern(size)))
        self.assertIn(connection.sock.version(), ("TLSv1.2", "TLSv1.3"))

    def test_piece_by_piece(self):
        connection = http.client.HTTPSConnection("localhost", self.site.server_port, context=self.context,
                                                 timeout=support.PATIENCE)
        self.addCleanup(connection.close)
        connection.request("GET", "/204800")
        answer = connection.getresponse()
        pieces = list(iter(lambda: answer.read(2048), b""))
        self.assertEqual(b"".join(pieces), support.pattern(204800))
        connection.request("GET", "/nothing")
        answer = connection.getresponse()
        self.assertEqual(answer.status, 404)
        answer.read()

    def refused(self, url, context):
        with self.assertRaises(urllib.error.URLError) as caught:
            urllib.request.urlopen(url, context=context, timeout=support.PATIENCE)
        return caught.exception.reason

    def test_unknown_authority(self):
        error = self.refused(self.url + "1", ssl.create_default_context(cafile=support.data("otherca.pem")))
        self.assertIsInstance(error, ssl.SSLCertVerificationError)
        self.assertIn(error.verify_code, (18, 19, 20))

    def test_wrong_name(self):
        with Website(tolerant_server_context("wronghost.pem")) as other:
            error = self.refused("https://localhost:%d/1" % other.server_port, self.context)
        self.assertIsInstance(error, ssl.SSLCertVerificationError)
        self.assertEqual(error.verify_code, 62)

    def test_plain_http_to_the_tls_port(self):
        with socket.create_connection(self.site.server_address[:2], support.PATIENCE) as plain:
            plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
            try:
                while plain.recv(4096):
                    pass
            except ConnectionResetError:
                pass
        # The server goes on, and remembers why it did not answer.
        with urllib.request.urlopen(self.url + "3", context=self.context, timeout=support.PATIENCE) as page:
            self.assertEqual(page.read(), support.pattern(3))
        self.assertEqual([error.reason for error in self.site.refused], ["HTTP_REQUEST"])


class Conversation(object):
    """A server that follows a script: what to say first, what to answer to each command's first word."""

    def __init__(self, greeting, answers, context):
        self.greeting, self.answers, self.context = greeting, answers, context
        self.heard = []
        self.versions = []

    def __call__(self, connection):
        lines = connection.makefile("rb")
        if self.greeting:
            connection.sendall(self.greeting)
        while True:
            line = lines.readline().decode("ascii").strip()
            word = line.split(" ")[0].upper()
            self.heard.append(line)
            if not word:
                return
            connection.sendall(self.answers.get(word, b"502 what?\r\n"))
            if word in ("STARTTLS", "AUTH") and self.answers.get(word):
                lines.close()
                connection = self.context.wrap_socket(connection, server_side=True)
                self.versions.append(connection.version())
                lines = connection.makefile("rb")
            elif word == "DATA":
                self.heard.extend(iter(lambda: lines.readline().decode("ascii").strip(), "."))
                connection.sendall(b"250 kept\r\n")
            elif word == "QUIT":
                connection.close()
                return


class TestMail(support.TestCase):
    ANSWERS = {
        "EHLO": b"250-localhost\r\n250 STARTTLS\r\n", "STARTTLS": b"220 go on\r\n", "MAIL": b"250 ok\r\n",
        "RCPT": b"250 ok\r\n", "DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n",
    }

    def deliver(self, server, context):
        with smtplib.SMTP("localhost", server.port, timeout=support.PATIENCE) as mail:
            mail.starttls(context=context)
            mail.sendmail("a@example.org", ["b@example.org"], "Subject: x\r\n\r\nhello\r\n.dot\r\n")

    def test_starttls(self):
        talk = Conversation(b"220 localhost ESMTP\r\n", self.ANSWERS, tolerant_server_context())
        with support.Server(None, talk, wrap=lambda sock: sock) as server:
            self.deliver(server, ssl.create_default_context(cafile=support.CA))
        self.assertEqual(server.errors, [])
        self.assertEqual([version for version in talk.versions if version], talk.versions[:1])
        self.assertIn("hello", talk.heard)
        self.assertIn("..dot", talk.heard)

    def test_starttls_with_a_stranger(self):
        talk = Conversation(b"220 localhost ESMTP\r\n", self.ANSWERS, tolerant_server_context())
        with support.Server(None, talk, wrap=lambda sock: sock) as server:
            error = self.assertFails(ssl.SSLCertVerificationError, self.deliver, server,
                                     ssl.create_default_context(cafile=support.data("otherca.pem")))
            self.assertIn(error.verify_code, (18, 19, 20))
        self.assertNotIn("hello", talk.heard)

    def test_smtps(self):
        talk = Conversation(b"220 localhost ESMTP\r\n", self.ANSWERS, None)
        with support.Server(tolerant_server_context(), talk) as server:
            with smtplib.SMTP_SSL("localhost", server.port, timeout=support.PATIENCE,
                                  context=ssl.create_default_context(cafile=support.CA)) as mail:
                self.assertEqual(mail.noop()[0], 502)
        self.assertEqual(server.errors, [])


class Files(object):
    """An FTP server with one file, for explicit TLS on the command connection and on the data connection."""

    def __init__(self, context, content):
        self.context, self.content = context, content
        self.stored = None

    def __call__(self, connection):
        passive = None
        lines = connection.makefile("rb")
        connection.sendall(b"220 hello\r\n")
        while True:
            command = lines.readline().decode("ascii").split()
            if not command:
                return
            word = command[0].upper()
            if word == "AUTH":
                connection.sendall(b"234 go on\r\n")
                lines.close()
                connection = self.context.wrap_socket(connection, server_side=True)
                lines = connection.makefile("rb")
            elif word == "PASV":
                passive = support.listener()
                high, low = divmod(passive.getsockname()[1], 256)
                connection.sendall(("227 here (127,0,0,1,%d,%d)\r\n" % (high, low)).encode("ascii"))
            elif word in ("RETR", "STOR"):
                connection.sendall(b"150 coming\r\n")
                with passive.accept()[0] as plain:
                    plain.settimeout(support.PATIENCE)
                    self.transfer(word, self.context.wrap_socket(plain, server_side=True))
                passive.close()
                connection.sendall(b"226 done\r\n")
            elif word == "QUIT":
                connection.sendall(b"221 bye\r\n")
                connection.close()
                return
            else:
                connection.sendall({"USER": b"331 who?\r\n", "PASS": b"230 in\r\n"}.get(word, b"200 ok\r\n"))

    def transfer(self, word, data):
        if word == "RETR":
            data.sendall(self.content)
            data = data.unwrap()
        else:
            received = bytearray()
            while True:
                piece = data.recv(8192)
                if not piece:
                    break
                received += piece
            self.stored = bytes(received)
            data.unwrap()
        data.close()


class TestFtps(support.TestCase):
    def test_both_ways(self):
        files = Files(tolerant_server_context(), support.pattern(100000))
        with support.Server(None, files, wrap=lambda sock: sock) as server:
            ftp = ftplib.FTP_TLS(context=ssl.create_default_context(cafile=support.CA), timeout=support.PATIENCE)
            ftp.connect("localhost", server.port)
            ftp.login("user", "secret")
            ftp.prot_p()
            received = bytearray()
            ftp.retrbinary("RETR file", received.extend, 2048)
            self.assertEqual(bytes(received), files.content)

            class Upload(object):
                pieces = [support.pattern(2048, seed) for seed in range(1, 20)]

                def read(self, size):
                    return self.pieces.pop(0) if self.pieces else b""

            expected = b"".join(Upload.pieces)
            ftp.storbinary("STOR file", Upload(), 2048)
            ftp.quit()
        self.assertEqual(server.errors, [])
        self.assertEqual(files.stored, expected)


if __name__ == "__main__":
    unittest.main()
