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


# A server with a process for each connection, which was made before the fork, as socketserver.ForkingMixIn has it.
FORKED = """
import os, signal, socket, ssl, sys, threading

signal.alarm(100)
server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server.load_cert_chain(sys.argv[1])
client = ssl.create_default_context(cafile=sys.argv[2])
client.maximum_version = server.maximum_version = ssl.TLSVersion(int(sys.argv[3]))
listener = socket.create_server(("127.0.0.1", 0))

def connect(ends):
    ends.append(client.wrap_socket(socket.create_connection(listener.getsockname()), server_hostname="localhost"))

def pair():
    ends = []
    thread = threading.Thread(target=connect, args=(ends,))
    thread.start()
    far = server.wrap_socket(listener.accept()[0], server_side=True)
    thread.join()
    return ends[0], far

def fork(work):
    pid = os.fork()
    if pid == 0:
        signal.alarm(100)
        try:
            work()
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    return pid

def wait(*children):
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
"""

FORKED_PROGRAMS = {
    "the child has the connection": """
children, ends = [], []
for number in range(3):
    near, far = pair()
    near.sendall(b"a" * 20000)
    assert far.recv(1) == b"a"      # the rest of its record is in the connection
    near.sendall(b"b" * 20000)
    def serve():
        got = b""
        while len(got) < 39999:
            got += far.recv(100000)
        assert got == b"a" * 19999 + b"b" * 20000
        far.sendall(b"c" * 100000)
        far.unwrap().close()
    children.append(fork(serve))
    far.close()
    ends.append(near)
for near in ends:
    got = b""
    while len(got) < 100000:
        got += near.recv(100000)
    assert got == b"c" * 100000
    near.unwrap().close()
wait(*children)
""",
    "the parent keeps it": """
near, far = pair()
near.sendall(b"before")
def look():
    assert (near.version(), near.cipher()) == said
    near.close()
    far.close()
said = near.version(), near.cipher()
wait(fork(look), fork(lambda: None))
child = os.fork()
if child == 0:
    sys.exit(0)         # with all that an interpreter does at its end
assert os.waitpid(child, 0)[1] == 0
assert far.recv(100) == b"before"
far.sendall(b"after")
assert near.recv(100) == b"after"
thread = threading.Thread(target=far.unwrap)
thread.start()
near.unwrap()
thread.join()
""",
    "each has its own": """
def talk():
    near, far = pair()
    for size in (1, 1000, 30000):
        near.sendall(b"x" * size)
        got = b""
        while len(got) < size:
            got += far.recv(100000)
        assert got == b"x" * size
near, far = pair()
children = []
for _ in range(3):
    lone = socket.create_server(("127.0.0.1", 0))
    def own(lone=lone):
        global listener
        listener = lone
        talk()
    children.append(fork(own))
talk()
wait(*children)
""",
    "none has another's random bytes": """
ssl.RAND_bytes(16)
read, write = os.pipe()
def say():
    hello = ssl.MemoryBIO()
    try:
        client.wrap_bio(ssl.MemoryBIO(), hello, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError:
        pass
    os.write(write, hello.read()[11:43] + ssl.RAND_bytes(32))
wait(*[fork(say) for _ in range(4)])
say()
all = os.read(read, 100000)
assert len(all) == 5 * 64
assert len({all[at:at + 32] for at in range(0, len(all), 32)}) == 10
""",
}


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

    def test_fork_with_connections(self):
        for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
            for name, program in sorted(FORKED_PROGRAMS.items()):
                with self.subTest(name, version=version):
                    command = [sys.executable, "-W", "ignore", "-c", FORKED + program, support.data("server.pem"), support.CA, str(int(version))]
                    self.assertEqual(subprocess.call(command, timeout=120), 0)

    def test_end_at_once(self):
        self.run_often("import ssl")


if __name__ == "__main__":
    unittest.main()
