"""Virtual environments, the pip that comes with an interpreter, and a server to talk to."""

import http.server
import os
import shutil
import ssl
import subprocess
import tempfile
import threading
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(ROOT, "tests", "python", "data")
LIMIT = 120

# The wheel of pip that `venv` would install. Unpacked beside an environment it works on that, and leaves nothing of its own there.
BUNDLED = """
import ensurepip, glob, os, sys, zipfile
folders = [getattr(ensurepip, "_WHEEL_PKG_DIR", None), os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")]
wheel = [file for folder in folders if folder for file in glob.glob(os.path.join(folder, "pip-*.whl"))][0]
zipfile.ZipFile(wheel).extractall(sys.argv[1])
"""
# An interpreter that PYTHONS names may be a script that starts one in another system: it has to start its environments' as well.
START = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"


def clean(folder, **more):
    """An environment for child processes in which nothing of the caller's settles what Python or pip does."""
    variables = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    variables.update(HOME=folder, PIP_CONFIG_FILE=os.devnull, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1",
                     PIP_NO_CACHE_DIR="1", PIP_ROOT_USER_ACTION="ignore", **more)
    return variables


class WithEnvironment(unittest.TestCase):
    """Each class has a folder for its work, and in it a virtual environment without pip."""

    python = None

    @classmethod
    def setUpClass(cls):
        cls.folder = os.path.realpath(tempfile.mkdtemp(prefix="sslmodule-wheel-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.base = cls.python
        if subprocess.run([cls.base, "-I", "-c", BUNDLED, os.path.join(cls.folder, "pip")], stderr=subprocess.DEVNULL).returncode:
            raise unittest.SkipTest("%s has no pip to install with: install the package python3-venv" % cls.python)
        cls.venv = cls.make_venv("venv")

    @classmethod
    def make_venv(cls, name, python=None):
        folder = os.path.join(cls.folder, name)
        cls.call("-m", "venv", "--without-pip", folder, python=python or cls.base)
        return os.path.join(folder, "bin", "python")

    @classmethod
    def run_in(cls, *command, **variables):
        """Runs a program where the interpreter runs, in an empty folder: its output, errors too, and its status."""
        empty = os.path.join(cls.folder, "empty")
        os.makedirs(empty, exist_ok=True)
        if command[0] != cls.base:
            command = (cls.base, "-I", "-c", START) + command
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              cwd=empty, timeout=LIMIT, env=clean(cls.folder, **variables))

    @classmethod
    def call(cls, *arguments, python=None, status=0, **variables):
        """The output of a Python of the environment; its end must be as expected."""
        ended = cls.run_in(python or cls.venv, *arguments, **variables)
        if (ended.returncode != 0) != (status != 0):
            raise AssertionError("%s ended with %d:\n%s" % (" ".join(arguments), ended.returncode, ended.stdout))
        return ended.stdout

    @classmethod
    def pip(cls, *arguments, **options):
        return cls.call(os.path.join(cls.folder, "pip", "pip"), *arguments, **options)

    def files(self):
        """Every file of the environment, and every folder but its empty site-packages, which pip removes."""
        top = os.path.dirname(os.path.dirname(self.venv))
        return sorted(os.path.join(folder, name) for folder, folders, names in os.walk(top) for name in folders + names
                      if name != "site-packages")


class Server:
    """An https server of the ssl that runs the tests, on loopback: its files are a dictionary of bytes."""

    def __init__(self, certificate, files):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = files.get(self.path)
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Type", "text/html" if self.path.endswith("/") else "application/octet-stream")
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *arguments):
                pass

        class Listener(http.server.ThreadingHTTPServer):
            def finish_request(self, request, address):
                try:
                    with context.wrap_socket(request, server_side=True) as connection:
                        super().finish_request(connection, address)
                except OSError:
                    pass                # the client's refusal is what its test looks at

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(DATA, certificate))
        self.listener = Listener(("127.0.0.1", 0), Handler)
        self.url = "https://localhost:%d/" % self.listener.server_address[1]
        self.thread = threading.Thread(target=self.listener.serve_forever)
        self.thread.start()

    def close(self):
        self.listener.shutdown()
        self.thread.join()
        self.listener.server_close()
