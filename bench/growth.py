"""How cost grows: with the size of a transfer, and after many connections. crowds.py has many connections at once."""

import statistics

import table
from report import compared


def run_growth(contest, pace):
    """How SslModule's cost grows: transfer time with size, handshake time and memory with the number of connections."""
    return transfers(contest, pace) + after_connections(contest, pace)


def transfers(contest, pace):
    lines = []
    for power in range(10, 25 if pace.quick else 31, 2):
        pace.say(contest.host, "transfer of %d bytes" % (1 << power))
        results = [contest.ours.measure("bulk.transfer", "ec13", total=1 << power) for _ in range(3 if power < 26 else 1)]
        if failed("a transfer of %d bytes" % (1 << power), results):
            return lines
        seconds = statistics.median(result["value"] for result in results)
        lines.append(["transfer seconds", str(1 << power), "%.6f" % seconds])
        print("%-46s %12d bytes %10.6f s %8.0f MB/s" % ("transfer", 1 << power, seconds, (1 << power) / seconds / 1e6))
    for which in ("server", "client"):
        sizes = results[-1][which + "_bytes"]
        for label, size in zip(("0", str(1 << power)), sizes):
            lines.append(["%s bytes after a transfer" % which, label, str(size)])
        print("%-46s %12.1f MiB, then %.1f MiB after the last transfer" % (which + " in memory", sizes[0] / 1048576, sizes[1] / 1048576))
    return lines


def after_connections(contest, pace):
    """The peer makes no connections but those it is measured with: its time says how fast the machine is at the moment."""
    lines, done = [], 0
    row = table.more("handshakes after connections", "handshakes.full", (), (None, None))
    for count in (10, 100, 300) if pace.quick else (10, 100, 1000, 10000):
        pace.say(contest.host, "handshakes after %d connections" % count)
        state = contest.ours.measure("handshakes.many", "ec13", count=count - done)
        done = count
        results = [[], []]
        for turn in range(5):
            for which in ((0, 1), (1, 0))[turn % 2]:
                results[which].append((contest.ours, contest.peer)[which].measure(row.load, "ec13", seconds=pace.seconds))
        if failed("after %d connections" % count, [state] + results[0] + results[1]):
            return lines
        it = compared(row, results)
        lines += [["handshake seconds after connections", str(count), "%.6f" % (1 / it.ours)],
                  ["ratio to the peer's handshakes after connections", str(count), "%.3f" % it.ratio]]
        lines += [[end + " bytes after connections", str(count), str(state[end + "_bytes"])] for end in ("server", "client")]
        print("%-46s %12d connections %7.0f us, %.2f (%.2f-%.2f) of the peer, server %.1f MiB, client %.1f MiB" % (
            "one handshake after", count, 1e6 / it.ours, it.ratio, it.low, it.high, state["server_bytes"] / 1048576, state["client_bytes"] / 1048576))
    return lines


def failed(what, results):
    errors = sorted(set(result["error"] for result in results if "error" in result))
    if errors:
        print("%s: %s" % (what, "; ".join(errors)))
    return bool(errors)
