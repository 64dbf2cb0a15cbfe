"""Random programs of a pair of TLS sockets: what each end does, in one order, from a seed.

A program is a dictionary: the settings of the pair, and a list of steps (end, method, arguments). It names no implementation. No
step waits for longer than the timeout that a socket has, and those are short, so that a program ends whatever happens.
"""

import random

ENDS = ("client", "server")
TIMEOUTS = (0, 0, 0.01)
HOW = (0, 1, 2)     # SHUT_RD, SHUT_WR, SHUT_RDWR
# None is longer than a record: how a longer text is cut is not the same everywhere.
LENGTHS = (1, 2, 5, 16, 100, 1000, 4096, 16383, 16384)

# (weight, method, how to make its arguments)
STEPS = [
    (20, "send", lambda r: [r.choice(LENGTHS)]),
    (8, "sendall", lambda r: [r.choice(LENGTHS)]),
    (4, "write", lambda r: [r.choice(LENGTHS)]),
    (24, "recv", lambda r: [r.choice(LENGTHS)]),
    (8, "recv_into", lambda r: [r.choice(LENGTHS), r.choice((0, 0, 1, 50))]),
    (6, "read", lambda r: [r.choice(LENGTHS)]),
    (4, "read_into", lambda r: [r.choice(LENGTHS), r.choice(LENGTHS)]),
    (2, "nothing", lambda r: [r.choice(("send", "sendall", "write", "recv", "recv_into", "read", "read_into"))]),
    (6, "pending", lambda r: []),
    (5, "readable", lambda r: []),
    (4, "settimeout", lambda r: [r.choice(TIMEOUTS)]),
    (4, "unwrap", lambda r: []),
    (3, "shutdown", lambda r: [r.choice(HOW)]),
    (2, "close", lambda r: []),
    (1, "detach", lambda r: []),
    (1, "reset", lambda r: []),
    (1, "inject", lambda r: [r.choice((1, 5, 100))]),
    (2, "plain_send", lambda r: [r.choice((1, 100))]),
    (2, "plain_recv", lambda r: [r.choice((1, 100))]),
    (3, "do_handshake", lambda r: []),
    (2, "verify_client_post_handshake", lambda r: []),
    (3, "facts", lambda r: []),
    (1, "refused", lambda r: [r.choice(("dup", "recvfrom", "recvfrom_into", "sendto", "recvmsg", "sendmsg", "peek", "flags"))]),
    (1, "sendfile", lambda r: [r.choice(LENGTHS)]),
]
WEIGHTS = [weight for weight, _, _ in STEPS]


def program(seed):
    r = random.Random(seed)
    settings = {
        "version": r.choice(("TLSv1_2", "TLSv1_3", "TLSv1_3")),
        "shaken": r.random() < 0.8,                     # whether the steps begin after the handshake
        "ragged": r.random() < 0.5,                     # suppress_ragged_eofs
        "ignore_eof": r.random() < 0.3,                 # OP_IGNORE_UNEXPECTED_EOF
        "client_certificate": r.choice(("none", "none", "optional", "required", "missing")),
        "post_handshake_auth": r.random() < 0.3,
        "tickets": r.choice((0, 2)),
        "timeouts": [r.choice(TIMEOUTS), r.choice(TIMEOUTS)],
        "trusted": r.random() < 0.95,
        "suites": r.choice((None, None, "AES128-SHA256", "ECDHE-RSA-AES256-SHA384")),
    }
    steps = []
    for _ in range(r.randint(3, 30)):
        _, method, arguments = r.choices(STEPS, WEIGHTS)[0]
        steps.append([r.choice(ENDS), method, arguments(r)])
    return {"seed": seed, "settings": settings, "steps": steps}
