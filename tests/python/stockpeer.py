"""The other end of a connection, spoken by CPython's own ssl over OpenSSL, in a process of its own.

    with stockpeer.Peer() as peer:
        peer.serve(ciphers=..., versions=..., cert=...)     # it awaits one connection at peer.port and echoes
        ...
        peer.answer()                                       # (version, cipher) or the reason of its failure
        peer.connect(port, counts, ...)                     # it connects, sends patterns and wants each back

Run as a program, it is that process: a line of JSON for each command and each answer.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig

HERE = os.path.dirname(os.path.abspath(__file__))


def interpreter():
    """The CPython that runs this, or else the one that PYTHON or PATH names; None where there is none."""
    if sys.implementation.name == "cpython":
        return sys.executable
    return shutil.which(os.environ.get("PYTHON") or "python3")


class Peer(object):
    """Absent where there is no CPython with OpenSSL: see available()."""

    def __init__(self):
        self.process = subprocess.Popen([interpreter(), "-I", os.path.join(HERE, "stockpeer.py")],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        hello = self.answer()
        self.version, self.port = hello["version"], hello["port"]

    def __enter__(self):
        return self

    def __exit__(self, *trouble):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.kill()
        self.process.wait()

    def send(self, **command):
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        self.process.stdin.flush()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("the peer is gone")
        return json.loads(line.decode())

    def serve(self, **settings):
        self.send(role="server", **settings)

    def connect(self, port, counts, **settings):
        self.send(role="client", port=port, counts=counts, **settings)


def library():
    """The version of OpenSSL that its ssl uses, as (major, minor); () where there is none."""
    python, text = interpreter(), "import ssl; print(ssl.OPENSSL_VERSION)"
    if python is None:
        return ()
    try:
        version = subprocess.check_output([python, "-I", "-c", text]).decode()
    except (OSError, subprocess.CalledProcessError):
        return ()
    if not version.startswith("OpenSSL ") or "SslModule" in version:
        return ()
    return tuple(int(number) for number in version.split()[1].split(".")[:2])


def available():
    """Whether there is a CPython whose own ssl is OpenSSL 3's."""
    return library() >= (3,)


def beside():
    """Whether it is the ssl of the interpreter that runs this, which answers the same script."""
    return interpreter() == sys.executable and available()


def is_modelled():
    """Whether it is OpenSSL 3.0, whose words, alerts and lists this engine has where later versions changed theirs, under CPython's own settings."""
    return library() == (3, 0) and sysconfig.get_config_var("PY_SSL_DEFAULT_CIPHERS") == 1


def main():
    import socket
    import ssl
    import warnings

    warnings.simplefilter("ignore")
    sys.path.insert(0, HERE)
    import refusals
    import support

    listener = support.listener()
    listener.settimeout(support.PATIENCE)

    def tell(**answer):
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()

    def run(command):
        server = command.pop("role") == "server"
        port, counts = command.pop("port", None), command.pop("counts", [])
        context = refusals.context(server, **command)
        if server:
            plain, _ = listener.accept()
        else:
            plain = socket.create_connection(("127.0.0.1", port), support.PATIENCE)
        plain.settimeout(support.PATIENCE)
        with plain, context.wrap_socket(plain, server_side=server) as connection:
            agreed = [connection.version(), connection.cipher()[0]]
            if server:
                support.echo(connection)
            else:
                for count in counts:
                    sent = support.pattern(count)
                    connection.sendall(sent)
                    if support.receive(connection, count) != sent:
                        raise ValueError("other bytes came back")
            return agreed

    tell(version=ssl.OPENSSL_VERSION, port=listener.getsockname()[1])
    for line in sys.stdin:
        try:
            tell(result=run(json.loads(line)))
        except Exception as error:
            tell(error=getattr(error, "reason", None) or repr(error))


if __name__ == "__main__":
    main()
