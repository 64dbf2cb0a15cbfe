"""Measures SslModule against each host's own `_ssl`, in turns, and leaves tables in bench/results.

    bench.py [--quick] [--host cpython|ironpython] [--only TEXT] [--no-growth] [--keep]

Absolute figures mean nothing on a shared machine; both sides of a ratio come from neighbouring moments of one run.
"""

import argparse
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

import sides
import table

RESULTS = os.path.join(sides.HERE, "results")


def certificates(folder):
    """An authority and a server certificate of it for each kind of key."""
    def openssl(*arguments):
        subprocess.run(("openssl",) + arguments, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    p256 = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    openssl("req", "-x509", *p256, "-nodes", "-days", "2", "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.crt")
    for name, key in (("ec", p256), ("rsa", ("-newkey", "rsa:2048"))):
        openssl("req", *key, "-nodes", "-subj", "/CN=localhost", "-keyout", name + ".key", "-out", name + ".csr")
        with open(os.path.join(folder, "san"), "w") as extensions:
            extensions.write("subjectAltName=DNS:localhost\n")
        openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
                "-extfile", "san", "-out", name + ".crt")
        with open(os.path.join(folder, name + ".pem"), "wb") as both:
            for part in (name + ".key", name + ".crt"):
                with open(os.path.join(folder, part), "rb") as source:
                    shutil.copyfileobj(source, both)


def rounds(row, configuration, pair, count, seconds):
    """Both sides in turns; each turn begins with the side that ended the last one."""
    results = [[], []]
    arguments = dict(row.arguments)
    if row.load not in ("idle", "first"):
        arguments["seconds"] = seconds
    for turn in range(count):
        for which in ((0, 1), (1, 0))[turn % 2]:
            if pair[which] is not None and not any("error" in result for result in results[which]):
                results[which].append(pair[which].measure(row.load, configuration, **arguments))
    return results


def compared(row, results):
    """(ours, the peer's, the ratio, its least, its most, the ratio in processor time), medians; None where there is none."""
    values = [[table.shown(row, result) for result in side if "error" not in result] for side in results]
    ours, theirs = (statistics.median(side) if side else None for side in values)
    ratios = sorted(mine / other if row.better == "more" else other / mine for mine, other in zip(*values) if mine > 0 and other > 0)
    cpu = [[result["cpu"] for result in side if "cpu" in result] for side in results]
    ratio = statistics.median(ratios) if ratios else None
    return ours, theirs, ratio, ratios[0] if ratios else None, ratios[-1] if ratios else None, \
        statistics.median(other / mine for mine, other in zip(*cpu)) if all(cpu) else None


def text(number, form="%.2f"):
    return "" if number is None else form % number


def run_table(host, pair, options):
    which = ("cpython", "ironpython").index(host)
    print("\n%-46s %8s %11s %11s %6s %13s %6s %5s" % (host, "", pair[0].name, pair[1].name[:11], "ratio", "spread", "cpu", "goal"))
    if host == "ironpython":
        # Its programs run many times before they are compiled well: neither side is measured cold but in its own row.
        for side in pair:
            for load, size in (("bulk", 64), ("bulk", 1 << 16), ("latency", 1)):
                side.measure(load, "ec12", size=size, seconds=1 if options.quick else 3)
    lines = []
    for row in table.ROWS:
        configuration = row.configurations[which]
        if configuration is None or options.only and options.only not in row.name:
            continue
        count, seconds = (3, 0.15) if options.quick else (7, 0.5)
        results = rounds(row, configuration, pair, count, seconds)
        ours, theirs, ratio, least, most, cpu = compared(row, results)
        errors = [result["error"] for side in results for result in side if "error" in result]
        lines.append([row.name, row.unit, text(ours, "%.6g"), text(theirs, "%.6g"), text(ratio), text(least), text(most), text(cpu), text(row.goals[which])])
        print("%-46s %8s %11s %11s %6s %13s %6s %5s%s" % (
            row.name, row.unit, text(ours, "%.0f"), text(theirs, "%.0f"), text(ratio),
            "%s-%s" % (text(least), text(most)) if ratio else "", text(cpu), text(row.goals[which]), "  " + "; ".join(errors) if errors else ""))
        sys.stdout.flush()
    return lines


def run_growth(pair, quick):
    """How SslModule's cost grows: transfer time with size, handshake time and memory with the number of connections."""
    ours = pair[0]
    lines = []
    for power in range(10, 25 if quick else 31, 2):
        times = [ours.measure("transfer", "ec13", total=1 << power)["value"] for _ in range(3 if power < 26 else 1)]
        lines.append(["transfer seconds", str(1 << power), "%.6f" % statistics.median(times)])
        print("%-46s %12d bytes %10.6f s %8.0f MB/s" % ("transfer", 1 << power, statistics.median(times), (1 << power) / statistics.median(times) / 1e6))
    count = 500 if quick else 10000
    late = ours.measure("many_handshakes", "ec13", count=count)
    for label, seconds in (("10", late["early"]), (str(count), late["late"])):
        lines.append(["handshake seconds after connections", label, "%.6f" % seconds])
        print("%-46s %12s connections %7.0f us" % ("one handshake after", label, seconds * 1e6))
    for which in ("server", "client"):
        before, after = late[which + "_bytes"]
        lines.append(["%s bytes after connections" % which, "10", str(before)])
        lines.append(["%s bytes after connections" % which, str(count), str(after)])
        print("%-46s %12.1f MiB, then %.1f MiB after %d connections" % (which + " in memory", before / 1048576, after / 1048576, count))
    return lines


def write(name, header, lines):
    os.makedirs(RESULTS, exist_ok=True)
    with open(os.path.join(RESULTS, name), "w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(header)
        writer.writerows(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--host", choices=("cpython", "ironpython"))
    parser.add_argument("--only", help="the rows whose name holds this text; nothing is written")
    parser.add_argument("--no-growth", action="store_true")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="sslmodule-bench-")
    try:
        certificates(folder)
        for host in ("cpython", "ironpython"):
            if options.host not in (None, host):
                continue
            pair = getattr(sides, host)(folder)
            if pair is None:
                print("-- %s: not built, not measured" % host)
                continue
            lines = run_table(host, pair, options)
            growth = [] if options.no_growth or options.only else run_growth(pair, options.quick)
            for side in pair:
                side.close()
            if not options.only:
                write(host + ".csv", ["work", "unit", "SslModule", "peer", "ratio", "least", "most", "ratio in processor time", "goal"], lines)
                if growth:
                    write(host + "-growth.csv", ["what", "at", "value"], growth)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
