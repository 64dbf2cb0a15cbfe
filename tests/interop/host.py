"""Where our end runs: a process of worker.py on CPython, on IronPython, or on CPython's own ssl as the control."""

import json
import os
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CONSOLE = os.path.join(ROOT, "artifacts", "ironpython", "ipyssl")
MODULE = os.path.join(ROOT, "artifacts", "cpython")
CONTROL = "CPython's own ssl"
PATIENCE = 90


def commands():
    """The name of each host that is built, and how it is started."""
    found = {}
    if os.path.exists(os.path.join(MODULE, "_ssl.abi3.so")):
        found["CPython"] = ([sys.executable], os.pathsep.join([os.path.join(ROOT, "lib"), MODULE]))
    if os.path.exists(CONSOLE):
        found["IronPython"] = ([CONSOLE], "")
    return found


def control():
    return {CONTROL: ([sys.executable], "")}


class Host(object):
    def __init__(self, name, command, path):
        self.name, self.command, self.path = name, command, path
        self.start()

    def start(self):
        environment = dict(os.environ, PYTHONPATH=self.path, PYTHONDONTWRITEBYTECODE="1")
        self.process = subprocess.Popen(self.command + [os.path.join(HERE, "worker.py")], env=environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.version = self.answer()["version"]

    def answer(self):
        """The next line; a process that says nothing for long is ended, and a new one is there for the next order."""
        watch = threading.Timer(PATIENCE, self.process.kill)
        watch.start()
        line = self.process.stdout.readline()
        watch.cancel()
        if line:
            return json.loads(line)
        self.stop()
        self.start()
        return {"unable": "our process ended or did not answer"}

    def order(self, **words):
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
