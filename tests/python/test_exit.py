"""The end of a program while other threads are in the middle of connections: it ends, at once and without a crash."""

import os
import subprocess
import sys
import unittest

import support

# What a daemon thread does when the main thread ends. `plain` is the other end of its socket, `far` that end with TLS.
BEGINNING = """
import os, socket, ssl, sys, threading, time

def context(server):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    if server:
        made.load_cert_chain(sys.argv[1])
    else:
        made.load_verify_locations(sys.argv[2])
    return made

def plain_pair():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1)
    near = socket.socket()
    near.connect(listener.getsockname())
    far, _ = listener.accept()
    listener.close()
    for one in (near, far):
        one.settimeout(60)
    return near, far

def tls_pair():
    near, far = plain_pair()
    ends = []
    thread = threading.Thread(target=lambda: ends.append(context(True).wrap_socket(far, server_side=True)))
    thread.start()
    near = context(False).wrap_socket(near, server_hostname="localhost")
    thread.join()
    return near, ends[0]

def in_the_background(call, *arguments):
    begun = threading.Event()
    def run():
        begun.set()
        try:
            while True:
                call(*arguments)
        except Exception:
            pass
    thread = threading.Thread(target=run)
    thread.daemon = True
    thread.start()
    begun.wait(60)
    time.sleep(0.05)        # most often the call has begun by then; it may as well not have

class Late(object):
    # Called when the interpreter takes itself apart: what a thread waits for comes then.
    def __init__(self, call):
        self.call = call
    def __del__(self):
        try:
            self.call()
            time.sleep(0.05)
        except Exception:
            pass
"""

PROGRAMS = {
    "recv": """
near, far = tls_pair()
in_the_background(near.recv, 100)
""",
    "recv, to which an answer comes at the end": """
near, far = tls_pair()
in_the_background(near.recv, 100)
sys.late = Late(lambda far=far: far.sendall(b"late"))
""",
    "recv_into, with the end of the stream at the end": """
near, far = tls_pair()
in_the_background(near.recv_into, bytearray(100))
sys.late = Late(far.close)
""",
    "do_handshake": """
near, far = plain_pair()
near = context(False).wrap_socket(near, server_hostname="localhost", do_handshake_on_connect=False)
in_the_background(near.do_handshake)
""",
    "do_handshake, to which bytes come at the end": """
near, far = plain_pair()
near = context(False).wrap_socket(near, server_hostname="localhost", do_handshake_on_connect=False)
in_the_background(near.do_handshake)
sys.late = Late(lambda far=far: far.sendall(b"HTTP/1.1 400 Bad Request"))
""",
    "sendall": """
near, far = tls_pair()
in_the_background(near.sendall, bytes(bytearray(1 << 24)))
""",
    "sendall, for which there is room at the end": """
near, far = tls_pair()
in_the_background(near.sendall, bytes(bytearray(1 << 24)))
sys.late = Late(lambda far=far: [far.recv(1 << 16) for _ in range(100)])
""",
    "unwrap": """
near, far = tls_pair()
in_the_background(near.unwrap)
""",
    "handshakes in memory": """
def shake():
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [client.wrap_bio(down, up, server_hostname="localhost"), server.wrap_bio(up, down, server_side=True)]
    while ends:
        for end in list(ends):
            try:
                end.do_handshake()
                ends.remove(end)
            except ssl.SSLWantReadError:
                pass
client, server = context(False), context(True)
for _ in range(3):
    in_the_background(shake)
""",
    "a server name callback": """
near, far = plain_pair()
server = context(True)
server.sni_callback = lambda *arguments: time.sleep(60)
far = server.wrap_socket(far, server_side=True, do_handshake_on_connect=False)
near = context(False).wrap_socket(near, server_hostname="localhost", do_handshake_on_connect=False)
in_the_background(far.do_handshake)
in_the_background(near.do_handshake)
""",
}
TIMES = 1 if support.IRONPYTHON else 3


class TestExit(support.TestCase):
    def test_threads_in_calls(self):
        for name, program in sorted(PROGRAMS.items()):
            with self.subTest(name):
                for _ in range(TIMES):
                    self.run_program(BEGINNING + program)

    def test_an_exception_ends_the_main_thread(self):
        self.run_program(BEGINNING + PROGRAMS["recv"] + "sys.exit(7)", 7)

    def run_program(self, program, status=0):
        command = [sys.executable, "-c", program, support.data("server.pem"), support.CA]
        if not support.IRONPYTHON:
            command[1:1] = ["-W", "ignore"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        watch = support.threading.Timer(support.PATIENCE, process.kill)
        watch.start()
        try:
            text = process.communicate()[0].decode()
        finally:
            watch.cancel()
        self.assertEqual((process.returncode, text), (status, ""))


if __name__ == "__main__":
    unittest.main()
