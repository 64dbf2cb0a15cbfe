"""A proxy on the loopback interface that does one thing wrong with the bytes of a connection.

A fault is (kind, direction, place): the kind is one of KINDS, the direction "up" (from the client) or "down", the place a byte of that direction.
"""

import select
import socket
import struct
import threading
import time

# What happens at a byte: it is changed, sent twice, held back for a moment or for good, and the stream or the connection ends before it.
AT_BYTES = ("corrupt", "duplicate", "delay", "stall", "truncate", "reset")
# What happens at records: one is sent twice, or left out. The place is the number of the record.
AT_RECORDS = ("repeat", "drop")
# What happens to all bytes.
WHOLE = ("none", "split")
HARMLESS = ("none", "split", "delay")
DIGITS = 8
DELAY = 0.05        # less than the timeout of a call
LIMIT = 15          # seconds until the proxy lets go of a connection whose ends do not
CHANGE_CIPHER_SPEC = 20


class Stream:
    """One direction of a connection: what becomes of its bytes."""

    def __init__(self, fault):
        self.kind, self.place = fault or (None, 0)
        self.seen = self.record = 0
        self.struck = None              # where the fault struck: (content type, place in the record, the record's number)
        self.pending = b""              # a record that is not whole yet
        self.lengths = []               # of the records that passed

    def pieces(self, data):
        """What is to be sent in place of these bytes: a list of bytes, and names of what else is to be done."""
        result = []
        for record in self.records(data):
            result += self.damaged(record)
            self.seen += len(record)
            self.record += 1
            self.lengths.append(len(record))
        return result

    def records(self, data):
        self.pending += data
        while len(self.pending) >= 5:
            length = 5 + (self.pending[3] << 8 | self.pending[4])
            if len(self.pending) < length:
                return
            record, self.pending = self.pending[:length], self.pending[length:]
            yield record

    def damaged(self, record):
        kind, at = self.kind, self.place - self.seen
        if kind == "split":
            return [bytes([byte]) for byte in record]
        if kind in AT_RECORDS:
            if self.record != self.place:
                return [record]
            self.struck = record[0], 0, self.record
            return [record, record] if kind == "repeat" else []
        if kind not in AT_BYTES or not 0 <= at < len(record):
            return [record]
        self.struck = record[0], at, self.record
        before, byte, after = record[:at], record[at:at + 1], record[at + 1:]
        if kind == "corrupt":
            return [before + bytes([byte[0] ^ 0x15]) + after]
        if kind == "duplicate":
            return [before + byte + byte + after]
        if kind == "delay":
            return [before, "delay", byte + after]
        return [before, kind]


class Proxy:
    """Accepts until closed. expect() says where a connection with an id goes and what is done to it."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.expected, self.streams = {}, {}
        threading.Thread(target=self.accept, daemon=True).start()

    def expect(self, number, port, fault):
        kind, direction, place = fault
        self.streams[number] = {one: Stream((kind, place) if one == direction or kind == "split" else None) for one in ("up", "down")}
        self.expected[number] = port

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.relay, args=(client,), daemon=True).start()

    def relay(self, client):
        with client:
            client.settimeout(LIMIT)
            digits = client.recv(DIGITS, socket.MSG_WAITALL)
            number = int(digits)
            with socket.create_connection(("127.0.0.1", self.expected.pop(number)), LIMIT) as server:
                for one in (client, server):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                server.sendall(digits)
                try:
                    Relay(client, server, self.streams[number]).run()
                except OSError:         # an end has left
                    pass

    def close(self):
        self.listener.close()


class Relay:
    def __init__(self, client, server, streams):
        self.ways = {client: (server, streams["up"]), server: (client, streams["down"])}
        self.open = {client, server}
        self.stalled = set()

    def run(self):
        end = time.monotonic() + LIMIT
        while self.open and time.monotonic() < end:
            for source in select.select(list(self.open), [], [], 1)[0]:
                data = source.recv(65536)
                target, stream = self.ways[source]
                if not data:
                    self.open.discard(source)
                    target.shutdown(socket.SHUT_WR)
                elif not self.send(source, target, stream.pieces(data)):
                    return

    def send(self, source, target, pieces):
        """False when the connection is at its end."""
        for piece in pieces:
            if source in self.stalled:
                return True
            if piece == "delay":
                time.sleep(DELAY)       # the fault itself: nothing is waited for
            elif piece == "stall":
                self.stalled.add(source)
            elif piece == "truncate":
                self.stalled.add(source)
                target.shutdown(socket.SHUT_WR)
            elif piece == "reset":
                for one in self.ways:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
            else:
                target.sendall(piece)
        return True


def faults(lengths, step, offset=0):
    """Every fault at every step-th byte of streams whose records have these lengths ({"up": [...], "down": [...]}), and all that concern records."""
    yield "none", "up", 0
    yield "split", "up", 0
    for direction, records in sorted(lengths.items()):
        for number, kind in enumerate(AT_BYTES):
            # A stall costs the timeout of both ends: at fewer places.
            wide = step * (7 if kind == "stall" else 3 if kind == "delay" else 1)
            for place in range((offset + number) % wide, sum(records), wide):
                yield kind, direction, place
        for start in boundaries(records):
            for kind in ("truncate", "reset", "stall"):
                yield kind, direction, start
        for record in range(len(records)):
            for kind in AT_RECORDS:
                yield kind, direction, record


def boundaries(records):
    """The first byte of each record."""
    return [sum(records[:index]) for index in range(len(records))]


def must_fail(fault, struck, last):
    """Whether no connection with this fault may count as whole at both ends: all but what the protocol has no check of.

    A record's version counts for nothing since TLS 1.3, its change_cipher_spec is passed over however often it comes, and nobody reads on
    behind the last record, the close_notify.
    """
    kind = fault[0]
    if kind in HARMLESS or struck is None:
        return False
    content_type, place, record = struck
    if kind == "repeat" and record == last:
        return False
    if content_type == CHANGE_CIPHER_SPEC and kind in ("corrupt", "duplicate", "repeat", "drop"):
        return False
    return not (kind == "corrupt" and place in (1, 2))
