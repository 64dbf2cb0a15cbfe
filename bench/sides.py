"""The processes that are compared: for each host, SslModule and the host's own `_ssl`, a server and a driver each."""

import json
import os
import select
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
WORKER = os.path.join(HERE, "worker.py")


class Side:
    """A server and a driver on one `_ssl`."""

    # What .NET sets aside for young objects, tens of megabytes, would hide what some hundred connections take.
    SMALL_HEAP = {"DOTNET_GCgen0size": "0x200000"}

    # No measurement takes half as long. What does not answer by then is ended, and its row says so.
    patience = 200

    def __init__(self, name, command, folder, environment):
        self.name, self.command, self.folder = name, command, folder
        self.environment = dict(os.environ, **environment)
        self.server = self.start("serve")
        self.driver = self.start("drive")
        self._ports = self._spare = None

    @property
    def ports(self):
        """By configuration. Asked for late, so that all processes start at once."""
        if self._ports is None:
            self._ports = ports(self.server, self.name)
        return self._ports

    def start(self, role, *arguments, environment={}):
        return subprocess.Popen(self.command + [WORKER, role, self.folder] + list(arguments), env=dict(self.environment, **environment),
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, universal_newlines=True)

    def prepare(self):
        """Starts the server that the next `idle` needs for itself, so that those of both sides start at once."""
        self._spare = self.start("serve", environment=self.SMALL_HEAP)

    def measure(self, load, configuration, **arguments):
        """A result, or {"error": ...} where this side cannot do it."""
        if load == "first":
            return self.first(configuration)
        if load == "idle":
            return self.idle(configuration, **arguments)
        return self.drive(load, configuration, self.ports, **arguments)

    def first(self, configuration):
        """By a process of its own, from its start to the end of its handshake."""
        started = self.start("first", str(self.ports[configuration]))
        try:
            output, _ = started.communicate(timeout=self.patience)
        except subprocess.TimeoutExpired:
            killed(started)
            return {"error": "no answer in %d s" % self.patience}
        return {"value": float(output)} if started.returncode == 0 else {"error": "the process failed"}

    def idle(self, configuration, **arguments):
        """In a server of its own: what others have left in memory would hide what these connections take."""
        if self._spare is None:
            self.prepare()
        server, self._spare = self._spare, None
        result = self.drive("idle", configuration, ports(server, self.name), **arguments)
        ended(server)
        return result

    def drive(self, load, configuration, ports, **arguments):
        if not load.startswith(("memory", "asyncio")):
            arguments["port"] = ports[configuration]
        try:
            self.driver.stdin.write(json.dumps(dict(arguments, load=load, configuration=configuration)) + "\n")
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
        self.server, self.driver, self._ports = self.start("serve"), self.start("drive"), None

    def close(self):
        for process in (self.driver, self.server, self._spare):
            if process is not None:
                ended(process)


class Crowd:
    """A server of many connections; its side's driver holds their other ends."""

    def __init__(self, side, kind, configuration):
        self.side, self.configuration = side, configuration
        self.server = side.start("crowd", configuration, kind)
        self._ports = None

    def measure(self, load, **arguments):
        if self._ports is None:
            self._ports = ports(self.server, self.side.name)
        return self.side.drive(load, self.configuration, self._ports, **arguments)

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


def cpython(folder):
    ours = Side("SslModule", [sys.executable], folder, {"PYTHONPATH": os.path.join(ROOT, "artifacts", "cpython")})
    return ours, Side("stock _ssl", [sys.executable], folder, {"PYTHONPATH": ""})


def ironpython(folder):
    """None where IronPython is not built."""
    console = os.path.join(ROOT, "artifacts", "ironpython", "ipyssl")
    incumbent = os.path.join(ROOT, "artifacts", "incumbent", "incumbent")
    if not (os.path.exists(console) and os.path.exists(incumbent)):
        return None
    # Its own _ssl refuses a chain that ends in an authority which only load_verify_locations() names; .NET's store has it.
    trusted = {"SSL_CERT_FILE": os.path.join(folder, "ca.crt")}
    return Side("SslModule", [console], folder, {}), Side("IronPython's own _ssl", [incumbent], folder, trusted)
