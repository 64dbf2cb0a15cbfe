"""pip download from an index over HTTPS, with --cert and with PIP_CERT."""

import os
import subprocess
import unittest

import pip

import programs
import servers
import smallwheel
import support
from servers import running
from support import data, server_context

LIBRARY = "pip"
MODULE = "pip"
PACKAGE = "python3-pip"

WHEEL = smallwheel.filename("parcel")


class Index(servers.Pages):
    """An index with one package."""

    def do_GET(self):
        folder = self.server.folder
        if self.path == "/simple/parcel/":
            body = ('<!DOCTYPE html><html><body><a href="/files/%s">%s</a></body></html>' % (WHEEL, WHEEL)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        elif self.path.startswith("/files/"):
            self.answer(support.read_file(os.path.join(folder, os.path.basename(self.path))))
        else:
            self.send_error(404)


class TestPip(support.TestCase):
    def setUp(self):
        self.folder = self.enterContext(programs.folder())
        smallwheel.write(os.path.join(self.folder, WHEEL), "parcel", "# " + "x" * 100000)

    def download(self, server, *options, **environment):
        target = os.path.join(self.folder, "downloaded")
        done = subprocess.run([programs.PYTHON, "-m", "pip", "--isolated" if not environment else "--no-color", "download", "--no-deps",
                               "--no-cache-dir", "--disable-pip-version-check", "--retries", "0", "--timeout", str(support.PATIENCE),
                               "--index-url", "https://localhost:%d/simple/" % server.port, "-d", target] + list(options) + ["parcel"],
                              env=dict(os.environ, **environment), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout.decode(), os.path.join(target, WHEEL)

    def test_download(self):
        with running(servers.Http(server_context(), Index)) as server:
            server.folder = self.folder
            for options, environment in ((("--cert", support.CA), {}), ((), {"PIP_CERT": support.CA})):
                status, output, file = self.download(server, *options, **environment)
                self.assertEqual(status, 0, output)
                self.assertEqual(support.read_file(file), support.read_file(os.path.join(self.folder, os.path.basename(file))))
                os.remove(file)

    def test_refusal(self):
        with running(servers.Http(server_context(), Index)) as server:
            server.folder = self.folder
            for options in (("--cert", data("otherca.pem")), ()):
                status, output, file = self.download(server, *options)
                self.assertNotEqual(status, 0)
                self.assertIn("CERTIFICATE_VERIFY_FAILED", output)
                self.assertFalse(os.path.exists(file))


if __name__ == "__main__":
    unittest.main()
