"""How cost grows: with the size of a transfer, after many connections, and with many connections at once."""

import statistics
import sys

import sides
import table
from report import compared, line, text


def run_growth(pair, pace):
    """How SslModule's cost grows: transfer time with size, handshake time and memory with the number of connections."""
    return transfers(pair[0], pace.quick) + after_connections(pair, pace)


def transfers(side, quick):
    lines = []
    for power in range(10, 25 if quick else 31, 2):
        results = [side.measure("transfer", "ec13", total=1 << power) for _ in range(3 if power < 26 else 1)]
        if any("error" in result for result in results):
            print("transfer of %d bytes: %s" % (1 << power, "; ".join(result.get("error", "") for result in results)))
            return lines
        seconds = statistics.median(result["value"] for result in results)
        lines.append(["transfer seconds", str(1 << power), "%.6f" % seconds])
        print("%-46s %12d bytes %10.6f s %8.0f MB/s" % ("transfer", 1 << power, seconds, (1 << power) / seconds / 1e6))
    for which in ("server", "client"):
        for label, size in zip(("0", str(1 << power)), results[-1][which + "_bytes"]):
            lines.append(["%s bytes after a transfer" % which, label, str(size)])
        print("%-46s %12.1f MiB, then %.1f MiB after the last transfer" % ((which + " in memory",) + tuple(size / 1048576 for size in results[-1][which + "_bytes"])))
    return lines


def after_connections(pair, pace):
    """The peer makes no connections but those it is measured with: its time says how fast the machine is at the moment."""
    ours, _ = pair
    lines, done = [], 0
    row = table.Row("handshakes after connections", "/s", "handshakes", {}, (), "more", (None, None))
    for count in (10, 100, 300) if pace.quick else (10, 100, 1000, 10000):
        state = ours.measure("connections", "ec13", count=count - done)
        done = count
        results = [[], []]
        for turn in range(1 if pace.quick else 5):
            for which in ((0, 1), (1, 0))[turn % 2]:
                results[which].append(pair[which].measure("handshakes", "ec13", seconds=pace.seconds))
        if any("error" in result for result in [state] + results[0] + results[1]):
            print("after %d connections: %s" % (count, "; ".join(result["error"] for result in [state] + results[0] + results[1] if "error" in result)))
            return lines
        rate, _, ratio, low, high, _ = compared(row, results)
        lines += [["handshake seconds after connections", str(count), "%.6f" % (1 / rate)],
                  ["ratio to the peer's handshakes after connections", str(count), "%.3f" % ratio]]
        lines += [[end + " bytes after connections", str(count), str(state[end + "_bytes"])] for end in ("server", "client")]
        print("%-46s %12d connections %7.0f us, %.2f (%.2f-%.2f) of the peer, server %.1f MiB, client %.1f MiB" % (
            "one handshake after", count, 1e6 / rate, ratio, low, high, state["server_bytes"] / 1048576, state["client_bytes"] / 1048576))
        sys.stdout.flush()
    return lines


def run_crowd(host, pair, pace):
    """Many connections in one process: what each takes, and what all give together as ever more of them are busy."""
    which = ("cpython", "ironpython").index(host)
    count, steps = table.QUICK_CROWD if pace.quick else table.CROWD
    lines, growth = [], []
    kinds = table.CROWDS[which]
    for index, kind in enumerate(kinds):
        crowds = [sides.Crowd(side, kind, ("ec13", "ec12")[which]) for side in pair]
        taken = [[crowd.measure("fill", count=count)] for crowd in crowds]
        name = "memory of a connection among {:,}, {}".format(count + 50, kind)
        row = table.Row(name, "KiB", "", {}, (), "less", (None, None))
        comparison = compared(row, taken)
        lines.append(line(name, "KiB", "", comparison, None, taken))
        for end, connection in zip(ENDS, comparison):
            growth.append(["KiB of a connection, {}, {}".format(kind, end), str(count + 50), text(connection, "%.1f")])
        results = streams(crowds, steps, pace, pace.part(host, "crowd", index, len(kinds)))
        for busy in steps:
            name = "{} busy of {:,} connections, {}".format(busy, count + 50 + busy, kind)
            row = table.Row(name, "MB/s", "", {"size": 1}, (), "more", (None, None))
            comparison = compared(row, results[busy])
            lines.append(line(name, "MB/s", "", comparison, None, results[busy]))
            for side, end in enumerate(ENDS):
                growth.append(["MB/s over busy connections, {}, {}".format(kind, end), str(busy), text(comparison[side], "%.1f")])
                growth.append(["ratio to the first, busy connections, {}, {}".format(kind, end), str(busy), text(to_first(results, side, busy), "%.3f")])
        for crowd in crowds:
            crowd.close()
    return lines, growth


ENDS = "SslModule", "the peer"


def streams(crowds, steps, pace, until):
    """By the number of busy connections, the results of both sides. All numbers take their turn in each round: none has a
    better moment of the machine than the others."""
    results = {busy: [[], []] for busy in steps}
    for turn in pace.turns(until, 2, 8):
        for busy in steps:
            for side in ((0, 1), (1, 0))[turn % 2]:
                results[busy][side].append(crowds[side].measure("stream", busy=busy, seconds=pace.seconds))
    return results


def to_first(results, side, busy):
    """The median of the rounds' throughput as a part of what the least number of connections gave in the same round."""
    pairs = zip(results[busy][side], results[min(results)][side])
    ratios = [now["value"] / first["value"] for now, first in pairs if "error" not in now and "error" not in first]
    return statistics.median(ratios) if ratios else None
