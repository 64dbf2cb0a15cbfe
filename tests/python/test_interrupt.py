"""Thread.Interrupt, which hosts of .NET call: it ends a wait between threads, never a half-done message."""

import threading
import unittest

import support
from support import IRONPYTHON, PATIENCE, pattern, receive
from test_duplex import FOR_LONG, DuplexCase, Threads, each

if IRONPYTHON:
    from System.Threading import Thread, ThreadInterruptedException


class Interruptible(object):
    """A thread in a call, and what came of it."""

    def __init__(self, call, *arguments):
        self.call, self.arguments = call, arguments
        self.raised = None
        self.begun = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.daemon = True
        self.thread.start()
        self.begun.wait(PATIENCE)

    def run(self):
        self.own = Thread.CurrentThread
        try:
            self.begun.set()
            self.call(*self.arguments)
        except ThreadInterruptedException as error:
            self.raised = error

    def interrupt(self):
        """The thread ends by it, even if it did not wait yet."""
        self.own.Interrupt()
        self.thread.join(PATIENCE)
        return not self.thread.is_alive() and self.raised is not None


@unittest.skipUnless(IRONPYTHON, "threads of .NET")
class TestInterrupt(DuplexCase):
    @each(1 << 20)
    def test_a_writer_behind_another(self, version, size):
        near, far = self.pair(version, size)
        data = pattern(FOR_LONG)
        with Threads() as threads:
            first = threads.start(near.sendall, data)
            support.receive(far, 1)
            second = Interruptible(near.sendall, b"never sent")
            self.assertTrue(second.interrupt())
            self.assertTrue(first.is_alive())
            self.assertEqual(receive(far, len(data) - 1), data[1:])
        near.sendall(b"x")
        self.assertEqual(far.recv(10), b"x")

    @each(1 << 20)
    def test_a_reader_behind_another(self, version, size):
        near, far = self.pair(version, size)
        answers = []
        with Threads() as threads:
            first = threads.start(lambda: answers.append(near.recv(10)))
            second = Interruptible(lambda: answers.append(near.recv(10)))
            second.own.Interrupt()
            sent = b"x"
            far.sendall(sent)
            while first.is_alive() or second.thread.is_alive():
                if answers and sent == b"x":        # the second waited at the socket, which no interruption ends
                    far.sendall(b"y")
                    sent = b"xy"
                first.join(0.01)
                second.thread.join(0.01)
        far.sendall(b"z")
        self.assertEqual(b"".join(sorted(answers)) + receive(near, len(sent) + 1 - len(answers)), sent + b"z")


if __name__ == "__main__":
    unittest.main()
