"""Measures the module against the interpreter's own `_ssl`, in turns, and prints ratios (1.00: as fast; more is faster).

Absolute figures mean nothing on a shared machine; both sides of a ratio come from the same run.
"""

import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
ROUNDS = 5
SECONDS = 1.0
MEASUREMENTS = (
    ("full TLS 1.3 handshakes/s, P-256", "handshake", "ec"),
    ("full TLS 1.3 handshakes/s, RSA 2048", "handshake", "rsa"),
    ("MB/s, 16 KiB writes", "bulk", "ec"),
    ("64-byte round trips/s", "small", "ec"),
)


def certificates(folder):
    """A self-made authority that is its own server certificate's, for each kind of key."""
    for name, key in (("ec", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]), ("rsa", ["-newkey", "rsa:2048"])):
        subprocess.run(["openssl", "req", "-x509"] + key + ["-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost", "-keyout", name + ".key", "-out", name + ".crt"],
                       cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(os.path.join(folder, name + ".pem"), "wb") as both:
            for part in (".key", ".crt"):
                with open(os.path.join(folder, name + part), "rb") as source:
                    both.write(source.read())


def once(what, kind, folder, ours):
    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.path.join(ROOT, "artifacts", "cpython") if ours else ""
    done = subprocess.run([sys.executable, os.path.join(HERE, "worker.py"), what, os.path.join(folder, kind + ".pem"),
                           os.path.join(folder, kind + ".crt"), str(SECONDS)],
                          env=environment, stdout=subprocess.PIPE, timeout=120, check=True, universal_newlines=True)
    return float(done.stdout)


def main(only=None):
    folder = tempfile.mkdtemp(prefix="sslmodule-bench-")
    certificates(folder)
    print("%-38s %12s %12s %7s" % ("", "SslModule", "stock _ssl", "ratio"))
    for title, what, kind in MEASUREMENTS:
        if only and only != what:
            continue
        ours, stock = [], []
        for _ in range(ROUNDS):
            ours.append(once(what, kind, folder, True))
            stock.append(once(what, kind, folder, False))
        ratio = statistics.median(mine / theirs for mine, theirs in zip(ours, stock))
        print("%-38s %12.0f %12.0f %7.2f" % (title, statistics.median(ours), statistics.median(stock), ratio))
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
