"""The folders DLLs and lib in an unchanged IronPython console: a server, pip from an index of one's own, and mixes that cannot work."""

import functools
import http.client
import http.server
import os
import re
import shutil
import ssl
import subprocess
import threading
import unittest

import smallwheel
from support import DOTNET, ENVIRONMENT, IPYSSL, PATIENCE, ROOT, ConsoleCase, IpyCase, data

SERVER = """
import http.server, ssl

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(%r)
server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
while True:
    server.handle_request()
"""

CLIENT = """
import ssl, urllib.request

context = ssl.create_default_context(cafile=%r)
with urllib.request.urlopen("https://localhost:%d/simple/", context=context, timeout=60) as answer:
    print(answer.status, answer.read())
"""


class Index(object):
    """A package index over stock CPython's TLS, with one package in it."""

    def __init__(self, folder):
        place = os.path.join(folder, "simple", "demo")
        os.makedirs(place)
        smallwheel.write(os.path.join(place, smallwheel.filename("demo")), "demo", "word = 'installed'\n")

        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request, address):
                pass            # clients that refuse this server's authority

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(data("server.pem"))
        self.server = Server(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join(PATIENCE)
        self.server.server_close()


class Programs(object):
    """What must work in any IronPython console that has the module."""

    def index(self):
        index = Index(os.path.join(self.folder, "index"))
        self.addCleanup(index.close)
        return index

    def test_module(self):
        self.assertIn("SslModule", self.output("-c", "import ssl; print(ssl.OPENSSL_VERSION)"))

    def test_client(self):
        port = self.index().port
        self.assertIn("200", self.output("-c", CLIENT % (data("ca.pem"), port)))
        status, _, errors = self.run_console("-c", CLIENT % (data("otherca.pem"), port))
        self.assertEqual(status, 1)
        self.assertIn("CERTIFICATE_VERIFY_FAILED", errors)

    def test_server_with_one_pem_file(self):
        script = self.write("server.py", SERVER % data("server.pem"))
        process = subprocess.Popen(self.console() + [script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   universal_newlines=True, cwd=self.folder, env=ENVIRONMENT)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        port = int(process.stdout.readline())
        context = ssl.create_default_context(cafile=data("ca.pem"))
        client = http.client.HTTPSConnection("localhost", port, context=context, timeout=PATIENCE)
        self.addCleanup(client.close)
        client.request("GET", "/server.py")
        self.assertEqual(client.sock.version(), "TLSv1.3")
        answer = client.getresponse()
        self.assertEqual((answer.status, b"load_cert_chain" in answer.read()), (200, True))

    def test_pip(self):
        port = self.index().port
        self.run_console("-m", "ensurepip", "--root", os.path.join(self.folder, "root"))
        packages = next(folder for folder, names, _ in os.walk(os.path.join(self.folder, "root")) if "pip" in names)
        target = os.path.join(self.folder, "target")
        install = ["-m", "pip", "install", "--disable-pip-version-check", "--no-cache-dir", "--retries", "0", "--target", target,
                   "--index-url", "https://localhost:%d/simple/" % port]
        status, output, errors = self.run_console(*(install + ["--cert", data("otherca.pem"), "demo"]), IRONPYTHONPATH=packages)
        self.assertNotEqual(status, 0)
        self.assertIn("CERTIFICATE_VERIFY_FAILED", output + errors)
        status, output, errors = self.run_console(*(install + ["--cert", data("ca.pem"), "demo"]), IRONPYTHONPATH=packages)
        self.assertEqual(status, 0, errors)
        self.assertIn("Successfully installed demo-1.0", output)
        self.assertEqual(self.output("-c", "import demo; print(demo.word)", IRONPYTHONPATH=target), "installed\n")


class TestIpyssl(Programs, ConsoleCase):
    """The same in ipyssl."""


class TestIpy(Programs, IpyCase):
    """The same in IronPython's own console."""


class TestMixes(IpyCase):
    """What cannot work says so in one line."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.drop_in, "DLLs")
        self.addCleanup(self.drop_in, "lib")

    def assertRefused(self, *words):
        status, _, errors = self.run_console("-c", "import ssl")
        self.assertEqual(status, 1)
        line = errors.rstrip().splitlines()[-1]
        self.assertTrue(line.startswith("ImportError: "), errors)
        for word in words:
            self.assertIn(word, line)

    def remove(self, *path):
        path = os.path.join(self.home, *path)
        shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)

    def test_assemblies_for_a_newer_runtime(self):
        newer = os.path.join(ROOT, "artifacts", "ironpython")
        runtimes = subprocess.run([DOTNET, "--list-runtimes"], stdout=subprocess.PIPE, universal_newlines=True).stdout
        if "Microsoft.NETCore.App 10." in runtimes or not os.path.isdir(newer):
            self.skipTest("wants assemblies for .NET 10 and a `dotnet` without it")
        for name in os.listdir(os.path.join(self.home, "DLLs")):
            shutil.copy(os.path.join(newer, name), os.path.join(self.home, "DLLs"))
        self.assertRefused("ssl.py of SslModule", "the interpreter's own _ssl", "SslModule.IronPython.dll cannot be loaded", "Version=10.0")

    def test_file_without_assemblies(self):
        self.remove("DLLs")
        self.assertRefused("ssl.py of SslModule", "the interpreter's own _ssl", "not in the console's folder DLLs")

    def test_missing_assembly(self):
        for name in ("SslModule.Engine", "BouncyCastle.Cryptography"):
            with self.subTest(name):
                self.remove("DLLs", name + ".dll")
                self.assertRefused("_ssl cannot be loaded", name)
                self.drop_in("DLLs")

    def test_other_release(self):
        path = os.path.join(self.home, "lib", "ssl.py")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub(r'_other_half\("[0-9.]+"\)', '_other_half("99.0")', text))
        self.assertRefused("ssl.py of SslModule 99.0", "the same release", "SslModule.IronPython.dll")

    def test_assemblies_alone(self):
        shutil.copy(os.path.join(IPYSSL, "ssl-3.4", "ssl.py"), os.path.join(self.home, "lib"))
        self.assertIn("SslModule", self.output("-c", "import ssl; print(ssl.OPENSSL_VERSION)"))


class TestCPython(unittest.TestCase):
    def test_file_above_the_interpreters_own(self):
        process = subprocess.run([os.sys.executable, "-c", "import ssl"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, universal_newlines=True,
                                 env=dict(ENVIRONMENT, PYTHONPATH=os.path.join(ROOT, "lib")))
        self.assertRegex(process.stderr.splitlines()[-1], "^ImportError: ssl.py of SslModule .* the interpreter's own _ssl")


if __name__ == "__main__":
    unittest.main()
