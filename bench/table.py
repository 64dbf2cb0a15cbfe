"""What is measured, and the ratio to the peer that each row is held to."""

from collections import namedtuple

# `load` says where the code is: "bulk.recv_into" is recv_into in worker/bulk.py. `better` is "more" or "less"; ratios are always made
# so that above 1 is better. `configurations` (worker/contexts.py) and `goals` are those of (CPython, IronPython); None: not measured
# there. `figure` is what of the load's result the row shows: neighbours that differ in nothing else are measured once. `limit`
# (limits.py) is what no program can pass on one core. `instead` is what IronPython's figure is held against where its own _ssl has
# nothing like it: a side ("cpython"), or another load of the same side. "own": our side with SSLMODULE_CRYPTO=platform, against
# itself without it.
Row = namedtuple("Row", "name unit load arguments configurations better goals figure limit instead")
Row.__new__.__defaults__ = ("value", None, None)

RECORD = 1 << 14
AES128, AES256, CHACHA20 = "aes-128-gcm", "aes-256-gcm", "chacha20-poly1305"


def more(name, load, configurations, goals, limit=None, instead=None, **arguments):
    """So many a second."""
    return Row(name, "/s", load, arguments, configurations, "more", goals, "value", limit, instead)


def less(name, unit, load, configurations, goals, figure="value", **arguments):
    return Row(name, unit, load, arguments, configurations, "less", goals, figure)


def bulk(name, size, cipher, configurations, goals, load="bulk.recv_into", unit="MB/s"):
    """One end seals and the other opens, on a core each, in records of 16 KiB at most: the limit is the slower of the two."""
    return Row(name, unit, load, {"size": size}, configurations, "more", goals, "value", ("slower of both", cipher, min(size, RECORD)))


def memory(name, cipher, configurations, goals, instead=None):
    """One thread seals and opens."""
    return Row(name, "MB/s", "membio.blocks", {"size": RECORD}, configurations, "more", goals, "value", ("one after the other", cipher, RECORD), instead)


# What a handshake cannot do without: the server signs, the client verifies that, and each makes a key and derives a secret. The
# signature of the certificate is not among it: it can be kept from one connection to the next.
EXCHANGE = (("X25519", 4),)
HYBRID = EXCHANGE + (("ML-KEM-768 key", 1), ("ML-KEM-768 encapsulation", 1), ("ML-KEM-768 decapsulation", 1))
P256 = (("P-256 signature", 1), ("P-256 verification", 1))
RSA = (("RSA 2048 signature", 1), ("RSA 2048 verification", 1))


def handshake(*parts):
    return ("operations", sum(parts, ()))


# No row measures the peer's allocator: bulk goes into buffers that are kept. The one row of recv(64 KiB) is there because many
# programs read so: CPython's _ssl makes a bytes object of 64 KiB for each record and cuts it down.
# Both ends of our side offer X25519MLKEM768 unless told otherwise, and so does OpenSSL from 3.5 on, and none before: rows of TLS 1.3
# handshakes hold both to X25519, and those of the "default groups" show what each gives by itself.
# IronPython's own _ssl speaks TLS 1.2 and no program can choose its cipher: with any it uses AES-256-GCM, and SslModule's others are
# held against that.
ROWS = [
    bulk("1 MiB blocks, TLS 1.3, AES-128-GCM", 1 << 20, AES128, ("ec13-aes128", None), (1.1, None)),
    bulk("1 MiB blocks, TLS 1.3, AES-256-GCM", 1 << 20, AES256, ("ec13", None), (1.1, None)),
    bulk("1 MiB blocks, TLS 1.3, ChaCha20-Poly1305", 1 << 20, CHACHA20, ("ec13-chacha20", None), (1.1, None)),
    bulk("1 MiB blocks, TLS 1.2, AES-256-GCM", 1 << 20, AES256, ("ec12", "ec12"), (1.1, 2.5)),
    bulk("16 KiB blocks, TLS 1.3, AES-128-GCM", RECORD, AES128, ("ec13-aes128", None), (1.1, None)),
    bulk("16 KiB blocks, TLS 1.3, AES-256-GCM", RECORD, AES256, ("ec13", None), (1.1, None)),
    bulk("16 KiB blocks, TLS 1.3, ChaCha20-Poly1305", RECORD, CHACHA20, ("ec13-chacha20", None), (1.1, None)),
    bulk("16 KiB blocks, TLS 1.2, AES-128-GCM", RECORD, AES128, ("ec12-aes128", "ec12-aes128"), (1.1, 2.5)),
    bulk("16 KiB blocks, TLS 1.2, AES-256-GCM", RECORD, AES256, ("ec12", "ec12"), (1.1, 2.5)),
    bulk("16 KiB blocks, TLS 1.2, ChaCha20-Poly1305", RECORD, CHACHA20, ("ec12-chacha20", "ec12-chacha20"), (1.1, 2.5)),
    bulk("read by recv(64 KiB), AES-256-GCM", 1 << 16, AES256, ("ec13", "ec12"), (1.1, 2.5), load="bulk.recv"),
    bulk("1 KiB messages, AES-256-GCM", 1 << 10, AES256, ("ec13", "ec12"), (1.1, 1.3), unit="/s"),
    bulk("64-byte messages, AES-256-GCM", 64, AES256, ("ec13", "ec12"), (1.1, 1.3), unit="/s"),
    memory("memory BIOs, 16 KiB, TLS 1.3, AES-128-GCM", AES128, ("ec13-aes128", None), (1.1, None)),
    memory("the same with the platform's cryptography only", AES128, ("ec13-aes128", None), (None, None), "own"),
    memory("memory BIOs, 16 KiB, TLS 1.3, AES-256-GCM", AES256, ("ec13", "ec13"), (1.1, 0.5), "cpython"),
    memory("memory BIOs, 16 KiB, TLS 1.3, ChaCha20-Poly1305", CHACHA20, ("ec13-chacha20", None), (1.1, None)),
    memory("memory BIOs, 16 KiB, TLS 1.2, AES-128-GCM", AES128, ("ec12-aes128", None), (1.1, None)),
    memory("memory BIOs, 16 KiB, TLS 1.2, AES-256-GCM", AES256, ("ec12", None), (1.1, None)),
    memory("memory BIOs, 16 KiB, TLS 1.2, ChaCha20-Poly1305", CHACHA20, ("ec12-chacha20", None), (1.1, None)),
    more("full handshakes, TLS 1.3, P-256", "handshakes.full", ("ec13-x25519", None), (1.5, None), handshake(P256, EXCHANGE)),
    more("the same, default groups", "handshakes.full", ("ec13", None), (None, None), handshake(P256, HYBRID)),
    more("full handshakes, TLS 1.3, RSA 2048", "handshakes.full", ("rsa13-x25519", None), (1.2, None), handshake(RSA, EXCHANGE)),
    more("full handshakes, TLS 1.2, P-256", "handshakes.full", ("ec12", "ec12"), (1.5, 2.5), handshake(P256, EXCHANGE)),
    more("full handshakes, TLS 1.2, RSA 2048", "handshakes.full", ("rsa12", "rsa12"), (1.2, 2.5), handshake(RSA, EXCHANGE)),
    more("full handshakes in memory, TLS 1.3, P-256", "membio.handshakes", ("ec13-x25519", None), (1.5, None), handshake(P256, EXCHANGE)),
    more("full handshakes in memory, TLS 1.2, RSA 2048", "membio.handshakes", ("rsa12", None), (1.2, None), handshake(RSA, EXCHANGE)),
    more("resumed handshakes, TLS 1.3, P-256", "handshakes.resumed", ("ec13-x25519", "ec13-x25519"), (1.5, 1.3), handshake(EXCHANGE), "handshakes.full"),
    more("resumed handshakes, TLS 1.2, P-256", "handshakes.resumed", ("ec12", "ec12"), (1.5, 1.3), None, "handshakes.full"),
    more("resumed handshakes, TLS 1.3, RSA 2048", "handshakes.resumed", (None, "rsa13-x25519"), (None, 1.3), handshake(EXCHANGE), "handshakes.full"),
    more("resumed handshakes, TLS 1.2, RSA 2048", "handshakes.resumed", (None, "rsa12"), (None, 1.3), None, "handshakes.full"),
    more("the same connections without TLS", "handshakes.full", ("tcp", "tcp"), (None, None)),
    less("one byte there and back, median", "us", "latency.round_trips", ("ec13", "ec12"), (1.05, 1.2)),
    less("one byte there and back, 99th percentile", "us", "latency.round_trips", ("ec13", "ec12"), (1.0, 1.2), "p99"),
    more("asyncio streams, 16 KiB echoes", "streams.echoes", ("ec13", None), (1.0, None), size=RECORD),
    less("import ssl, in a fresh process", "ms", "fresh", ("ec13", "ec12"), (1.0, None), "import"),
    less("first handshake of a fresh process", "ms", "fresh", ("ec13", "ec12"), (1.0, 1.3), "handshake"),
    less("the whole process, from start to first verified byte", "ms", "fresh", ("ec13", "ec12"), (None, 1.7), "process"),
    less("memory of an idle server connection", "KiB", "idle.held", ("ec13", "ec12"), (4, 1.25), count=400),
]

# Servers of many connections, on (CPython, IronPython): their kinds; how many do nothing, and how many stream at a time.
CROWDS = ("selectors", "asyncio"), ("threads",)
CROWD = (2000, (1, 20, 200)), (1000, (1, 20, 100))

SCALE = {"MB/s": 1e-6, "/s": 1, "us": 1e6, "ms": 1e3, "KiB": 1 / 1024}


def column(host):
    """Which of a row's two configurations and goals are a host's."""
    return 0 if host == "cpython" else 1


def rows_of(host, only=None):
    return [row for row in ROWS if row.configurations[column(host)] is not None and (not only or only in row.name)]


def measured(row):
    """Neighbours that have this in common are shown from the same measurements."""
    return row.load, row.arguments, row.configurations, row.instead


def shown(row, result):
    """A result in the row's unit."""
    return scaled(row, result[row.figure])


def limited(row, rate):
    """A row's limit in its unit. That of a cipher counts texts, of which a block may have many."""
    if "size" in row.arguments:
        rate *= row.limit[2] / row.arguments["size"]
    return scaled(row, rate)


def scaled(row, value):
    return value * SCALE[row.unit] * (row.arguments["size"] if row.unit == "MB/s" else 1)
