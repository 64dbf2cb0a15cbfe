"""What a process may do right after `import ssl`: fork, and end."""

import os
import subprocess
import sys
import unittest

import support

FORK = """
import os, ssl
child = os.fork()
if child == 0:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_bio(incoming, outgoing, server_hostname="localhost")
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        os._exit(7 if outgoing.pending > 100 else 1)
_, status = os.waitpid(child, 0)
assert os.WEXITSTATUS(status) == 7, status
"""


@unittest.skipUnless(hasattr(os, "fork"), "needs fork")
class TestProcesses(support.TestCase):
    # What may go wrong here does so in one of many.
    def run_often(self, program):
        for _ in range(12):
            self.assertEqual(subprocess.call([sys.executable, "-W", "ignore", "-c", program], timeout=60), 0)

    def test_fork_at_once(self):
        self.run_often(FORK)

    def test_end_at_once(self):
        self.run_often("import ssl")


if __name__ == "__main__":
    unittest.main()
