"""Each package in a program that has nothing else: built, published, and talking TLS to another ssl, on each runtime."""

import filecmp
import os
import re
import socket
import ssl
import subprocess
import sys
import time
import unittest

import outside

REQUEST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "request.py")
OURS = os.path.join(outside.ROOT, "lib", "ssl.py")


class Requests(object):
    """For test cases: request.py, run by a program."""

    def check_requests(self, run):
        with outside.https() as port:
            said = [run(environment={"TEST_URL": "https://localhost:%d/" % port, "TEST_AUTHORITY": authority})
                    for authority in (outside.AUTHORITY, outside.UNKNOWN_AUTHORITY)]
        for text in said:
            self.assertRegex(text, r"(?m)^module: OpenSSL .*SslModule ")
        self.assertIn("\nanswer: over TLSv1.3\n", said[0])
        self.assertRegex(said[1], r"\nrefused: SSLCertVerificationError (19|20|21)\n")
        self.assertNotIn("answer", said[1])
        return said[0]


class Module(Requests, unittest.TestCase):
    """SslModule.IronPython, of .NET 10."""

    framework = "net10.0"

    @classmethod
    def setUpClass(cls):
        outside.need(cls.framework)
        outside.package("SslModule.IronPython")
        cls.program = outside.Program("module-" + cls.framework, cls.framework)
        cls.program.add("SslModule.IronPython")
        cls.program.text(outside.read(outside.ROOT, "examples", "Embedding", "Program.cs"))
        cls.program.dotnet("build")
        cls.program.dotnet("publish", "-o", cls.program.published())

    def test_build(self):
        lib = self.program.output("lib")
        self.assertTrue(filecmp.cmp(os.path.join(lib, "ssl.py"), OURS, shallow=False))
        self.assertTrue(os.path.exists(os.path.join(lib, "urllib", "request.py")))
        assembly = self.program.output(self.program.name + ".dll")
        said = self.check_requests(lambda **options: self.program.run(assembly, REQUEST, **options))
        self.assertIn("ssl.py: %s\n" % os.path.join(lib, "ssl.py"), said)

    def test_publish(self):
        self.assertTrue(filecmp.cmp(self.program.published("lib", "ssl.py"), OURS, shallow=False))
        assembly = self.program.published(self.program.name + ".dll")
        said = self.check_requests(lambda **options: self.program.run(assembly, REQUEST, **options))
        self.assertIn("ssl.py: %s\n" % self.program.published("lib", "ssl.py"), said)


class Module8(Module):
    """SslModule.IronPython, of .NET 8."""

    framework = "net8.0"


class Uses(unittest.TestCase):
    """SslModule.IronPython in other projects than a plain program."""

    def setUp(self):
        outside.package("SslModule.IronPython")

    def test_the_program_of_the_readme(self):
        text = outside.example("README.md")
        self.assertEqual(text, outside.example("src", "IronPythonModule", "README.md"))
        program = outside.Program("readme", "net10.0")
        program.add("SslModule.IronPython")
        program.text(text)
        self.assertRegex(program.dotnet("run"), r"(?m)^OpenSSL .*SslModule.* TLSVersion\.TLSv1_2$")

    def test_the_program_of_getting_started(self):
        """It runs the script of that page, which lies beside its folder."""
        program = outside.Program("embedding", "net10.0")
        program.add("SslModule.IronPython")
        program.text(outside.example("docs", "getting-started.md"))
        (script,) = re.findall(r"```python\n(.*?)```", outside.read(outside.ROOT, "docs", "getting-started.md"), re.DOTALL)
        program.dotnet("build")
        with outside.https() as port:
            outside.write(script.replace("www.example.org", "localhost:%d" % port), outside.SCRATCH, "request.py")
            said, refused = [outside.run("dotnet", "run", "--no-build", cwd=program.folder, environment={"SSL_CERT_FILE": authority}, status=status)
                             for authority, status in ((outside.AUTHORITY, 0), (outside.UNKNOWN_AUTHORITY, None))]
        self.assertRegex(said, r"(?m)^OpenSSL .*SslModule .*\n200 12 bytes$")
        self.assertIn("SSLCertVerificationError", refused)

    def test_an_ssl_py_of_a_build_before_goes(self):
        program = outside.Program("before", "net10.0")
        program.add("IronPython.StdLib")
        program.dotnet("build")
        there = program.output("lib", "ssl.py")
        self.assertFalse(filecmp.cmp(there, OURS, shallow=False))
        os.utime(there, (time.time() + 86400,) * 2)
        program.add("SslModule.IronPython")
        program.dotnet("build")
        self.assertTrue(filecmp.cmp(there, OURS, shallow=False))

    def test_search_path(self):
        """Before any other ssl.py, and no further ahead."""
        program = outside.Program("path", "net10.0")
        program.add("SslModule.IronPython")
        for folder in ("scripts", "other"):
            os.mkdir(os.path.join(program.folder, folder))
        outside.write("import ssl, json; print(ssl.__file__); print(json.MINE)", program.folder, "scripts", "main.py")
        outside.write("MINE = 'a module of the script'", program.folder, "scripts", "json.py")
        outside.write("raise ImportError('not this one')", program.folder, "other", "ssl.py")
        program.text(outside.example("README.md").replace("engine.UseSslModule();", """
            engine.SetSearchPaths(["scripts", "other", .. engine.GetSearchPaths()]);
            engine.UseSslModule();
            engine.UseSslModule();
            Console.WriteLine(string.Join(";", engine.GetSearchPaths()));
            engine.ExecuteFile("scripts/main.py");"""))
        said = program.dotnet("run").splitlines()
        lib = program.output("lib")
        self.assertEqual(said[0].split(";")[:3], ["scripts", lib, "other"])
        self.assertEqual(said[1:3], [os.path.join(lib, "ssl.py"), "a module of the script"])

    def test_a_library_between(self):
        library = outside.Program("between", "net10.0", template="classlib")
        library.add("SslModule.IronPython")
        program = outside.Program("above", "net10.0")
        program.dotnet("add", "reference", library.folder)
        program.text(outside.example("README.md"))
        program.dotnet("publish", "-o", program.published())
        self.assertTrue(filecmp.cmp(program.published("lib", "ssl.py"), OURS, shallow=False))
        said = program.run(program.published("above.dll"))
        self.assertRegex(said, r"(?m)^OpenSSL .*SslModule.* TLSVersion\.TLSv1_2$")


class Tool(Requests, unittest.TestCase):
    """SslModule.IronPython.Console, of .NET 10."""

    framework = "net10.0"

    def test_script(self):
        outside.need(self.framework)
        outside.package("SslModule.IronPython.Console")
        folder = os.path.join(outside.SCRATCH, "tool-" + self.framework)
        outside.run("dotnet", "tool", "install", "--tool-path", folder, "--add-source", outside.PACKAGES,
                    "--framework", self.framework, "SslModule.IronPython.Console")
        command = os.path.join(folder, "ipyssl" + (".exe" if sys.platform == "win32" else ""))
        root = {} if self.framework == "net10.0" else {"DOTNET_ROOT": os.path.dirname(outside.NET8)}
        said = self.check_requests(lambda environment: outside.run(command, REQUEST, environment=dict(environment, **root)))
        self.assertIn("/tools/%s/any/lib/ssl.py\n" % self.framework, said.replace("\\", "/"))


class Tool8(Tool):
    """SslModule.IronPython.Console, of .NET 8."""

    framework = "net8.0"


class Engine(unittest.TestCase):
    """SslModule.Engine alone, of .NET 10: the program of its README, which is the first one of docs/dotnet.md, and those that follow there."""

    framework = "net10.0"

    @classmethod
    def setUpClass(cls):
        outside.need(cls.framework)
        cls.program = outside.Program("engine-" + cls.framework, cls.framework)
        cls.program.add("SslModule.Engine")
        cls.client, cls.server, *_, cls.below = outside.examples("docs", "dotnet.md")

    def build(self, text):
        self.program.text(text)
        self.program.dotnet("build")
        return self.program.output(self.program.name + ".dll")

    def ask(self, text):
        """What a client printed of a server that it trusts, and of one that it does not."""
        self.assertEqual(text.count('"www.example.org"'), 2)
        assembly = self.build(text.replace('"www.example.org", 443', '"localhost", int.Parse(args[0])').replace('"www.example.org"', '"localhost"'))
        with outside.https() as port:
            said = self.program.run(assembly, str(port), environment={"SSL_CERT_FILE": outside.AUTHORITY})
            refused = self.program.run(assembly, str(port), environment={"SSL_CERT_FILE": outside.UNKNOWN_AUTHORITY}, status=None)
        self.assertIn("TlsError", refused)
        self.assertIn("certificate verify failed", refused)
        self.assertNotIn("HTTP", refused)
        return said

    def test_request(self):
        self.assertEqual(self.client, outside.example("src", "Engine", "README.md"))
        self.assertRegex(self.ask(self.client), "^TLSv1.3 TLS_[A-Z0-9_]* HTTP/1.0 200 OK")

    def test_request_below_the_stream(self):
        self.assertTrue(self.ask(self.below).startswith("HTTP/1.0 200 OK"))

    def test_server(self):
        text = self.server.replace('"server.pem"', "args[0]").replace("8443", "0")
        assembly = self.build(text.replace("listener.Start();", "listener.Start();\nConsole.WriteLine(((IPEndPoint)listener.LocalEndpoint).Port);"))
        with subprocess.Popen(outside.runtime(self.framework) + [assembly, os.path.join(outside.DATA, "server.pem")], stdout=subprocess.PIPE) as server:
            try:
                port = int(server.stdout.readline())
                with self.assertRaises(ssl.SSLCertVerificationError):
                    self.echo(port, outside.UNKNOWN_AUTHORITY)
                self.assertIn(b"unknown ca", server.stdout.readline())
                self.assertEqual(self.echo(port, outside.AUTHORITY), b"hello")
            finally:
                server.kill()

    def echo(self, port, authority):
        context = ssl.create_default_context(cafile=authority)
        with socket.create_connection(("127.0.0.1", port), 60) as plain, context.wrap_socket(plain, server_hostname="localhost") as connection:
            connection.sendall(b"hello")
            return connection.recv(5)


class Engine8(Engine):
    """SslModule.Engine alone, of .NET 8."""

    framework = "net8.0"
