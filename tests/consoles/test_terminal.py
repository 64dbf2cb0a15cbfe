"""ipyssl on a terminal: prompts, line editing, completion, the end of input."""

import os
import re
import select
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

    def wait_for(self, pattern):
        """Reads until the text that came since the last call has the pattern."""
        deadline = time.monotonic() + PATIENCE
        while not re.search(pattern, self.text):
            if not select.select([self.terminal], [], [], max(0, deadline - time.monotonic()))[0]:
                raise AssertionError("no %r in %r" % (pattern, self.text))
            try:
                piece = os.read(self.terminal, 4096)
            except OSError:
                raise AssertionError("it ended without %r: %r" % (pattern, self.text))
            # A terminal tells where the cursor is; where exactly does not matter here.
            os.write(self.terminal, b"\x1b[1;1R" * piece.count(ASKS_FOR_CURSOR))
            self.text += re.sub("\x1b\\[[0-9;]*[A-Za-z]", "", piece.decode(errors="replace"))
        text, self.text = self.text, ""
        return text

    def status(self):
        """Waits for its end."""
        while True:
            try:
                if not os.read(self.terminal, 4096):
                    break
            except OSError:
                break
        os.close(self.terminal)
        return os.waitpid(self.process, 0)[1] >> 8


@unittest.skipUnless(pty, "wants pseudo-terminals")
class TestTerminal(ConsoleCase):
    def test_session(self):
        terminal = Terminal(self.console(), self.folder)
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
