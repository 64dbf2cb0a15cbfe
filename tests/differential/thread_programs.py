"""Random programs of a pair of TLS sockets with two threads at one end or at both: what each thread does, in its order, from a seed.

A program is a dictionary: the settings of the pair, and a list of threads [end, [[method, arguments], ...]]. At each end at most one
thread reads; both may write, and the bytes tell which one did. No call waits for longer than the timeout that its socket has.
"""

import random

ENDS = ("client", "server")
TIMEOUTS = (0, 0.02, 0.05)
HOW = (0, 1, 2)     # SHUT_RD, SHUT_WR, SHUT_RDWR
# The longest do not fit into what the system holds for a socket whose buffers are small.
LENGTHS = (1, 16, 1000, 16384, 16385, 200000)

READS = [
    (10, "recv", lambda r: [r.choice(LENGTHS)]),
    (5, "recv_into", lambda r: [r.choice(LENGTHS)]),
    (4, "read", lambda r: [r.choice(LENGTHS)]),
    (1, "pending", lambda r: []),
    (1, "readable", lambda r: []),
]
WRITES = [
    (6, "send", lambda r: [r.choice(LENGTHS)]),
    (6, "sendall", lambda r: [r.choice(LENGTHS)]),
    (3, "write", lambda r: [r.choice(LENGTHS)]),
]
OTHERS = [
    (3, "settimeout", lambda r: [r.choice(TIMEOUTS)]),
    (3, "unwrap", lambda r: []),
    (3, "shutdown", lambda r: [r.choice(HOW)]),
    (2, "close", lambda r: []),
    (1, "detach", lambda r: []),
    (1, "reset", lambda r: []),
    (2, "facts", lambda r: []),
    (1, "do_handshake", lambda r: []),
]
# Most often the last thing that a thread does.
ENDINGS = ("shutdown", "close", "detach", "reset")
# What the threads of an end do: one thread alone, or two, each with a part of its own.
PARTS = ((READS + WRITES + OTHERS,), (READS, WRITES + OTHERS), (READS, WRITES + OTHERS), (READS + WRITES, OTHERS), (READS + WRITES, WRITES))


def program(seed):
    r = random.Random("threads %d" % seed)
    settings = {
        "version": r.choice(("TLSv1_2", "TLSv1_3", "TLSv1_3")),
        "shaken": r.random() < 0.85,                    # whether the threads begin after the handshake
        "ragged": r.random() < 0.3,                     # suppress_ragged_eofs
        "ignore_eof": False,
        "client_certificate": r.choice(("none", "none", "none", "required")),
        "post_handshake_auth": False,
        "tickets": r.choice((0, 2)),
        "timeouts": [r.choice(TIMEOUTS), r.choice(TIMEOUTS)],
        "trusted": True,
        "suites": None,
        "small": r.random() < 0.5,                      # the system's buffers
    }
    parts = {end: r.choice(PARTS) for end in ENDS}
    if all(len(one) == 1 for one in parts.values()):
        parts[r.choice(ENDS)] = r.choice(PARTS[1:])
    threads = []
    for end in ENDS:
        for number, part in enumerate(parts[end]):
            steps = [] if settings["shaken"] or number else [["do_handshake", []]]
            for _ in range(r.randint(1, 7)):
                _, method, arguments = r.choices(part, [weight for weight, _, _ in part])[0]
                steps.append([method, arguments(r)])
                if method in ENDINGS and r.random() < 0.7:
                    break
            threads.append([end, steps])
    return {"seed": seed, "settings": settings, "threads": threads}
