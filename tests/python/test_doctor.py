"""python -m sslmodule doctor and --info, as a user runs them."""

import io
import json
import os
import socket
import ssl
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import support      # noqa: E402

LIBRARY = os.path.join(os.path.dirname(os.path.dirname(HERE)), "lib")
OURS = "SslModule" in ssl.OPENSSL_VERSION
sys.path.append(LIBRARY)

from sslmodule import __main__ as command, certificates, doctor, messages, shown     # noqa: E402


def run(*arguments):
    """(exit status, what it printed, what it said on stderr) of the command, in this process: a start of IronPython takes seconds."""
    saved = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err = io.StringIO(), io.StringIO()
    try:
        status = command.main(list(arguments))
    except SystemExit as ended:
        status = ended.code
    finally:
        sys.stdout, sys.stderr = saved
    return status, out.getvalue(), err.getvalue()


def started(*arguments, **more):
    """The same in a process of its own."""
    environment = dict((name, value) for name, value in os.environ.items() if name not in ("SSL_CERT_FILE", "SSL_CERT_DIR", "NO_COLOR"))
    # After what is there: the console has a folder of its own.
    name = "IRONPYTHONPATH" if support.IRONPYTHON else "PYTHONPATH"
    environment[name] = os.pathsep.join(path for path in (environment.get(name), LIBRARY) if path)
    environment.update(more)
    process = subprocess.Popen([sys.executable, "-m", "sslmodule"] + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    out, err = process.communicate()
    return process.returncode, text_of(out), text_of(err)


def text_of(output):
    return output.decode().replace("\r\n", "\n")


def plain_server(text):
    """A server that answers with a text, whatever it is sent."""
    return support.Server(None, handle=lambda sock: (sock.recv(65536), sock.sendall(text)), wrap=lambda sock: sock)


@unittest.skipUnless(OURS, "the package is the module's own")
class Command(support.TestCase):
    def doctor(self, server, *arguments):
        return run("doctor", "localhost:%d" % server.port, *arguments)

    def report(self, server, *arguments):
        status, out, err = self.doctor(server, "--json", *arguments)
        report = json.loads(out)
        self.assertEqual(report["status"], status)
        self.assertEqual(err, "")
        return report

    def test_a_good_server(self):
        with support.Server(support.server_context()) as server:
            report = self.report(server, "--cafile", support.CA)
            status, out, err = started("doctor", "localhost:%d" % server.port, "--cafile", support.CA)
        self.assertEqual((report["status"], report["error"], report["port"]), (0, None, server.port))
        self.assertEqual(report["negotiated"]["version"], "TLSv1.3")
        names = [(message["name"], message["sent"]) for message in report["messages"]]
        ladder = [("ClientHello", True), ("ServerHello", False), ("EncryptedExtensions", False), ("Certificate", False),
                  ("CertificateVerify", False), ("Finished", False), ("Finished", True), ("NewSessionTicket", False)]
        self.assertEqual([name for name in names if name in ladder][:8], ladder)
        self.assertIn("server_name", report["messages"][0]["extensions"])
        self.assertTrue(all(message["bytes"] > 0 and message["ms"] >= 0 for message in report["messages"]))
        self.assertEqual(report["chain"][0]["subject"], "CN=localhost,O=Ssl Module Tests,L=Test Town,C=XY")
        self.assertEqual(report["chain"][0]["not_after"], "2049-12-31 23:59:59 UTC")
        self.assertIn("localhost", report["chain"][0]["names"])
        self.assertEqual((status, err), (0, ""))
        for part in ("-> ClientHello", "<- ServerHello", "<- Certificate", "chain 0", "good: verified for localhost"):
            self.assertIn(part, out)
        self.assertNotIn("\x1b", out)

    def test_tls_1_2(self):
        with support.Server(support.server_context(version=ssl.TLSVersion.TLSv1_2)) as server:
            report = self.report(server, "--cafile", support.CA)
        self.assertEqual((report["status"], report["negotiated"]["version"]), (0, "TLSv1.2"))
        names = [message["name"] for message in report["messages"]]
        for name in ("ServerKeyExchange", "ServerHelloDone", "ClientKeyExchange", "ChangeCipherSpec"):
            self.assertIn(name, names)
        self.assertEqual(len([message for message in report["messages"] if message.get("certificates") == 1]), 1)

    def refused(self, certificate, code, *arguments):
        with support.Server(support.server_context(certificate)) as server:
            report = self.report(server, *arguments)
        self.assertEqual((report["status"], report["error"]["verify_code"]), (1, code))
        self.assertIn("Certificate", [message["name"] for message in report["messages"]])
        self.assertTrue(report["chain"])
        self.assertEqual(report["error"]["type"], "SSLCertVerificationError")
        return report

    def test_a_missing_intermediate(self):
        report = self.refused("chain-leaf-only.pem", 20, "--cafile", support.CA)
        self.assertIn("the server did not send the certificate of", report["error"]["explanation"])

    def test_an_unknown_root(self):
        self.refused("server.pem", 20, "--cafile", support.data("otherca.pem"))

    def test_expired(self):
        self.refused("expired.pem", 10, "--cafile", support.CA)

    def test_another_name(self):
        with support.Server(support.server_context("wronghost.pem")) as server:
            status, out, err = self.doctor(server, "--cafile", support.CA)
        self.assertEqual((status, err), (1, ""))
        for part in ("SSLCertVerificationError: ", "\nlooked for\n  the name 'localhost'\n", "\nwhat would help\n", "'other.example'"):
            self.assertIn(part, out)

    def test_a_given_name(self):
        with support.Server(support.server_context("wronghost.pem")) as server:
            self.assertEqual(self.report(server, "--cafile", support.CA, "--servername", "other.example")["status"], 0)

    def test_insecure_goes_on_and_says_so(self):
        with support.Server(support.server_context("wronghost.pem")) as server:
            status, out, _ = self.doctor(server, "--cafile", support.CA, "--insecure")
        self.assertEqual(status, 1)
        report = self.refused("wronghost.pem", 62, "--cafile", support.CA, "--insecure")
        self.assertEqual((report["insecure"]["error"], report["insecure"]["verifies"], report["insecure"]["negotiated"]["version"]), (None, False, "TLSv1.3"))
        self.assertIn("ONCE MORE WITHOUT VERIFICATION", out)
        self.assertIn("THE VERIFICATION HAS FAILED", out)
        self.assertNotIn("good:", out)

    def test_no_cipher_in_common(self):
        # The key is of RSA, whatever ciphers the client's Python has by default.
        with support.Server(support.server_context(version=ssl.TLSVersion.TLSv1_2, ciphers="ECDHE-ECDSA-AES128-GCM-SHA256")) as server:
            report = self.report(server, "--cafile", support.CA)
        self.assertEqual((report["status"], report["error"]["reason"]), (1, "SSLV3_ALERT_HANDSHAKE_FAILURE"))
        self.assertEqual([(message["alert"], message["sent"]) for message in report["messages"] if message["name"] == "Alert"], [("handshake_failure", False)])

    def test_plain_http(self):
        with plain_server(b"HTTP/1.1 400 Bad Request\r\n\r\n") as server:
            report = self.report(server)
        self.assertEqual(report["status"], 1)
        self.assertIn("HTTP without TLS", report["error"]["explanation"])

    def test_a_client_certificate_is_wanted(self):
        with support.Server(support.server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem")) as server:
            report = self.report(server, "--cafile", support.CA)
        self.assertEqual(report["status"], 1)
        self.assertIn("load_cert_chain()", report["error"]["explanation"])

    def test_a_server_that_says_nothing(self):
        with support.listener() as silent:
            status, out, _ = run("doctor", "--json", "--timeout", "0.2", "127.0.0.1:%d" % silent.getsockname()[1])
        report = json.loads(out)
        self.assertEqual((status, [message["name"] for message in report["messages"]]), (1, ["ClientHello"]))
        self.assertIn("STARTTLS", report["error"]["explanation"])

    def test_a_server_that_hangs_up(self):
        def hang_up(sock):
            sock.recv(65536)
            sock.shutdown(socket.SHUT_WR)
            # The end of the stream and no reset, which a close with bytes unread would be.
            while sock.recv(65536):
                pass
        with support.Server(None, handle=hang_up, wrap=lambda sock: sock) as server:
            report = self.report(server)
        self.assertEqual(report["status"], 1)
        self.assertIn("what happened: the server has closed the connection in the handshake", report["error"]["explanation"])

    def test_a_closed_port(self):
        sock = support.listener()
        port = sock.getsockname()[1]
        sock.close()
        status, out, err = started("doctor", "127.0.0.1:%d" % port)
        self.assertEqual((status, out), (2, ""))
        self.assertRegex(err, "^sslmodule doctor: no connection to 127.0.0.1 port %d: .+\n$" % port)
        status, out, _ = run("doctor", "--json", "127.0.0.1:%d" % port)
        self.assertEqual((status, json.loads(out)["status"]), (2, 2))

    def test_wrong_commands(self):
        for arguments in (["doctor"], ["doctor", "localhost:x"], ["doctor", "[::1"], ["doctor", "localhost:1", "--cafile", "no-such-file"],
                          ["doctor", "localhost", "--timeout", "0"], ["physician"]):
            status, _, err = run(*arguments)
            self.assertEqual(status, 2, arguments)
            self.assertNotIn("Traceback", err)

    def test_info(self):
        status, out, err = started("--info")
        self.assertEqual((status, err), (0, ""))
        for part in (ssl.OPENSSL_VERSION, ".NET", "AES-GCM", "TLSv1.3", "TLS_AES_256_GCM_SHA384", "X25519MLKEM768", "trusted certificates"):
            self.assertIn(part, out)

    def test_info_says_whose_cryptography_is_used(self):
        for value, expected in (("", "SslModule's own, the platform's"), ("platform", "the platform's only")):
            status, out, err = started("--info", SSLMODULE_CRYPTO=value)
            self.assertEqual((status, err), (0, ""))
            self.assertRegex(out, "cryptography +" + expected)


class Parts(support.TestCase):
    def test_addresses(self):
        for text, expected in (("example.org", ("example.org", 443)), ("example.org:8443", ("example.org", 8443)), ("[::1]", ("::1", 443)),
                               ("[::1]:1", ("::1", 1)), ("::1", ("::1", 443))):
            self.assertEqual(doctor.address(text), expected)
        for text in ("", ":443", "a:", "a:0", "a:65536", "[::1]x", "[::1]:"):
            self.assertFails(doctor.Problem, doctor.address, text)

    def test_damaged_messages_are_shown_as_such(self):
        hello = b"\x02\x00\x00\x26\x03\x03" + bytes(32) + b"\x00\x13\x01\x00"
        self.assertEqual(messages.describe(0x0304, 22, hello, {0x1301: "A"})["cipher"], "A")
        for end in range(4, len(hello) - 1):
            self.assertTrue(messages.describe(0x0304, 22, hello[:end], {})["damaged"])
        for kind in messages.READERS:
            self.assertTrue(messages.describe(0x0304, 22, bytes([kind, 0, 0, 1]), {})["damaged"])

    def test_certificates_of_all_kinds(self):
        for name in sorted(os.listdir(support.data(""))):
            if not name.endswith(".pem"):
                continue
            text = support.read_file(support.data(name)).decode("latin-1")
            start = text.find("-----BEGIN CERTIFICATE-----")
            if start < 0 or "-----END CERTIFICATE-----" not in text[start:]:
                continue
            try:
                der = ssl.PEM_cert_to_DER_cert(text[start:text.index("-----END CERTIFICATE-----", start) + 25] + "\n")
            except ValueError:
                continue
            for end in range(0, len(der), 7):
                certificates.summary(der[:end])
            found = certificates.summary(der)
            self.assertTrue("damaged" in found or found["subject"] is not None, name)

    def test_names_are_printable(self):
        self.assertEqual(certificates.printable("a\x1b[31m\n\u20ac"), "a\\x1b[31m\\n\\u20ac")

    def test_colour_is_for_terminals(self):
        class Terminal(object):
            def isatty(self):
                return True

        saved = dict((name, os.environ.pop(name, None)) for name in ("NO_COLOR", "TERM"))
        try:
            os.environ["TERM"] = "xterm"
            self.assertTrue(shown.wants_colour(Terminal()))
            self.assertFalse(shown.wants_colour(support.Discard()))
            os.environ["NO_COLOR"] = "1"
            self.assertFalse(shown.wants_colour(Terminal()))
            del os.environ["NO_COLOR"]
            os.environ["TERM"] = "dumb"
            self.assertFalse(shown.wants_colour(Terminal()))
        finally:
            for name, value in saved.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


if __name__ == "__main__":
    unittest.main()
