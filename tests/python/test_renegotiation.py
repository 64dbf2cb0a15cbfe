"""Another handshake on a connection of TLS 1.2 or older (RFC 5746), asked for by OpenSSL's server: as a web server does
whose client certificates are for some of its pages.
"""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import unittest

import support
from support import client_context, data

TLS10, TLS11, TLS12 = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2


@unittest.skipUnless(shutil.which("openssl"), "no openssl")
class TestRenegotiation(support.TestCase):
    def connect(self, version=TLS12, command=(), options=0):
        """OpenSSL's server with its console, and a client that has a certificate."""
        arguments = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", data("server.pem"), "-CAfile", data("ca.pem"),
                     "-cipher", "ALL:@SECLEVEL=0", "-no_ticket", "-no_cache", "-msg"]
        program = support.Program(*(arguments + list(command)), **{"stderr": subprocess.STDOUT})
        self.addCleanup(program.__exit__)
        port = int(program.hear_until("ACCEPT").rpartition(":")[2])
        context = client_context()
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = TLS10, version
        context.load_cert_chain(data("client.pem"))
        context.options |= options
        plain = socket.create_connection(("127.0.0.1", port), support.PATIENCE)
        self.addCleanup(plain.close)
        client = context.wrap_socket(plain, server_hostname="localhost")
        self.addCleanup(client.close)
        return program, client

    def exchange(self, program, client, text):
        program.say("the server says " + text)
        wanted = ("the server says %s\n" % text).encode()
        self.assertEqual(support.receive(client, len(wanted)), wanted)
        client.sendall(("the client says %s\n" % text).encode())
        heard = [program.hear()]
        while "the client says " + text not in heard[-1]:
            heard.append(program.hear())
        return "\n".join(heard)

    def ask(self, program, command="r"):
        """Has the server ask for another handshake. Its console takes a line at a time for a command."""
        program.say(command)
        program.hear_until("HelloRequest")

    def test_with_a_client_certificate(self):
        for version in TLS12, TLS11, TLS10:
            with self.subTest(version=version):
                program, client = self.connect(version)
                certificate = client.getpeercert()
                before = client.get_channel_binding("tls-unique")
                self.exchange(program, client, "one")
                self.ask(program, "R")                          # for a certificate this time
                self.assertIn("CertificateVerify", self.exchange(program, client, "two"))
                self.exchange(program, client, "three")
                self.assertNotEqual(client.get_channel_binding("tls-unique"), before)
                self.assertEqual(client.version(), {TLS12: "TLSv1.2", TLS11: "TLSv1.1", TLS10: "TLSv1"}[version])
                self.assertEqual(client.getpeercert(), certificate)

    def test_again_and_again(self):
        program, client = self.connect()
        for round_number in range(5):
            self.ask(program)
            self.exchange(program, client, "round %d" % round_number)
        stats = client.context.session_stats()
        self.assertEqual((stats["connect"], stats["connect_good"], stats["connect_renegotiate"]), (1, 6, 5))

    @unittest.skipUnless("SslModule" in ssl.OPENSSL_VERSION, "OpenSSL's client loses the connection there")
    def test_while_the_client_writes(self):
        """A client that was asked and only writes takes part all the same, and what the server has said is kept for its reader."""
        program, client = self.connect()
        self.ask(program)
        program.say("kept")
        self.assertEqual(client.recv(1), b"k")
        line = b"x" * 999 + b"\n"
        for _ in range(8):
            client.sendall(line)
        client.sendall(b"the end\n")
        program.hear_until("the end")
        self.assertEqual(support.receive(client, 4), b"ept\n")

    def test_refused_where_the_application_says_so(self):
        program, client = self.connect(options=ssl.OP_NO_RENEGOTIATION)
        self.exchange(program, client, "one")
        self.ask(program)
        error = self.assertFails(ssl.SSLError, client.recv, 1)  # OpenSSL's server does not go on without
        self.assertEqual(error.reason, "SSLV3_ALERT_HANDSHAKE_FAILURE")


MODULES = "/usr/lib/apache2/modules"
APACHE = """
ServerRoot %(folder)s
ServerName localhost
PidFile %(folder)s/pid
Listen 127.0.0.1:%(port)d
LoadModule mpm_event_module %(modules)s/mod_mpm_event.so
LoadModule authz_core_module %(modules)s/mod_authz_core.so
LoadModule ssl_module %(modules)s/mod_ssl.so
ErrorLog /dev/stdout
LogLevel notice
DocumentRoot %(folder)s
SSLEngine on
SSLProtocol TLSv1.2
SSLCertificateFile %(certificate)s
SSLCACertificateFile %(authority)s
<Location /members>
    SSLVerifyClient require
    SSLRenegBufferSize 1000000
</Location>
"""


@unittest.skipUnless(shutil.which("apache2") and os.path.exists(MODULES + "/mod_ssl.so"), "no Apache with mod_ssl")
class TestApache(support.TestCase):
    """A server whose client certificates are for one of its locations."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        os.chmod(cls.folder, 0o755)
        os.mkdir(os.path.join(cls.folder, "members"))
        for name in "page.txt", "members/page.txt":
            with open(os.path.join(cls.folder, name), "w") as page:
                page.write(name)
        for attempt in range(5):
            with socket.socket() as probe:                      # it takes no port 0; another when somebody was faster
                probe.bind(("127.0.0.1", 0))
                cls.port = probe.getsockname()[1]
            path = os.path.join(cls.folder, "httpd.conf")
            with open(path, "w") as configuration:
                configuration.write(APACHE % {"folder": cls.folder, "port": cls.port, "modules": MODULES,
                                              "certificate": data("server.pem"), "authority": data("ca.pem")})
            cls.apache = support.Program("apache2", "-f", path, "-DFOREGROUND")
            try:
                cls.apache.hear_until("resuming normal operations")
                break
            except AssertionError:
                cls.apache.__exit__()
        else:
            raise unittest.SkipTest("Apache does not start here")
        cls.apache.ignore()

    @classmethod
    def tearDownClass(cls):
        subprocess.check_call(("apache2", "-f", os.path.join(cls.folder, "httpd.conf"), "-k", "stop"))      # its children too
        cls.apache.process.wait()
        cls.apache.__exit__()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def ask(self, connection, method, path, body=None):
        connection.request(method, path, body=body)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def connection(self, certificate=None):
        context = client_context()
        if certificate:
            context.load_cert_chain(data(certificate))
        connection = http.client.HTTPSConnection("localhost", self.port, context=context, timeout=support.PATIENCE)
        self.addCleanup(connection.close)
        self.assertEqual(self.ask(connection, "GET", "/page.txt"), (200, b"page.txt"))
        return context, connection

    def test_with_a_certificate(self):
        context, connection = self.connection("client.pem")
        self.assertEqual(self.ask(connection, "GET", "/members/page.txt"), (200, b"members/page.txt"))
        self.assertEqual(self.ask(connection, "POST", "/members/page.txt", b"x" * 300000)[0], 200)
        self.assertEqual(self.ask(connection, "GET", "/page.txt"), (200, b"page.txt"))
        self.assertEqual(context.session_stats()["connect_renegotiate"], 1)

    def test_with_a_body_before_it(self):
        """The server keeps the body that comes before it asks for the certificate."""
        _, connection = self.connection("client.pem")
        self.assertEqual(self.ask(connection, "POST", "/members/page.txt", b"x" * 300000)[0], 200)

    def test_without_a_certificate(self):
        _, connection = self.connection()
        error = self.assertFails(ssl.SSLError, self.ask, connection, "GET", "/members/page.txt")
        self.assertEqual(error.reason, "SSLV3_ALERT_HANDSHAKE_FAILURE")


if __name__ == "__main__":
    unittest.main()
