"""What `make demo` shows: each host's client against each host's server, OpenSSL on either side, three refusals.

Everything runs over loopback in processes of its own, against a certificate authority made for the occasion.
Exits with 1 when a line of the table is not as it should be.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SERVER = os.path.join(ROOT, "examples", "server.py")
CLIENT = os.path.join(ROOT, "examples", "client.py")
LIMIT = 60
COLUMNS = ("client", "server", "protocol", "cipher", "verified subject", "bytes echoed", "first byte")
WIDTHS = (11, 11, 8, 28, 16, 12, 10)


def hosts():
    """The hosts that are there: a name, the command before a script's name, and its environment."""
    found = []
    cpython = os.path.join(ROOT, "artifacts", "cpython")
    if os.path.exists(os.path.join(cpython, "_ssl.abi3.so")):
        path = os.pathsep.join([os.path.join(ROOT, "lib"), cpython])
        found.append(("CPython", [sys.executable], dict(os.environ, PYTHONPATH=path)))
    ironpython = os.path.join(ROOT, "artifacts", "ironpython", "ipyssl")
    if os.path.exists(ironpython):
        found.append(("IronPython", [ironpython], dict(os.environ)))
    return found


def make_certificates(folder):
    """An authority and a server certificate for localhost, with the openssl program."""
    def openssl(*arguments):
        subprocess.run(("openssl",) + arguments, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    for name in ("ca", "otherca"):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=Throw-away CA", "-keyout", name + ".key", "-out", name + ".pem")
    with open(os.path.join(folder, "san.cnf"), "w") as extensions:
        extensions.write("subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
            "-keyout", "server.key", "-out", "server.csr")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2",
            "-extfile", "san.cnf", "-out", "server.pem")
    return folder


class Server(object):
    """A server process and the port it listens on."""

    def __init__(self, command, environment, ready):
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, start_new_session=True)
        self.output = b""
        self.port = ready(self)

    def line(self, start, seconds=LIMIT):
        """The rest of the next line that begins so."""
        deadline = time.monotonic() + seconds
        while True:
            while b"\n" in self.output:
                line, self.output = self.output.split(b"\n", 1)
                if line.decode().strip().startswith(start):
                    return line.decode().strip()[len(start):].strip()
            if not select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))[0]:
                raise RuntimeError("no line %r within %d s" % (start, seconds))
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                raise RuntimeError("the server ended before its line %r" % start)
            self.output += data

    def __enter__(self):
        return self

    def __exit__(self, *details):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            stream.close()


def our_server(host, folder):
    name, command, environment = host
    arguments = [SERVER, os.path.join(folder, "server.pem"), os.path.join(folder, "server.key")]
    return Server(command + arguments, environment, lambda server: int(server.line("port")))


def openssl_server(folder):
    command = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", os.path.join(folder, "server.pem"),
               "-key", os.path.join(folder, "server.key"), "-rev", "-naccept", "100"]
    return Server(command, None, lambda server: int(server.line("ACCEPT").rsplit(":", 1)[1]))


def our_client(host, port, cafile, name="localhost"):
    label, command, environment = host
    done = subprocess.run(command + [CLIENT, str(port), cafile, name], env=environment, timeout=LIMIT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    try:
        return json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        return {"error": "no answer", "text": (done.stderr or done.stdout).strip()[-300:]}


def openssl_client(port, folder):
    """One line there and back through `openssl s_client`, which verifies as our clients do."""
    started = time.monotonic()
    client = subprocess.Popen(
        ["openssl", "s_client", "-connect", "127.0.0.1:%d" % port, "-CAfile", os.path.join(folder, "ca.pem"),
         "-verify_return_error", "-verify_hostname", "localhost", "-servername", "localhost", "-brief", "-ign_eof"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        client.stdin.write(b"hello from openssl\n")
        client.stdin.flush()
        output, waited = b"", None
        while b"hello from openssl\n" not in output:
            if not select.select([client.stdout], [], [], LIMIT)[0]:
                break
            data = os.read(client.stdout.fileno(), 65536)
            if not data:
                break
            output += data
        waited = time.monotonic() - started
    finally:
        client.kill()
        client.wait()
        client.stdin.close()
        client.stdout.close()
    facts = dict(line.split(": ", 1) for line in output.decode().splitlines() if ": " in line)
    if facts.get("Verification") != "OK" or b"hello from openssl" not in output:
        return {"error": "openssl s_client", "text": output.decode().strip()[-300:]}
    return {"protocol": facts.get("Protocol version"), "cipher": facts.get("Ciphersuite"), "subject": facts.get("Peer certificate", "").replace("CN = ", ""),
            "echoed": len(b"hello from openssl\n"), "milliseconds": int(round(waited * 1000))}


def row(values):
    print("  ".join(str(value).ljust(width) for value, width in zip(values, WIDTHS)).rstrip())
    sys.stdout.flush()


def show(client, server, facts):
    """Prints a line of the table; answers whether all its bytes came back."""
    if "error" in facts:
        row((client, server, "FAILED"))
        print("    %s: %s" % (facts["error"], facts["text"]))
        return False
    row((client, server, facts["protocol"], facts["cipher"], facts["subject"], facts["echoed"], "%d ms" % facts["milliseconds"]))
    return facts["echoed"] > 0


def table(present, folder):
    row(COLUMNS)
    row("-" * width for width in WIDTHS)
    authority = os.path.join(folder, "ca.pem")
    good = True
    for server_host in present:
        with our_server(server_host, folder) as server:
            for client_host in present:
                good &= show(client_host[0], server_host[0], our_client(client_host, server.port, authority))
            good &= show("OpenSSL", server_host[0], openssl_client(server.port, folder))
    for client_host in present:
        with openssl_server(folder) as server:
            facts = our_client_of_reversing(client_host, server.port, authority)
            good &= show(client_host[0], "OpenSSL", facts)
    return good


def our_client_of_reversing(host, port, cafile):
    """`openssl s_server -rev` gives each line back reversed: the client sends one and turns it round."""
    label, command, environment = host
    script = os.path.join(ROOT, "tools", "reversed_client.py")
    done = subprocess.run(command + [script, str(port), cafile], env=environment, timeout=LIMIT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    try:
        return json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        return {"error": "no answer", "text": (done.stderr or done.stdout).strip()[-300:]}


def refusal(title, facts, expected):
    """Prints a refusal with the error a script sees; answers whether it is the expected one."""
    print("%-30s %s: %s" % (title, facts.get("error", "NOT REFUSED"), facts.get("text", "")))
    sys.stdout.flush()
    return expected in facts.get("text", "")


def refusals(present, folder):
    good = True
    authority, other = os.path.join(folder, "ca.pem"), os.path.join(folder, "otherca.pem")
    for host in present:
        with our_server(host, folder) as server:
            good &= refusal(host[0] + ", untrusted", our_client(host, server.port, other), "certificate verify failed")
            good &= refusal(host[0] + ", wrong name", our_client(host, server.port, authority, "example.org"), "Hostname mismatch")
            plain = socket.create_connection(("127.0.0.1", server.port), LIMIT)
            try:
                plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
                line = server.line("refused SSLError: [SSL: HTTP_REQUEST]")
            finally:
                plain.close()
            refusal(host[0] + " server, plain HTTP", {"error": "SSLError", "text": "[SSL: HTTP_REQUEST] " + line}, "")
            still = our_client(host, server.port, authority)
            print("%-30s %s" % ("", "the server is still up" if "error" not in still else "THE SERVER IS DOWN"))
            good &= "error" not in still
    return good


def main():
    present = hosts()
    if not present:
        print("no host could be built: there is nothing to show")
        return 1
    folder = make_certificates(tempfile.mkdtemp(prefix="sslmodule-demo-"))
    print()
    good = table(present, folder)
    print()
    good &= refusals(present, folder)
    print()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
