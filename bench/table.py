"""What is measured, and the ratio to the peer that each row is held to."""

from collections import namedtuple

# `better` is "more" or "less"; ratios are always made so that above 1 is better, except where `limit` says the goal is a
# multiple of the peer's that must not be passed. `goals` are those of (CPython, IronPython); None: not measured there.
# `instead` is what IronPython's figure is held against where its own _ssl has nothing like it: a side ("cpython"), or arguments
# for the same side.
Row = namedtuple("Row", "name unit load arguments configurations better goals instead")
Row.__new__.__defaults__ = (None,)


def bulk(name, size, configurations, goals, unit="MB/s"):
    return Row(name, unit, "bulk", {"size": size}, configurations, "more", goals)


# No block is longer than a record: OpenSSL's _ssl gives one record to a recv(1 MiB), and makes a bytes object of 1 MiB for each and
# cuts it down, so that such a row measures the peer's allocator.
# Both ends of our side offer X25519MLKEM768 unless told otherwise, which OpenSSL 3.0 has not: rows of TLS 1.3 handshakes hold
# both to X25519, and the rows "with ML-KEM" below them show what the default costs against a peer that does less.
# Two configurations: CPython's, IronPython's. Its own _ssl speaks TLS 1.2 and no program can choose its cipher: with any it uses
# AES-256-GCM, and SslModule's others are held against that.
ROWS = [
    bulk("16 KiB blocks, AES-128-GCM", 1 << 14, ("aes128", "aes128"), (1.15, 2.5)),
    bulk("16 KiB blocks, AES-256-GCM", 1 << 14, ("ec13", "ec12"), (1.15, 2.5)),
    bulk("16 KiB blocks, ChaCha20-Poly1305", 1 << 14, ("chacha20", "chacha20"), (1.15, 2.5)),
    bulk("1 KiB messages", 1 << 10, ("ec13", "ec12"), (1.0, 1.3), "/s"),
    bulk("64-byte messages", 64, ("ec13", "ec12"), (1.0, 1.3), "/s"),
    Row("memory BIOs, 16 KiB", "MB/s", "memory_bulk", {"size": 1 << 14}, ("ec13", "ec13"), "more", (1.15, 0.5), "cpython"),
    Row("full handshakes, TLS 1.3, P-256", "/s", "handshakes", {}, ("ec13equal", None), "more", (1.1, None)),
    Row("the same, ours with ML-KEM", "/s", "handshakes", {}, ("ec13", None), "more", (None, None)),
    Row("full handshakes, TLS 1.3, RSA 2048", "/s", "handshakes", {}, ("rsa13equal", None), "more", (1.1, None)),
    Row("the same with RSA, ours with ML-KEM", "/s", "handshakes", {}, ("rsa13", None), "more", (None, None)),
    Row("full handshakes, TLS 1.2, P-256", "/s", "handshakes", {}, ("ec12", "ec12"), "more", (1.1, 2.5)),
    Row("full handshakes, TLS 1.2, RSA 2048", "/s", "handshakes", {}, ("rsa12", "rsa12"), "more", (1.1, 2.5)),
    Row("full handshakes in memory, TLS 1.3, P-256", "/s", "memory_handshakes", {}, ("ec13equal", None), "more", (1.1, None)),
    Row("the same in memory, ours with ML-KEM", "/s", "memory_handshakes", {}, ("ec13", None), "more", (None, None)),
    Row("full handshakes in memory, TLS 1.2, RSA 2048", "/s", "memory_handshakes", {}, ("rsa12", None), "more", (1.1, None)),
    Row("resumed handshakes, TLS 1.3", "/s", "handshakes", {"resumed": True}, ("ec13equal", "ec13equal"), "more", (1.1, 1.3), {"resumed": False}),
    Row("resumed with TLS 1.3, ours with ML-KEM", "/s", "handshakes", {"resumed": True}, ("ec13", None), "more", (None, None)),
    Row("resumed handshakes, TLS 1.2", "/s", "handshakes", {"resumed": True}, ("ec12", "ec12"), "more", (1.1, 1.3), {"resumed": False}),
    Row("resumed handshakes, TLS 1.3, RSA 2048", "/s", "handshakes", {"resumed": True}, (None, "rsa13equal"), "more", (None, 1.3), {"resumed": False}),
    Row("resumed handshakes, TLS 1.2, RSA 2048", "/s", "handshakes", {"resumed": True}, (None, "rsa12"), "more", (None, 1.3), {"resumed": False}),
    Row("one byte there and back, median", "us", "latency", {}, ("ec13", "ec12"), "less", (1.0, 1.2)),
    Row("one byte there and back, 99th percentile", "us", "latency", {}, ("ec13", "ec12"), "less", (1.0, 1.2)),
    Row("asyncio streams, 16 KiB echoes", "/s", "asyncio_echo", {"size": 1 << 14}, ("ec13", None), "more", (1.0, None)),
    Row("first handshake of a fresh process", "ms", "first", {}, ("ec13", "ec12"), "less", (0.8, 1.3)),
    Row("memory of an idle server connection", "KiB", "idle", {"count": 800}, ("ec13", "ec12"), "less", (1 / 1.5, 1 / 0.8)),
]

# Servers of many connections: the kinds of (CPython, IronPython), how many do nothing, and how many stream at a time.
CROWDS = ("selectors", "asyncio"), ("threads",)
CROWD = 2000, (1, 10, 50, 200)
QUICK_CROWD = 200, (1, 20)

SCALE = {"MB/s": 1e-6, "/s": 1, "us": 1e6, "ms": 1e3, "KiB": 1 / 1024}


def shown(row, result):
    """A result in the row's unit."""
    value = result["p99"] if "99th" in row.name else result["value"]
    if row.unit == "MB/s":
        value *= row.arguments["size"]
    return value * SCALE[row.unit]
