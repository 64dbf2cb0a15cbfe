"""What a process may do right after `import ssl`: fork, and end."""

import os
import ssl
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

THREADS = """
import os, signal, ssl, sys, threading

def shake(count):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(sys.argv[1])
    client = ssl.create_default_context(cafile=sys.argv[2])
    for _ in range(count):
        up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
        ends = [client.wrap_bio(down, up, server_hostname="localhost"), server.wrap_bio(up, down, server_side=True)]
        while ends:
            for end in list(ends):
                try:
                    end.do_handshake()
                    ends.remove(end)
                except ssl.SSLWantReadError:
                    pass

def child(depth):
    # Threads come and go, more of them than the C library keeps stacks for.
    threads = [threading.Thread(target=shake, args=(20,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return fork(depth - 1) if depth else 0

def fork(depth):
    pid = os.fork()
    if pid == 0:
        signal.alarm(100)
        os._exit(child(depth))
    return os.waitpid(pid, 0)[1] and 1

shake(int(sys.argv[3]))
sys.exit(fork(1))
"""

OTHER_THREADS = THREADS.replace("""shake(int(sys.argv[3]))
sys.exit(fork(1))
""", """
def work():
    while True:
        shake(1)
        started.release()
        end.wait(idle)

idle = None if sys.argv[3] == "idle" else 0
started, end = threading.Semaphore(0), threading.Event()
for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
for _ in range(3):
    started.acquire()
# Without the end of an interpreter that has daemon threads.
os._exit(max(fork(0) for _ in range(4)))
""")


@unittest.skipUnless(hasattr(os, "fork"), "needs fork")
class TestProcesses(support.TestCase):
    # What may go wrong here does so in one of many.
    def run_often(self, program):
        for _ in range(12):
            self.assertEqual(subprocess.call([sys.executable, "-W", "ignore", "-c", program], timeout=60), 0)

    def test_fork_at_once(self):
        self.run_often(FORK)

    def test_threads_in_a_child(self):
        """A server's forked worker has threads of its own, and so has what it forks."""
        for handshakes in "0", "3":
            command = [sys.executable, "-W", "ignore", "-c", THREADS, support.data("server.pem"), support.CA, handshakes]
            self.assertEqual(subprocess.call(command, timeout=120), 0)

    def test_fork_beside_threads(self):
        """The other threads, at rest or in the middle of handshakes, do not exist in the child."""
        # OpenSSL's locks stay locked in the child: stock CPython waits for a busy thread for ever.
        for others in ("idle", "busy") if "SslModule" in ssl.OPENSSL_VERSION else ("idle",):
            with self.subTest(others):
                command = [sys.executable, "-W", "ignore", "-c", OTHER_THREADS, support.data("server.pem"), support.CA, others]
                self.assertEqual(subprocess.call(command, timeout=120), 0)

    def test_end_at_once(self):
        self.run_often("import ssl")


if __name__ == "__main__":
    unittest.main()
