"""What pip installs from the wheel does, on one interpreter: run.py makes a class of each for every one that it finds."""

import glob
import io
import os
import re
import sys
import unittest

from environments import DATA, ROOT, Server, WithEnvironment

sys.path.append(os.path.dirname(DATA))
import smallwheel       # noqa: E402

WHEELS = os.path.join(ROOT, "artifacts", "wheels")

# One word, `ours` or `stock`, for both halves; anything else is a mixture.
WHICH = """
import ssl, _ssl
halves = {"sslmodule/lib" in (getattr(module, "__file__", None) or "") for module in (ssl, _ssl)} | {"SslModule" in ssl.OPENSSL_VERSION}
print({(True,): "ours", (False,): "stock"}.get(tuple(halves), "mixed: %s %s %s" % (ssl, _ssl, ssl.OPENSSL_VERSION)))
"""
REQUEST = """
import http.client, ssl, sys, urllib.error, urllib.request
url, authority = sys.argv[1:]
context = ssl.create_default_context(cafile=authority)
try:
    print(urllib.request.urlopen(url + "page", context=context).read().decode())
    host, port = url[8:].rstrip("/").split(":")
    connection = http.client.HTTPSConnection(host, int(port), context=context)
    connection.request("GET", "/page")
    version = connection.sock.version()
    print(connection.getresponse().read().decode(), version)
    connection.close()
except urllib.error.URLError as error:
    print(type(error.reason).__name__, error.reason.verify_code)
"""


def install(case, *options, **more):
    return case.pip("install", "--no-index", "--find-links", WHEELS, *options, "sslmodule", **more)


class Installed(WithEnvironment):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        install(cls)
        cls.package, = glob.glob(os.path.join(os.path.dirname(os.path.dirname(cls.venv)), "lib", "python*", "site-packages", "sslmodule"))
        cls.site = os.path.dirname(cls.package)

    def which(self, *options, **more):
        return self.call(*options, "-c", WHICH, **more).strip()

    def extra(self, name, text=""):
        """A file in the environment for one test."""
        path = os.path.join(self.site, name)
        with open(path, "w") as file:
            file.write(text)
        self.addCleanup(os.unlink, path)
        return path

    def test_ssl_is_ours_and_start_up_says_nothing(self):
        self.assertEqual(self.which(), "ours")
        self.assertEqual(self.which("-W", "error", "-X", "dev"), "ours")
        self.assertEqual(self.call("-W", "error", "-c", "import sys; print('ssl' in sys.modules)"), "False\n")

    def test_version(self):
        with open(os.path.join(ROOT, "Directory.Build.props")) as file:
            version = re.search("<Version>(.*)</Version>", file.read()).group(1)
        self.assertEqual(self.call("-c", "import sslmodule; print(sslmodule.__version__)").strip(), version)
        self.assertEqual(self.call("-m", "sslmodule", "--version").strip(), version)

    def test_verified_requests_and_a_refusal(self):
        for certificate, authority, said in (("server.pem", "ca.pem", "page\npage TLSv1.3\n"),
                                             ("server.pem", "otherca.pem", "SSLCertVerificationError 20\n"),
                                             ("wronghost.pem", "ca.pem", "SSLCertVerificationError 62\n")):
            with self.subTest(certificate=certificate, authority=authority):
                server = Server(certificate, {"/page": b"page"})
                self.addCleanup(server.close)
                self.assertEqual(self.call("-c", REQUEST, server.url, os.path.join(DATA, authority)), said)

    def test_doctor_and_info(self):
        server = Server("wronghost.pem", {})
        self.addCleanup(server.close)
        said = self.call("-m", "sslmodule", "doctor", server.url[8:].rstrip("/"), "--cafile", os.path.join(DATA, "ca.pem"), status=1)
        self.assertIn("<- ServerHello", said)
        self.assertIn("valid for 'other.example'", said)
        info = self.call("-m", "sslmodule", "--info")
        self.assertIn("SslModule", info)
        self.assertIn(".NET", info)
        self.assertIn("OpenSSL", self.call("-m", "sslmodule", "--info", SSLMODULE="off"))

    def test_pip_uses_ours(self):
        packed = io.BytesIO()
        wheel = smallwheel.filename("little")
        smallwheel.write(packed, "little", "")
        server = Server("server.pem", {"/simple/little/": ('<a href="/%s">%s</a>' % (wheel, wheel)).encode(), "/" + wheel: packed.getvalue()})
        self.addCleanup(server.close)
        self.pip("download", "--index-url", server.url + "simple/", "--cert", os.path.join(DATA, "ca.pem"), "-d", self.folder, "little")
        said = self.pip("download", "--index-url", server.url + "simple/", "--cert", os.path.join(DATA, "otherca.pem"), "--retries", "0",
                        "-d", self.folder, "little", status=1)
        self.assertIn("CERTIFICATE_VERIFY_FAILED", said)

    def test_off_and_on(self):
        self.addCleanup(self.call, "-m", "sslmodule", "on")
        self.assertRegex(self.call("-m", "sslmodule"), r"^ssl is SslModule [\d.]+\n  OpenSSL .*\n  ssl from %s/lib/ssl.py\n  _ssl from %s/lib/_ssl"
                         % (self.package, self.package))
        for _ in range(2):
            self.assertRegex(self.call("-m", "sslmodule", "off"), "^off: ")
            self.assertEqual(self.which(), "stock")
        self.assertRegex(self.call("-m", "sslmodule", "status"), r"^ssl is not SslModule [\d.]+: .*sslmodule off.*\n  OpenSSL")
        for _ in range(2):
            self.assertRegex(self.call("-m", "sslmodule", "on"), "^on: ")
            self.assertEqual(self.which(), "ours")
        self.assertIn("invalid choice", self.call("-m", "sslmodule", "of", status=2))

    def test_one_process_by_the_environment(self):
        self.assertEqual(self.which(SSLMODULE="off"), "stock")
        self.assertEqual(self.which(SSLMODULE="ON"), "ours")
        self.assertIn("SSLMODULE says off", self.call("-m", "sslmodule", SSLMODULE="off"))
        self.assertIn("it says off", self.call("-m", "sslmodule", "on", SSLMODULE="off"))
        said = self.which(SSLMODULE="no")
        self.assertIn("neither on nor off: 'no'", said)
        self.assertTrue(said.endswith("\nours"), said)
        self.call("-m", "sslmodule", "off")
        self.addCleanup(self.call, "-m", "sslmodule", "on")
        self.assertEqual(self.which(SSLMODULE="on"), "ours")

    def test_options_of_python(self):
        self.assertEqual(self.which("-I"), "ours")
        self.assertEqual(self.which("-E", SSLMODULE="off"), "ours")
        self.assertEqual(self.which("-S"), "stock")

    def test_processes_of_processes(self):
        code = "import subprocess, sys; print(subprocess.check_output([sys.executable, '-c', %r], text=True))" % WHICH
        self.assertEqual(self.call("-c", code).strip(), "ours")
        code = "import multiprocessing\nif __name__ == '__main__':\n with multiprocessing.get_context('spawn').Pool(1) as pool:\n" \
            "  print(pool.apply(eval, ('__import__(\"ssl\").OPENSSL_VERSION',)))"
        path = os.path.join(self.folder, "spawns.py")
        with open(path, "w") as file:
            file.write(code)
        self.assertIn("SslModule", self.call(path))

    def test_an_environment_made_by_it_has_its_own(self):
        inner = self.make_venv("inner", self.venv)
        self.assertEqual(self.which(python=inner), "stock")

    def test_who_puts_another_ahead_keeps_it(self):
        folder = os.path.join(self.folder, "ahead")
        os.makedirs(os.path.join(folder, "ssl"))                    # an ordinary folder is no module
        self.assertEqual(self.which(PYTHONPATH=folder), "ours")
        own = os.path.join(self.folder, "own")
        os.makedirs(own)
        with open(os.path.join(own, "ssl.py"), "w") as file:
            file.write("OPENSSL_VERSION = 'a third'")
        self.assertEqual(self.call("-c", "import ssl, _ssl; print(ssl.OPENSSL_VERSION, 'sslmodule' in _ssl.__file__)", PYTHONPATH=own),
                         "a third False\n")
        self.assertIn("own/ssl.py comes before the standard library", self.call("-m", "sslmodule", PYTHONPATH=own))
        self.assertEqual(self.which(PYTHONPATH=os.path.join(self.package, "lib")), "ours")

    def test_what_was_imported_earlier_stays_and_is_told(self):
        self.extra("00-earlier.pth", "import ssl\n")
        said = self.which()
        self.assertIn("ssl was imported before", said)
        self.assertTrue(said.endswith("\nstock"), said)
        self.assertEqual(self.which(SSLMODULE="off"), "stock")      # and nothing else: off says nothing
        self.assertIn("ssl was imported before", self.call("-m", "sslmodule"))

    def test_halves_are_never_mixed(self):
        said = self.call("-S", "-c", "import sys, _ssl; sys.path.append(%r); import sslmodule; sslmodule.use()\n%s" % (self.site, WHICH))
        self.assertIn("_ssl was imported before", said)
        self.assertTrue(said.endswith("\nstock\n"), said)

    def test_called_twice_is_once(self):
        self.assertEqual(self.call("-c", "import sys, sslmodule; before = list(sys.meta_path); sslmodule.use(); print(before == sys.meta_path)"),
                         "True\n")

    def test_a_processor_that_lacks_instructions(self):
        path = os.path.join(self.folder, "processor")
        with open(path, "w") as file:
            file.write("processor\t: 0\nflags\t\t: fpu sse2 avx2\n")
        code = "import sslmodule; sslmodule.INSTRUCTIONS = 'avx'; sslmodule._PROCESSORS = %r\nimport ssl" % path
        self.assertIn("ImportError: SslModule needs a processor with AVX", self.call("-c", code, status=1))
        with open(path, "a") as file:
            file.write("processor\t: 1\nflags\t\t: fpu sse2 avx avx2\n")
        with open(path, "w") as file:
            file.write("flags\t\t: fpu avx\n")
        self.assertEqual(self.call("-c", code), "")

    def test_read_only(self):
        if os.geteuid() == 0:
            # What only a file system says to root.
            command = ["unshare", "-m", "sh", "-c", 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"', self.package]
            if self.run_in(*command, "true").returncode:
                self.skipTest("this root may not mount")
        else:
            command = []
            os.chmod(self.package, 0o555)
            self.addCleanup(os.chmod, self.package, 0o755)
        ended = self.run_in(*command, self.venv, "-m", "sslmodule", "off")
        self.assertRegex(ended.stdout, r"^sslmodule cannot be switched off: .*enabled'\n$")
        self.assertEqual(ended.returncode, 1)
        self.assertEqual(self.which(), "ours")


class Removal(WithEnvironment):
    def removed_after(self, *commands):
        before = self.files()
        install(self)
        self.assertNotEqual(self.files(), before)
        for command in commands:
            self.call("-m", "sslmodule", command)
        self.call("-c", WHICH)
        self.pip("uninstall", "--yes", "sslmodule")
        self.assertEqual(self.files(), before)
        self.assertEqual(self.call("-c", WHICH), "stock\n")

    def test_while_on(self):
        self.removed_after("status")

    def test_while_off(self):
        self.removed_after("off")

    def test_after_off_and_on(self):
        self.removed_after("off", "on")


class Elsewhere(WithEnvironment):
    def test_a_folder_on_the_path(self):
        target = os.path.join(self.folder, "target")
        install(self, "--target", target)
        self.assertEqual(self.call("-c", WHICH, PYTHONPATH=target), "stock\n")
        self.assertIn("nothing has called sslmodule.use()", self.call("-m", "sslmodule", PYTHONPATH=target))
        self.assertEqual(self.call("-c", "import sslmodule; sslmodule.use()\n" + WHICH, PYTHONPATH=target), "ours\n")
        self.assertEqual(self.call("-c", "import site; site.addsitedir(%r)\n%s" % (target, WHICH)), "ours\n")
        self.assertEqual(self.call("-c", WHICH, PYTHONPATH=os.path.join(target, "sslmodule", "lib")), "ours\n")

    def test_a_user_of_the_interpreter(self):
        user = {"python": self.base, "PYTHONUSERBASE": os.path.join(self.folder, "user")}
        install(self, "--user", "--break-system-packages", **user)
        self.assertEqual(self.call("-c", WHICH, **user), "ours\n")
        self.assertEqual(self.call("-s", "-c", WHICH, **user), "stock\n")
        self.pip("uninstall", "--yes", "--break-system-packages", "sslmodule", **user)
        self.assertEqual(self.call("-c", WHICH, **user), "stock\n")
        self.assertEqual([names for _, _, names in os.walk(user["PYTHONUSERBASE"]) if names], [])

    def test_other_versions_of_python_are_refused(self):
        for version in ("3.10", "3.16"):
            said = self.pip("download", "--no-index", "--find-links", WHEELS, "--python-version", version, "--only-binary", ":all:",
                            "--no-deps", "-d", os.path.join(self.folder, "never"), "sslmodule", status=1)
            self.assertRegex(said, "No matching distribution found for sslmodule|'sslmodule' requires a different Python: " + version)


if __name__ == "__main__":
    unittest.main()
