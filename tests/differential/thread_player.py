"""Plays programs of threads on the `ssl` of this interpreter: reads them, a line of JSON each, and answers each with what was seen.

    thread_player.py FOLDER    where the certificates are

What was seen is a dictionary: "outcomes" has a list for each thread; "faults" says what no interleaving may show: bytes that were never
sent, or lost, or in another order. A program of which a thread does not end is answered with "hang" and ends
the process, since that thread cannot be ended.
"""

import json
import os
import random
import socket
import ssl
import struct
import sys
import threading
import time

import player

MARK = 0x80
# An end that does one of these may pass over what it has not read yet.
LEAVING = ("unwrap", "shutdown", "close", "reset", "detach")
# Seconds until a thread hangs. No call waits for longer than a twentieth of a second, and a thread makes eight at most.
LIMIT = 12


# What the threads of an end send, told apart by the highest bit of each byte.
LENGTH = 1 << 21
PATTERN = bytes(bytearray((i * 7 + (i >> 7)) & 0x7f for i in range(1 << 14)))
FIRST = PATTERN * (LENGTH // len(PATTERN))
SECOND = FIRST.translate(bytes(bytearray(byte | MARK for byte in range(256))))
OF_FIRST, OF_SECOND = bytes(bytearray(range(MARK))), bytes(bytearray(range(MARK, 256)))


class Text(object):
    """What one thread sends: bytes that tell where in it they are. What a failed call sent of its bytes, nobody knows."""

    def __init__(self, number):
        self.data = SECOND if number else FIRST
        self.sure = self.tried = 0
        self.failed = False

    def take(self, length):
        """The next bytes of that length."""
        self.tried = self.sure + length
        return self.data[self.sure:self.tried]


class Thread(object):
    """One thread of a program."""

    def __init__(self, pair, end, number, steps, seed):
        self.pair, self.end, self.one, self.steps = pair, end, pair.ends[end], steps
        self.text = Text(number)
        self.random = random.Random(seed)
        self.outcomes = []
        self.runner = threading.Thread(target=self.run)
        self.runner.daemon = True

    def run(self):
        self.pair.start.wait(LIMIT)
        for method, arguments in self.steps:
            # So that each play has another interleaving.
            if self.random.random() < 0.5:
                time.sleep(self.random.random() * 0.004)
            self.outcomes.append(self.step(method, arguments))

    def step(self, method, arguments):
        if method in ("send", "sendall", "write"):
            return self.send(method, *arguments)
        if method in ("recv", "recv_into", "read"):
            return self.read(method, *arguments)
        seen = player.outcome(lambda: getattr(self, "do_" + method, lambda: getattr(self.pair, "do_" + method)(self.end, self.one, *arguments))())
        return self.plain(seen if method != "facts" else "facts" if isinstance(seen, list) and len(seen) > 4 else seen)

    def plain(self, seen):
        """Marks what was done below TLS, after an unwrap() or shutdown()."""
        return seen if self.one._sslobj is not None else ["no TLS", seen]

    def send(self, method, length):
        if self.text.failed:
            return "not tried"
        data = self.text.take(length)
        seen = player.outcome(lambda: getattr(self.one, method)(data))
        if isinstance(seen, list) or self.one._sslobj is None:
            self.text.failed = True
            self.pair.torn.add(self.end)
        else:
            self.text.sure += seen if isinstance(seen, int) else length
            seen = "sent" if seen in (None, length) else "sent a part"
        return self.plain(seen)

    def read(self, method, length):
        got = []

        def read():
            if method == "recv_into":
                buffer = bytearray(length)
                got.append(bytes(buffer[:self.one.recv_into(buffer)]))
            else:
                got.append(getattr(self.one, method)(length))
        seen = player.outcome(read)
        if self.one._sslobj is None:
            self.pair.deaf.add(self.end)
        elif got and self.end not in self.pair.deaf:
            self.pair.heard[self.end] += got[0]
            if not got[0]:
                self.pair.ended.add(self.end)
        return self.plain(seen if not got else "bytes" if got[0] else "end")

    def do_detach(self):
        number = self.one.detach()
        if number >= 0:
            self.pair.numbers.append(number)
        return number >= 0

    def do_reset(self):
        self.one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return self.one.close()


class Pair(player.Pair):
    def __init__(self, folder, program, seed):
        player.Pair.__init__(self, folder, program["settings"], below=False)
        self.heard = {end: b"" for end in player.ENDS}
        self.ended, self.deaf, self.torn, self.numbers = set(), set(), set(), []
        if program["settings"]["small"]:
            for one in self.ends.values():
                one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.start = threading.Barrier(len(program["threads"]))
        self.threads = []
        for index, (end, steps) in enumerate(program["threads"]):
            number = sum(thread.end == end for thread in self.threads)
            self.threads.append(Thread(self, end, number, steps, "%s %s" % (seed, index)))

    def run(self):
        """The indices of the threads that hang."""
        for thread in self.threads:
            thread.runner.start()
        deadline = time.time() + LIMIT
        for thread in self.threads:
            thread.runner.join(max(0, deadline - time.time()))
        return [index for index, thread in enumerate(self.threads) if thread.runner.is_alive()]

    def faults(self):
        """What no interleaving may show."""
        for end, other in zip(player.ENDS, reversed(player.ENDS)):
            heard = self.heard[end]
            texts = [thread.text for thread in self.threads if thread.end == other]
            leaves = any(step[0] in LEAVING for thread in self.threads if thread.end == end for step in thread.steps)
            # A text that could not be sent is sent by whichever send comes next, in place of so much of its own: of two threads, the other's.
            if len(texts) == 2 and other in self.torn:
                continue
            for number, text in enumerate(texts):
                part = heard.translate(None, OF_FIRST if number else OF_SECOND)
                if part != text.data[:len(part)]:
                    yield "%s read other bytes than were sent" % end
                if len(part) > text.tried:
                    yield "%s read more than was sent" % end
                if end in self.ended and not self.settings["ragged"] and not leaves and len(part) < text.sure:
                    yield "%s read %d of %d bytes and then the end" % (end, len(part), text.sure)
            if len(texts) == 1 and heard.translate(None, OF_FIRST):
                yield "%s read bytes that nobody sent" % end

    def close(self):
        player.Pair.close(self)
        for number in self.numbers:
            os.close(number)


def play(folder, program, seed):
    pair = Pair(folder, program, seed)
    seen = {"faults": []}
    try:
        if program["settings"]["shaken"]:
            pair.shake()
        hung = pair.run()
        seen["outcomes"] = [thread.outcomes for thread in pair.threads]
        if hung:
            seen["hang"] = ["%s: %s" % (pair.threads[index].end, pair.threads[index].steps[len(pair.threads[index].outcomes)][0]) for index in hung]
            return seen
        seen["faults"] += pair.faults()
        seen["heard"] = {end: len(heard) for end, heard in pair.heard.items()}
    finally:
        if "hang" not in seen:
            pair.close()
    return seen


if __name__ == "__main__":
    print(json.dumps(ssl.OPENSSL_VERSION))
    sys.stdout.flush()
    for line in sys.stdin:
        command = json.loads(line)
        answer = play(sys.argv[1], command, command["play"])
        print(json.dumps(answer))
        sys.stdout.flush()
        if "hang" in answer:
            os._exit(3)
