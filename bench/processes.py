"""The processes that are measured: a server and a driver on one `_ssl`, and what stands beside them for single rows."""

import json
import os
import select
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
WORKER = os.path.join(HERE, "worker")


class Side:
    """A server and a driver on one `_ssl`."""

    # What .NET sets aside for young objects, tens of megabytes, would hide what some hundred connections take.
    SMALL_HEAP = {"DOTNET_GCgen0size": "0x200000"}

    # No measurement takes half as long. What does not answer by then is ended, and its row says so.
    patience = 200

    def __init__(self, name, command, folder, environment):
        self.name, self.command, self.folder = name, command, folder
        self.environment = dict(os.environ, **environment)
        self._spare = None
        self.open()

    def open(self):
        self.server, self.driver = self.serve(), self.start("main.py", "drive", self.folder)
        self._ports = None

    @property
    def ports(self):
        """By configuration. Asked for late, so that all processes start at once."""
        if self._ports is None:
            self._ports = ports(self.server, self.name)
        return self._ports

    def start(self, script, *arguments, environment={}):
        return subprocess.Popen(self.command + [os.path.join(WORKER, script)] + list(arguments), env=dict(self.environment, **environment),
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, universal_newlines=True)

    def serve(self, environment={}):
        return self.start("main.py", "serve", self.folder, environment=environment)

    def measure(self, load, configuration, **arguments):
        """A result, or {"error": ...} where this side cannot do it."""
        if load == "fresh":
            return self.fresh(configuration)
        if load == "idle.held":
            return self.idle(configuration, **arguments)
        return self.drive(load, configuration, self.ports, **arguments)

    def fresh(self, configuration):
        """By a process of its own: what it says of itself, and the time from before its start until it has said it."""
        began = time.perf_counter()
        started = self.start("fresh.py", self.folder, str(self.ports[configuration]))
        line = answer(started, self.patience)
        elapsed = time.perf_counter() - began
        if line is None:
            killed(started)
            return {"error": "no answer in %d s" % self.patience}
        ended(started)
        return dict(json.loads(line), process=elapsed) if line else {"error": "the process failed"}

    def prepare(self):
        """Starts the server that the next `idle` needs for itself, so that those of both sides start at once."""
        self._spare = self.serve(self.SMALL_HEAP)

    def idle(self, configuration, **arguments):
        """In a server of its own: what others have left in memory would hide what these connections take."""
        if self._spare is None:
            self.prepare()
        server, self._spare = self._spare, None
        result = self.drive("idle.held", configuration, ports(server, self.name), **arguments)
        ended(server)
        return result

    def drive(self, load, configuration, ports, **arguments):
        """`load` names the module and the function in worker/ that measure."""
        order = dict(arguments, load=load, configuration=configuration, port=ports[configuration])
        try:
            self.driver.stdin.write(json.dumps(order) + "\n")
            self.driver.stdin.flush()
            line = answer(self.driver, self.patience)
        except BrokenPipeError:
            line = ""
        if line:
            return json.loads(line)
        self.replace()
        return {"error": "no answer in %d s" % self.patience if line is None else "the driver died"}

    def replace(self):
        """Both processes by new ones, for the rows to come."""
        for process in (self.driver, self.server):
            killed(process)
        self.open()

    def close(self):
        for process in (self.driver, self.server, self._spare):
            if process is not None:
                ended(process)


class Crowd:
    """A server of many connections; its side's driver holds their other ends."""

    def __init__(self, side, kind, configuration):
        self.side, self.configuration = side, configuration
        self.server = side.start("main.py", "crowd", side.folder, configuration, kind)
        self._ports = None

    def measure(self, load, **arguments):
        if self._ports is None:
            self._ports = ports(self.server, self.side.name)
        return self.side.drive("crowd." + load, self.configuration, self._ports, **arguments)

    def close(self):
        self.measure("leave")
        ended(self.server)


def ports(server, name):
    """What a server prints first."""
    line = answer(server, Side.patience)
    if not line:
        raise RuntimeError("%s: the server did not start" % name)
    return json.loads(line)


def answer(process, seconds):
    """The next line of a process; empty at the end of its output, None when none comes in time."""
    return process.stdout.readline() if select.select([process.stdout], [], [], seconds)[0] else None


def ended(process):
    """What serves or drives ends with its input."""
    process.stdin.close()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def killed(process):
    process.kill()
    process.wait()
    process.stdout.close()
    try:
        process.stdin.close()
    except BrokenPipeError:
        pass    # an order that was never read
