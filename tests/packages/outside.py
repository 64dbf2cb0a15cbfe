"""Programs outside the checkout, and the server that they ask."""

import contextlib
import glob
import http.server
import os
import re
import ssl
import subprocess
import threading
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(ROOT, "tests", "python", "data")
AUTHORITY = os.path.join(DATA, "ca.pem")
UNKNOWN_AUTHORITY = os.path.join(DATA, "otherca.pem")
NET8 = os.environ.get("NET8", "none")

# Set by run.py: where the packages are, and a folder that is gone in the end.
PACKAGES = None
SCRATCH = None

LIMIT = 300     # seconds that one command may take

# What would change the meaning of a refusal, or the output of a build.
LEFT_OUT = re.compile(r"SSL_CERT_|SSLKEYLOG|SSLMODULE_|OPENSSL_CONF|IRONPYTHONPATH|PYTHONPATH|REQUESTS_CA|CURL_CA|.*_proxy$", re.IGNORECASE)


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def write(text, *path):
    with open(os.path.join(*path), "w", encoding="utf-8") as file:
        file.write(text)


def examples(*path):
    """The C# programs of a page."""
    return re.findall(r"```csharp\n(.*?)```", read(ROOT, *path), re.DOTALL)


def example(*path):
    """The first of them."""
    return examples(*path)[0]


def has_ironpython():
    """Were the packages packed where IronPython can be restored?"""
    return bool(glob.glob(os.path.join(PACKAGES, "SslModule.IronPython.*")))


def package(name, kind="nupkg"):
    """The file of a package."""
    if "IronPython" in name and not has_ironpython():
        raise unittest.SkipTest("IronPython cannot be restored here: SslModule.Engine is the only package")
    (file,) = glob.glob(os.path.join(PACKAGES, name + ".[0-9]*." + kind))
    return file


def run(*command, cwd=None, environment=None, status=0):
    """What the command printed. It ends with that status, or with any other than 0 for None."""
    variables = {name: value for name, value in os.environ.items() if not LEFT_OUT.match(name)}
    variables.update(NUGET_PACKAGES=os.path.join(SCRATCH, "cache"), MSBUILDDISABLENODEREUSE="1", UseSharedCompilation="false",
                     DOTNET_CLI_USE_MSBUILD_SERVER="0", DOTNET_NOLOGO="1", DOTNET_CLI_TELEMETRY_OPTOUT="1", **environment or {})
    done = subprocess.run(command, cwd=cwd or SCRATCH, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=LIMIT, universal_newlines=True)
    if (done.returncode != status) if status is not None else done.returncode == 0:
        raise AssertionError("%s ended with status %d:\n%s" % (" ".join(command), done.returncode, done.stdout))
    return done.stdout


class Program(object):
    """A project as `dotnet new` makes it, in a folder that knows the packages and nothing else of the checkout."""

    def __init__(self, name, framework, template="console"):
        self.framework = framework
        self.folder = os.path.join(SCRATCH, name)
        self.name = name
        os.makedirs(self.folder)
        write('<configuration><packageSources><add key="packed" value="%s" /></packageSources></configuration>' % PACKAGES,
              self.folder, "nuget.config")
        # Without `--framework`: an SDK that has no package of an older one's names does not offer it.
        self.dotnet("new", template, "--no-restore")
        project = os.path.join(self.folder, name + ".csproj")
        write(re.sub("<TargetFramework>.*<", "<TargetFramework>%s<" % framework, read(project)), project)

    def dotnet(self, *arguments):
        return run("dotnet", *arguments, cwd=self.folder)

    def add(self, name):
        self.dotnet("add", "package", name)

    def text(self, text):
        write(text, self.folder, "Program.cs")

    def output(self, *path):
        return os.path.join(self.folder, "bin", "Debug", self.framework, *path)

    def published(self, *path):
        return os.path.join(self.folder, "published", *path)

    def run(self, assembly, *arguments, **options):
        """Runs the program in a folder of no meaning on the runtime that it was built for."""
        return run(*runtime(self.framework) + [assembly] + list(arguments), **options)


def runtime(framework):
    return ["dotnet" if framework == "net10.0" else NET8]


def need(framework):
    if framework == "net8.0" and NET8 == "none":
        raise unittest.SkipTest("no .NET 8 runtime")


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"over " + self.connection.version().encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass    # a client that refuses the certificate is meant to

    def finish_request(self, request, client_address):
        # Here and not on the listener: a handshake belongs to the thread of its connection.
        request.settimeout(60)
        with self.context.wrap_socket(request, server_side=True) as connection:
            super().finish_request(connection, client_address)


@contextlib.contextmanager
def https():
    """The port of a server on loopback whose certificate for localhost comes from AUTHORITY."""
    assert "SslModule" not in ssl.OPENSSL_VERSION, "the peer is to be an ssl of its own"
    with Server(("127.0.0.1", 0), Answer) as server:
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(os.path.join(DATA, "server.pem"))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
