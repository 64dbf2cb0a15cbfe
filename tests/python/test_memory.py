"""A process that may have no more memory: a call says so, what was there before works on, and so does everything once some is free again."""

import os
import subprocess
import sys
import unittest

import support
from support import IRONPYTHON

try:
    import resource
except ImportError:
    resource = None

PROGRAM = """
import errno, gc, ssl, sys
import support

if sys.argv[1] == "limit":
    import resource
    with open("/proc/self/status") as file:
        used = [int(line.split()[1]) for line in file if line.startswith("VmData:")]

server, client = support.server_context(), support.client_context()
data = support.pattern(200000)

def pair():
    one, two = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client.wrap_bio(one, two, server_hostname="localhost")
    far = server.wrap_bio(two, one, server_side=True)
    support.shake(near, far)
    near.write(data)
    return far

def check(far):
    # In pieces: what .NET has freed it keeps for itself, and a large object of Python's may find no room.
    got = 0
    while got < len(data):
        piece = far.read(4096)
        assert piece == data[got:got + len(piece)]
        got += len(piece)

check(pair())
if sys.argv[1] == "limit":
    resource.setrlimit(resource.RLIMIT_DATA, ((used[0] << 10) + (64 << 20),) * 2)
for turn in range(3):
    ends = []
    try:
        while len(ends) < 20000:
            ends.append(pair())
        raise AssertionError("the memory does not end")
    except MemoryError:
        pass
    except OSError as error:        # so says OpenSSL
        assert error.errno == errno.ENOMEM or "malloc failure" in str(error), error
    kept = ends[::10]
    del ends
    gc.collect()
    for far in kept:
        check(far)
    kept = far = None
    gc.collect()
    check(pair())
print("well")
"""


class TestMemory(support.TestCase):
    @unittest.skipIf(IRONPYTHON or resource is None or not os.path.exists("/proc/self/status"), "a limit of Linux")
    def test_limit_of_the_process(self):
        self.run_program("limit", ["-W", "ignore"], {})

    @unittest.skipUnless(IRONPYTHON, ".NET's limit")
    def test_limit_of_the_heap(self):
        self.run_program("none", [], {"DOTNET_GCHeapHardLimit": "0x8000000"})

    def run_program(self, limit, options, variables):
        here = os.path.dirname(os.path.abspath(__file__))
        program = "import sys\nsys.path.insert(0, %r)\n%s" % (here, PROGRAM)
        command = [sys.executable] + options + ["-c", program, limit]
        process = subprocess.Popen(command, env=dict(os.environ, **variables), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        watch = support.threading.Timer(4 * support.PATIENCE, process.kill)
        watch.start()
        try:
            text = process.communicate()[0].decode()
        finally:
            watch.cancel()
        self.assertEqual((process.returncode, text.strip()), (0, "well"))


if __name__ == "__main__":
    unittest.main()
