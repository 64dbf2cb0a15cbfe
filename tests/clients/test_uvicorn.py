"""The program with --ssl-keyfile, --ssl-certfile, --ssl-ca-certs, and the standard library's client."""

import ssl
import unittest

import uvicorn

import programs
import serving
import support
from support import data

LIBRARY = "uvicorn"
MODULE = "uvicorn"
PACKAGE = "python3-uvicorn"


class TestUvicorn(serving.ServerTests, support.TestCase):
    # Without --ssl-ciphers it takes those of TLS 1.0 only: in TLS 1.2 a client whose defaults have none of them is refused.
    ready = "Uvicorn running on"

    def command(self, port, demanding):
        return [programs.PYTHON, "-m", "uvicorn", "--port", str(port), "--ssl-keyfile", data("server-key.pem"),
                "--ssl-certfile", data("server-cert.pem"), "--ssl-ca-certs", support.CA,
                "--ssl-cert-reqs", str(int(ssl.CERT_REQUIRED if demanding else ssl.CERT_NONE)), "wsgi:asynchronous"]


if __name__ == "__main__":
    unittest.main()
