"""Programs at the other end: each in a process that has an end, with what it says collected."""

import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time

PATIENCE = 15


def find(name):
    """The program's path; the folders of administrators are looked into as well."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")


def said(*command):
    """What a command prints, in either stream."""
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE,
                          text=True, errors="replace").stdout


def free_port():
    """For a program that must be told one: whoever takes it before the program does shows as a program that ends at once."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


class Running(object):
    """A program whose output goes to a file. Left, it is ended, with all that it started."""

    def __init__(self, *command, **options):
        self.log = tempfile.TemporaryFile()
        options.setdefault("stdin", subprocess.DEVNULL)
        # Bounded also where this interpreter is killed and ends nothing.
        bound = ("timeout", "-s", "KILL", str(4 * PATIENCE)) if find("timeout") else ()
        self.process = subprocess.Popen(bound + tuple(command), stdout=options.pop("stdout", self.log), stderr=self.log, start_new_session=True, **options)

    def __enter__(self):
        return self

    def __exit__(self, *trouble):
        try:
            os.killpg(self.process.pid, 9)
        except ProcessLookupError:
            pass
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                try:
                    stream.close()
                except OSError:
                    pass

    def text(self):
        self.log.seek(0)
        return self.log.read().decode("utf-8", "replace")

    def ready(self, port):
        """Waits until the port is open; False where the program ends before."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if accepts(port):
                return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.02)
        return False

    def wait(self, seconds=PATIENCE):
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        return self.process.returncode


def on_free_port(start):
    """start(port) gives a Running; once more with another port where it ended before it listened."""
    for _ in range(5):
        port = free_port()
        running = start(port)
        if running.ready(port):
            return running, port
        running.__exit__()
    raise RuntimeError("it does not listen: " + running.text()[-300:])


def feed(command, sent, count, **options):
    """A client that sends its input and prints what comes: (what came, what it said on its error stream, its status). Its input
    is closed once all came."""
    with Running(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options) as running:
        def write():
            try:
                running.process.stdin.write(sent)
                running.process.stdin.flush()
            except OSError:
                pass
        watch = threading.Timer(PATIENCE, running.process.kill)
        writer = threading.Thread(target=write, daemon=True)
        watch.start()
        writer.start()
        received = running.process.stdout.read(count)
        writer.join(PATIENCE)
        try:
            running.process.stdin.close()
        except OSError:
            pass
        running.wait()
        watch.cancel()
        return received, running.text(), running.process.returncode
