"""What the tests of the consoles share: where they are, and how one is run.

    IPYSSL   the folder of the console ipyssl, artifacts/ironpython if not given
    IPY      a folder with an unchanged IronPython 3.4.2 console for .NET 8: ipy.dll, its assemblies and the folder lib
    DOTNET   the `dotnet` that runs ipy.dll
"""

import os
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
IPYSSL = os.path.abspath(os.environ.get("IPYSSL") or os.path.join(ROOT, "artifacts", "ironpython"))
IPY = os.environ.get("IPY")
DOTNET = os.environ.get("DOTNET") or "dotnet"
PATIENCE = 60

# What the surroundings set would change what a test shows.
ENVIRONMENT = {name: value for name, value in os.environ.items()
               if not name.startswith(("PYTHON", "IRONPYTHON", "PIP_", "SSL_CERT", "REQUESTS_", "CURL_", "OPENSSL"))}
ENVIRONMENT["PIP_CONFIG_FILE"] = os.devnull


def data(name):
    return os.path.join(ROOT, "tests", "python", "data", name)


def ipyssl():
    return [os.path.join(IPYSSL, "ipyssl.exe" if os.name == "nt" else "ipyssl")]


class ConsoleCase(unittest.TestCase):
    """A test that runs a console in a folder of its own."""

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def console(self):
        return ipyssl()

    def run_console(self, *arguments, stdin="", **environment):
        """The status and the text of both streams of a run."""
        process = subprocess.run(self.console() + list(arguments), input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 universal_newlines=True, cwd=self.folder, env=dict(ENVIRONMENT, **environment), timeout=PATIENCE)
        return process.returncode, process.stdout, process.stderr

    def output(self, *arguments, **more):
        """What a run that must succeed prints."""
        status, output, errors = self.run_console(*arguments, **more)
        self.assertEqual((status, errors), (0, ""))
        return output

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path


class IpyCase(ConsoleCase):
    """A test of a copy of the unchanged console with the two folders in it."""

    @classmethod
    def setUpClass(cls):
        if not IPY:
            raise unittest.SkipTest("IPY names no folder with IronPython 3.4.2's own console")
        cls.home = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.home)
        shutil.copytree(IPY, cls.home, dirs_exist_ok=True)
        for name in ("DLLs", "lib"):
            cls.drop_in(name)

    @classmethod
    def drop_in(cls, name, source=IPYSSL):
        """Copies DLLs, or of lib the one file that is ours."""
        target = os.path.join(cls.home, name)
        if name == "lib":
            shutil.copy(os.path.join(source, "lib", "ssl.py"), target)
        else:
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(os.path.join(source, name), target)

    def console(self):
        return [DOTNET, "--roll-forward", "LatestMajor", os.path.join(self.home, "ipy.dll")]
