"""The program with its forked workers, synchronous, in threads and with gevent, and the standard library's client."""

import ssl
import unittest

import gunicorn

import programs
import serving
import support
from support import data

LIBRARY = "gunicorn"
MODULE = "gunicorn"
PACKAGE = "gunicorn"


class Gunicorn(serving.ServerTests):
    ready = "Booting worker"
    worker = "sync"

    def command(self, port, demanding):
        return [programs.PYTHON, "-m", "gunicorn", "--bind", "127.0.0.1:%d" % port, "--workers", "2", "--worker-class", self.worker,
                "--keyfile", data("server-key.pem"), "--certfile", data("server-cert.pem"), "--ca-certs", support.CA,
                "--cert-reqs", str(int(ssl.CERT_REQUIRED if demanding else ssl.CERT_NONE)), "--do-handshake-on-connect",
                "--worker-tmp-dir", "/dev/shm", "wsgi:application"]


class TestSync(Gunicorn, support.TestCase):
    pass


class TestThreads(Gunicorn, support.TestCase):
    worker = "gthread"


class TestGevent(Gunicorn, support.TestCase):
    worker = "gevent"


if __name__ == "__main__":
    unittest.main()
