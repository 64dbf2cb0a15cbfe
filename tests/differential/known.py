"""Where SslModule is known to differ from CPython's own `ssl` in these programs, and why."""

import programs

# What a step may say once the other end has left without a word: it depends on what was on its way, and is the system's answer.
GONE = ("SSLEOFError", "SSLZeroReturnError", "ConnectionResetError", "BrokenPipeError", "ConnectionAbortedError")
LEAVES = ("close", "detach", "reset", "shutdown")
SENDS = ("send", "sendall", "write", "sendfile", "inject", "plain_send", "nothing")
READS = ("recv", "recv_into", "read", "read_into")
# What a call says that was of no use, and after which the connection goes on.
REFUSALS = ("PROTOCOL_IS_SHUTDOWN", "SHUTDOWN_WHILE_IN_INIT", "WRONG_SSL_VERSION", "NOT_SERVER", "STILL_IN_INIT", "EXTENSION_NOT_RECEIVED",
            "REQUEST_SENT", "REQUEST_PENDING", "INVALID_CONFIG", "BAD_WRITE_RETRY")
NO_TLS = "no TLS is left: ValueError, where CPython's own meets None"
WAITS = ("SSLWantReadError", "SSLWantWriteError", "TimeoutError")


def failure(method, seen):
    """The TLS failure that a step reports; None for none."""
    if method in READS and isinstance(seen, list):
        seen = seen[1]
    if isinstance(seen, list) and seen and isinstance(seen[0], str) and seen[0].startswith("SSL") and seen[0] not in WAITS + GONE:
        return seen
    return None


def is_gone(seen):
    return seen == 0 or isinstance(seen, list) and bool(seen) and seen[0] in GONE


def tamed(method, seen):
    """The same for all that a step may say of an end that has left."""
    if method in READS and isinstance(seen, list) and len(seen) == 2:
        return [seen[0], "gone" if is_gone(seen[1]) else seen[1]]
    if is_gone(seen) or method in SENDS and (seen is None or isinstance(seen, int)):
        return "gone"
    return seen


class History:
    """What has become of each end so far, which decides what is known."""

    def __init__(self):
        self.left, self.raw, self.detached, self.lost = set(), set(), set(), set()
        self.failed = {}
        self.closing, self.files = set(), set()

    def add(self, end, method, ours):
        if method in LEAVES:
            self.left.add(end)
        if method == "sendfile":
            self.files.add(end)
        if method == "unwrap":
            self.closing.add(end)
        if method == "detach":
            self.detached.add(end)
        if method in ("shutdown", "close", "reset") or method == "unwrap" and ours == "SSLSocket":
            self.raw.add(end)
        if end == "both":
            for one, seen in zip(programs.ENDS, ours):
                if failure("do_handshake", seen):
                    self.failed[one] = failure("do_handshake", seen)
        elif method in SENDS and is_gone(ours) and ours != 0:
            self.lost.add(end)
        elif failure(method, ours) and failure(method, ours)[1] not in REFUSALS:
            self.failed.setdefault(end, failure(method, ours))

    def reason(self, end, method, ours, theirs):
        """Why a difference is known; None where it is not."""
        other = (set(programs.ENDS) - {end}).pop() if end != "both" else None
        if method == "facts":
            early = "handshake not done yet" in str([ours, theirs])
            reasons = [self.fact(end, one, other, early) for one, other in zip(ours, theirs) if one != other]
            return None if None in reasons else reasons[0]
        if theirs == ["AttributeError"]:
            return NO_TLS
        if end in self.detached:
            return "a detached socket: CPython's own still has what was read before"
        if end in self.failed:
            if self.failed[end][1] == "APPLICATION_DATA_AFTER_CLOSE_NOTIFY":
                return "what came after an unwrap() that failed stays to be read, where OpenSSL ends the connection"
            if failure(method, ours) == self.failed[end] or method in ("readable", "pending", "do_handshake", "unwrap", "nothing"):
                return "a connection that failed says its failure again"
        if method == "refused" and ["OSError", 9] in (ours, theirs) or theirs == ["OSError", 107]:
            return "a closed socket says so"
        if method == "nothing" and theirs == ["OSError", 9]:
            return "IronPython's sockets send nothing to anybody, closed or not"
        if other in self.left or other in self.failed or other in self.lost:
            if method in ("unwrap", "do_handshake", "readable", "pending", "shutdown"):
                return "the other end has left"
            if tamed(method, ours) == tamed(method, theirs):
                return "the other end has left"
        if method in SENDS and ["SSLError", "PROTOCOL_IS_SHUTDOWN"] in (ours, theirs) and end in self.closing:
            return "an end that has sent close_notify sends no more, whatever else has happened"
        if method == "verify_client_post_handshake" and (end in self.closing or end in self.lost):
            return "a request for a certificate that can no longer be sent"
        if end in self.raw and method in READS + ("plain_recv", "refused"):
            return "bytes of TLS, read below it"
        if method in ("readable", "shutdown", "plain_recv", "plain_send") and (self.left or self.lost or self.failed or self.closing):
            return "the other end has left"
        if method in SENDS and is_gone(ours) and is_gone(theirs) and self.left:
            return "a socket that can send no more"
        if method in SENDS and (end in self.lost or self.left and "BAD_" in str([ours, theirs])):
            return "another text after one that could not be sent: the errors have other names"
        if (end in self.lost or other in self.left) and method in READS and theirs[0].startswith("0 bytes"):
            return "what came before the other end left can be read"
        if method == "pending" and other in self.files:
            return "sendfile() makes larger records"
        return None

    def fact(self, end, ours, theirs, early):
        if theirs == ["AttributeError"]:
            return NO_TLS
        if theirs == ["ValueError", "i2d() failed"]:
            return "a session in the midst of a handshake"
        if end in self.failed:
            return "a connection that failed keeps what was agreed on"
        if early:
            return "what an end knows of a handshake before it is over"
        return "one end has left" if self.left else None
