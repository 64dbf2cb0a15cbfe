"""The programs of the folder examples, and those of the pages for beginners, each in a process of its own on the host that runs this: what they do, and whom they refuse."""

import contextlib
import http.client
import os
import re
import socket
import ssl
import subprocess
import sys
import unittest

import servers
import support
from servers import running
from support import CA, PATIENCE, client_context, data, receive, server_context

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXAMPLES = os.path.join(ROOT, "examples")
STRANGER = data("otherca.pem")
SERVER = data("server.pem")
UNTRUSTED = "certificate verify failed"


def command(name, *arguments):
    return [sys.executable, "-W", "ignore", os.path.join(EXAMPLES, name)] + [str(argument) for argument in arguments]


def environment(**more):
    """Without what would make another authority trusted."""
    return dict([(name, value) for name, value in os.environ.items() if name not in ("SSL_CERT_FILE", "SSL_CERT_DIR")], **more)


@contextlib.contextmanager
def serving(name, *arguments):
    """An example that serves, and the first line that it prints."""
    with support.Program(*command(name, *arguments), env=environment()) as program:
        yield program, program.hear()


def port_of(line):
    return int(line.rstrip("/").replace(":", " ").split()[-1])


def run(name, *arguments):
    """The exit status of an example and all that it printed."""
    return ended(command(name, *arguments), environment())


def ended(line, variables):
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=variables)
    try:
        said = b"".join(process.communicate(timeout=4 * PATIENCE))
    except BaseException:
        process.kill()
        raise
    return process.returncode, said.decode("utf-8", "replace").replace("\r\n", "\n")


class TestExamples(support.TestCase):
    def run_example(self, name, *arguments):
        status, said = run(name, *arguments)
        self.assertEqual(status, 0, said)
        return said

    def assertRefuses(self, reason, name, *arguments):
        status, said = run(name, *arguments)
        self.assertNotEqual(status, 0, said)
        self.assertIn(reason, said)

    def fetch(self, port, context):
        connection = http.client.HTTPSConnection("localhost", port, context=context, timeout=PATIENCE)
        try:
            connection.request("GET", "/")
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def test_get(self):
        with running(servers.Http(server_context())) as server:
            url = "https://localhost:%d/page" % server.port
            self.assertEqual(self.run_example("get.py", url, CA), "hello from /page")
            self.assertRefuses(UNTRUSTED, "get.py", url)

    def test_https_server(self):
        with serving("https_server.py", SERVER, 0) as (program, line):
            self.assertTrue(line.startswith("https://localhost:"), line)
            self.assertEqual(self.fetch(port_of(line), client_context()), "hello stranger, by TLSv1.3\n")
            self.assertRaises(ssl.SSLCertVerificationError, self.fetch, port_of(line), client_context(cafile=STRANGER))

            # One who only connects holds up nobody else.
            with socket.create_connection(("127.0.0.1", port_of(line)), PATIENCE):
                self.assertEqual(self.fetch(port_of(line), client_context()), "hello stranger, by TLSv1.3\n")

    def test_mutual_tls(self):
        with serving("https_server.py", SERVER, 0, CA) as (program, line):
            said = self.run_example("mutual_tls.py", "localhost", port_of(line), CA, data("client.pem")).split("\n")
            subject = [value for part in ssl._ssl._test_decode_cert(data("client.pem"))["subject"] for key, value in part if key == "commonName"]
            self.assertEqual(said[:2], ["200 OK", "hello %s, by TLSv1.3" % subject[0]])
            self.assertRefuses(UNTRUSTED, "mutual_tls.py", "localhost", port_of(line), STRANGER, data("client.pem"))

            # Without a certificate, and with one of somebody else's.
            self.assertRaises(OSError, self.fetch, port_of(line), client_context())
            self.assertRaises(OSError, self.fetch, port_of(line), client_context(certificate="selfsigned.pem"))

    def test_sni_server(self):
        names = {"localhost": SERVER, "other.example.test": data("wildcard.pem")}
        with serving("sni_server.py", data("wronghost.pem"), *["%s=%s" % pair for pair in names.items()]) as (program, line):
            for name in names:
                self.assertEqual(self.ask(port_of(line), client_context(), name), "this is %s\n" % name)
            self.assertEqual(self.ask(port_of(line), client_context(check_hostname=False), None), "this is the default\n")
            with self.assertRaises(ssl.SSLError) as caught:
                self.ask(port_of(line), client_context(), "nobody.example.test")
            self.assertEqual(caught.exception.reason, "TLSV1_UNRECOGNIZED_NAME")
            self.assertTrue(program.hear().startswith("refused:"))

    def ask(self, port, context, name):
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as plain:
            with context.wrap_socket(plain, server_hostname=name) as connection:
                return receive(connection, 1000).decode()

    def test_starttls(self):
        with running(servers.Plain(servers.Smtp, server_context(), mails=[])) as server:
            lines = self.run_example("starttls.py", "localhost", server.port, CA).split("\n")
            self.assertTrue(lines[0].startswith("secured by TLSv1.3, TLS_"), lines)
            self.assertIn("auth", lines)
            self.assertNotIn("starttls", lines)
            self.assertRefuses(UNTRUSTED, "starttls.py", "localhost", server.port, STRANGER)

    @unittest.skipIf(support.IRONPYTHON, "IronPython's asyncio makes no loop")
    def test_asyncio_echo(self):
        lines = self.run_example("asyncio_echo.py", SERVER, CA).split("\n")
        self.assertEqual(lines, ["hello from %d, by TLSv1.3" % number for number in range(3)] + [""])
        self.assertRefuses(UNTRUSTED, "asyncio_echo.py", SERVER, STRANGER)


class TestPages(support.TestCase):
    """The script of a page for beginners, with the address of a server on loopback in it."""

    def script(self, port, *page):
        text = support.read_file(os.path.join(ROOT, *page)).decode("utf-8")
        script = re.search("```python\n(.*?)```", text, re.DOTALL).group(1)
        for there, here in (('"www.example.org", 443', '"localhost", %d' % port), ("https://www.example.org/", "https://localhost:%d/" % port),
                            ("www.example.org", "localhost")):
            script = script.replace(there, here)
        return script

    def check_script(self, expected, *page):
        with running(servers.Http(server_context())) as server:
            line = [sys.executable, "-W", "ignore", "-c", self.script(server.port, *page)]
            status, said = ended(line, environment(SSL_CERT_FILE=CA))
            self.assertEqual(status, 0, said)
            self.assertTrue(said.startswith(ssl.OPENSSL_VERSION), said)
            self.assertIn(expected, said)
            status, said = ended(line, environment(SSL_CERT_FILE=STRANGER))
            self.assertNotEqual(status, 0, said)
            self.assertIn(UNTRUSTED, said)

    def test_readme(self):
        self.check_script(" 200 OK", "README.md")

    def test_getting_started(self):
        self.check_script("\n200 ", "docs", "getting-started.md")


if __name__ == "__main__":
    unittest.main()
