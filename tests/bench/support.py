"""What the tests of the measurements share: they import the modules of bench/."""

import os
import shutil
import stat
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BENCH = os.path.join(ROOT, "bench")
WORKER = os.path.join(BENCH, "worker")
sys.path.insert(0, BENCH)


class FolderCase(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, text, program=False):
        path = os.path.join(self.folder, name)
        with open(path, "w") as target:
            target.write(text)
        if program:
            os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
        return path
