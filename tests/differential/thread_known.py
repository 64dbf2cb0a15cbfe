"""Why a call of SslModule may say, in a program of threads, what it said in no play of CPython's own `ssl`."""

from known import GONE, LEAVES, NO_TLS, WAITS

READS = ("recv", "recv_into", "read")
SENDS = ("send", "sendall", "write")
# What OpenSSL's versions call differently, and what a connection that failed says in each later call.
OTHER_NAMES = {"RECORD_LAYER_FAILURE": "WRONG_VERSION_NUMBER", "BAD_LENGTH": "BAD_WRITE_RETRY"}
# What a call finds whose socket another thread closes under it.
CLOSED = (["OSError", 9], ["SSLError", "Underlying socket has been closed."], ["SSLError", "Underlying socket connection gone"],
          ["ValueError", "file descriptor cannot be a negative integer (-1)"])
SENT = ("sent", "sent a part", "not tried")
# What a plain socket says whose connection has ended, or was closed by another thread.
BELOW = ("OSError", "BrokenPipeError", "ConnectionResetError", "ConnectionAbortedError")
# What a call says that comes after another thread's failed send(), close_notify or handshake.
OF_ORDER = ("BAD_WRITE_RETRY", "PROTOCOL_IS_SHUTDOWN", "SHUTDOWN_WHILE_IN_INIT")
# What a call that waits for a handshake may come to.
SHAKING = (None, "SSLSocket", ["SSLError", "SHUTDOWN_WHILE_IN_INIT"])


def bare(outcome):
    """The outcome, whether or not TLS was gone at the end of the call."""
    return outcome[1] if isinstance(outcome, list) and outcome[0] == "no TLS" else outcome


def renamed(outcome):
    """The outcome with the names of OpenSSL 3.0 and of ours."""
    outcome = bare(outcome)
    if isinstance(outcome, list) and len(outcome) == 2:
        if outcome[0] == "SSLEOFError":
            return ["SSLEOFError", None]
        if outcome[0] == "SSLError":
            return ["SSLError", OTHER_NAMES.get(outcome[1], outcome[1])]
    return outcome


def waits(outcome):
    return isinstance(outcome, list) and outcome[0] in WAITS + ("BlockingIOError",)


def gone(outcome):
    return outcome == "end" or isinstance(outcome, list) and outcome[0] in GONE


def is_of_order(outcome):
    """Whether the threads' order alone may be why a call said this and in no play of CPython's own did: on a busy machine any call
    comes early or late. Ends, alerts and other errors are not among it, since an order does not make them."""
    if isinstance(outcome, list) and outcome[0] == "no TLS":
        return is_of_order(outcome[1]) or outcome[1] == "end" or isinstance(outcome[1], list) and outcome[1][0] in BELOW
    return (outcome is None or isinstance(outcome, (bool, int)) or waits(outcome) or outcome in SENT or outcome in ("bytes", "SSLSocket") or
            isinstance(outcome, list) and outcome[0] == "SSLError" and outcome[1] in OF_ORDER)


class Program:
    """A program, and what CPython's own said in it."""

    def __init__(self, program, theirs):
        self.threads, self.theirs, self.shaken = program["threads"], theirs, program["settings"]["shaken"]

    def methods(self, end):
        return {method for one, steps in self.threads if one == end for method, _ in steps}

    def said(self, end, methods=None):
        """All that calls of an end said in some play, of these methods or of all."""
        return [outcome for (thread, step), outcomes in self.theirs.calls.items() for outcome in outcomes.values()
                if self.threads[thread][0] == end and (methods is None or self.threads[thread][1][step][0] in methods)]

    def reason(self, thread, step, ours, heard_all, is_ironpython=False):
        """Why ours may say this; None for no reason known. Whether its end got as many bytes as in some play of CPython's own."""
        end, steps = self.threads[thread]
        other = ({"client", "server"} - {end}).pop()
        method = steps[step][0]
        alike = READS if method in READS else SENDS if method in SENDS else (method,)
        theirs = list(self.theirs.calls[thread, step].values())
        if ours == "not tried":
            return "a thread sends no more once it could not"
        own, seen = self.methods(end), renamed(ours)
        if is_ironpython and isinstance(ours, list) and ours[0] == "no TLS":
            return "IronPython's own sockets, below TLS that is gone"
        if seen in [renamed(one) for one in theirs]:
            return "another name, or TLS was gone already when the call ended"
        if seen in [renamed(one) for one in self.said(end, alike)]:
            return "what a call like it says sooner or later in the program"
        if isinstance(seen, list) and seen[0] == "ValueError" and ["AttributeError"] in [bare(one) for one in theirs]:
            return NO_TLS
        if seen == ["OSError", 107] and ["AttributeError"] in [bare(one) for one in theirs]:
            return "no TLS is left, and no connection: ENOTCONN, where CPython's own meets None"
        if method == "pending" and isinstance(seen, int) or method == "readable" and isinstance(seen, bool):
            return "what is pending or readable depends on what has come and was read already"
        if method in READS and seen == "bytes":
            return "what the other end sent, which is compared byte by byte"
        if gone(seen) and (self.methods(other) | own) & set(LEAVES + ("unwrap",)):
            return "an end has left"
        if (waits(seen) or seen in SENT) and any(gone(one) for one in theirs):
            return "an end leaves later"
        if method == "unwrap" and seen == ["SSLError", "APPLICATION_DATA_AFTER_CLOSE_NOTIFY"] and self.methods(other) & set(SENDS):
            return "what the other end had sent was on its way when this one closed"
        if bare(seen) in CLOSED and own & {"close", "detach", "reset"}:
            return "another thread closes the socket under the call"
        if isinstance(seen, list) and seen[0].startswith("SSL") and not waits(seen) and seen in [renamed(one) for one in self.said(end)]:
            return "a connection that failed says its failure again"
        if waits(seen) and "detach" in self.methods(other):
            return "CPython's own goes on in a socket that was detached"
        if waits(seen) and method in READS and heard_all:
            return "recv() had taken the records that have come as far as they fit whole, so that a later one waits"
        if "unwrap" in own and self.methods(other) & set(SENDS) and (seen in SHAKING or waits(seen) or seen in SENT or "No SSL wrapper" in str(seen)):
            return "an unwrap() that meets data is the end of OpenSSL's connection, and not of ours"
        if method in SENDS:
            return self.sending(end, seen, theirs)
        if not self.shaken and method in ("do_handshake", "unwrap") and (seen in SHAKING or waits(seen)):
            return "the other thread shakes hands sooner or later"
        return None

    def sending(self, end, seen, theirs):
        own = self.methods(end)
        if seen == ["SSLError", "BAD_WRITE_RETRY"] and any(waits(one) or one == "not tried" for one in self.said(end, SENDS)):
            return "another text after one that could not be sent"
        if (seen in SENT or waits(seen)) and any(one in SENT[1:] or waits(one) for one in theirs):
            return "how much the system holds for a socket"
        if "unwrap" in own and (seen in SENT or waits(seen) or seen == ["SSLError", "PROTOCOL_IS_SHUTDOWN"]):
            return "before or after another thread's close_notify"
        return None
