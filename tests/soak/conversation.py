"""What the two ends of a connection say to each other, drawn from a number: sizes, versions, certificates, and how it ends."""

import random
import struct
import threading

HEADER = struct.Struct("!III")          # bytes up, bytes down, and the number that both follow from
LAST = 0xffffffff                       # bytes up of a header that asks for the end
LARGEST = 1 << 18
PIECE = 1 << 14
BLOCK = 65521
KINDS = ("close", "unwrap", "reset", "cut", "stranger", "authentication")


class Plan(object):
    """A connection as the client's number has it."""

    def __init__(self, number):
        draw = random.Random(number)
        self.number = number
        self.version = draw.choice(("TLSv1_2", "TLSv1_3"))
        self.certificate = draw.random() < 0.3
        self.resumes = draw.random() < 0.5
        # Most end well; "cut" ends in the handshake, "reset" in the data, "stranger" shows a certificate of another authority.
        self.ending = draw.choice(KINDS + ("unwrap",) * 4 + ("close",) * 3)
        if self.ending == "authentication":
            self.version, self.certificate = "TLSv1_3", True
        self.cut = draw.randrange(1, 200)
        self.turns = [(self.size(draw), self.size(draw), draw.randrange(1 << 32)) for _ in range(draw.randrange(1, 5))]
        self.updates = [draw.random() < 0.3 for _ in self.turns]

    @staticmethod
    def size(draw):
        return int(LARGEST ** draw.random())

    @property
    def ends_well(self):
        return self.ending in ("close", "unwrap", "authentication")


class Bytes(object):
    """Bytes that follow from a number: as many as one likes from one block, which is made once."""

    def __init__(self):
        # By hand: the random numbers of different Pythons differ.
        block, state = bytearray(), 1
        for _ in range(BLOCK):
            state = (state * 1103515245 + 12345) & 0x7fffffff
            block.append(state >> 16 & 0xff)
        self.block = bytes(block) * 2

    def pieces(self, number, count):
        at = number % BLOCK
        while count > 0:
            piece = self.block[at:at + min(count, PIECE)]
            yield piece
            at = (at + len(piece)) % BLOCK
            count -= len(piece)

    def send(self, connection, number, count):
        for piece in self.pieces(number, count):
            connection.sendall(piece)

    def receive(self, connection, number, count):
        for piece in self.pieces(number, count):
            got = read(connection, len(piece))
            if got != piece:
                raise AlteredData("%d bytes came of which some are others" % len(got))


class AlteredData(Exception):
    """The bytes that came are not those that were sent."""


class EarlyEnd(Exception):
    """The other end closed in an orderly way, in the middle of what it had announced."""


def read(connection, count):
    got = bytearray()
    while len(got) < count:
        piece = connection.recv(count - len(got))
        if not piece:
            raise EarlyEnd("%d bytes of %d" % (len(got), count))
        got += piece
    return bytes(got)


class Tally(object):
    """How many connections ended how, counted by several threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.counts = {}

    def count(self, *names):
        with self.lock:
            for name in names:
                self.counts[name] = self.counts.get(name, 0) + 1

    def snapshot(self):
        with self.lock:
            return dict(self.counts)
