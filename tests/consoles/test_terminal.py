"""ipyssl on a terminal: prompts, line editing, completion, the end of input."""

import os
import re
import select
import signal
import time
import unittest

from support import ENVIRONMENT, PATIENCE, ConsoleCase

try:
    import fcntl
    import pty
    import struct
    import termios
except ImportError:
    pty = None

SIZE = (24, 80)
ASKS_FOR_CURSOR = b"\x1b[6n"


class Terminal(object):
    """A console on a terminal of its own."""

    def __init__(self, command, folder):
        self.text = ""
        self.process, self.terminal = pty.fork()
        if not self.process:
            os.chdir(folder)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[0], SIZE[1], 0, 0))
            try:
                os.execve(command[0], command, dict(ENVIRONMENT, TERM="xterm"))
            finally:
                os._exit(127)

    def send(self, text):
        os.write(self.terminal, text.encode())

    def read(self, deadline):
        """The next piece of text; empty when the console has ended."""
        if not select.select([self.terminal], [], [], max(0, deadline - time.monotonic()))[0]:
            raise AssertionError("no more came after %r" % self.text)
        try:
            piece = os.read(self.terminal, 4096)
        except OSError:
            return ""
        # A terminal tells where the cursor is; where exactly does not matter here.
        for _ in range(piece.count(ASKS_FOR_CURSOR)):
            os.write(self.terminal, b"\x1b[1;1R")
        return piece.decode(errors="replace")

    def wait_for(self, pattern):
        """Reads until the text that came since the last call has the pattern."""
        deadline = time.monotonic() + PATIENCE
        while not re.search(pattern, self.text):
            piece = self.read(deadline)
            if not piece:
                raise AssertionError("it ended without %r: %r" % (pattern, self.text))
            self.text = re.sub("\x1b\\[[0-9;]*[A-Za-z]", "", self.text + piece)
        self.text = ""

    def status(self):
        """Waits for its end."""
        deadline = time.monotonic() + PATIENCE
        while self.read(deadline):
            pass
        process, self.process = self.process, None
        return os.waitpid(process, 0)[1] >> 8

    def close(self):
        """Ends it, where it has not ended."""
        os.close(self.terminal)
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)


@unittest.skipUnless(pty, "wants pseudo-terminals")
class TestTerminal(ConsoleCase):
    def test_session(self):
        terminal = Terminal(self.console(), self.folder)
        self.addCleanup(terminal.close)
        terminal.wait_for(r"IronPython 3\.4\.2[^$]*>>> ")
        terminal.send("import ssl\r")
        terminal.wait_for(r">>> ")
        terminal.send("ssl.OPENSSL_VERSION_NU\t == 0\r")       # completed
        terminal.wait_for(r"\nFalse\r?\n[^$]*>>> ")
        terminal.send("11 + 3\x1b[D2\r")                        # edited: 11 + 23
        terminal.wait_for(r"\n34\r?\n[^$]*>>> ")
        terminal.send("\x1b[A\r")                               # the line before
        terminal.wait_for(r"\n34\r?\n[^$]*>>> ")
        terminal.send("def f():\r    return 7\r\rf() * 6\r")
        terminal.wait_for(r"\n42\r?\n[^$]*>>> ")
        terminal.send("1 / 0\r")
        terminal.wait_for(r"ZeroDivisionError[^$]*>>> ")
        terminal.send("import sys; sys.exit(5)\r")
        self.assertEqual(terminal.status(), 5)


if __name__ == "__main__":
    unittest.main()
