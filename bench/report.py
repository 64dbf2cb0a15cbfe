"""Rounds of both sides made into the rows of a table."""

import csv
import os
import statistics
import sys

import sides
import table

RESULTS = os.path.join(sides.HERE, "results")


def compared(row, results):
    """(ours, the peer's, the ratio, its quartiles, the ratio in processor time), medians; None where there is none."""
    values = [[table.shown(row, result) for result in side if "error" not in result] for side in results]
    ours, theirs = (statistics.median(side) if side else None for side in values)
    ratios = sorted(mine / other if row.better == "more" else other / mine for mine, other in zip(*values) if mine > 0 and other > 0)
    cpu = [[result["cpu"] for result in side if "cpu" in result] for side in results]
    ratio = statistics.median(ratios) if ratios else None
    low, _, high = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else [ratio] * 3
    return ours, theirs, ratio, low, high, \
        statistics.median(other / mine for mine, other in zip(*cpu)) if all(cpu) else None


def text(number, form="%.2f"):
    return "" if number is None else form % number


def line(name, unit, peer, comparison, goal, results):
    """Prints a row; answers it as the table of results has it."""
    ours, theirs, ratio, low, high, cpu = comparison
    errors = [result["error"] for side in results for result in side if "error" in result]
    print("%-46s %8s %11s %11s %6s %13s %6s %5s%s" % (
        name, unit, text(ours, "%.4g"), text(theirs, "%.4g"), text(ratio),
        "%s-%s" % (text(low), text(high)) if ratio else "", text(cpu), text(goal),
        "  " + "; ".join([peer and "(peer: %s)" % peer] * bool(peer) + errors)))
    sys.stdout.flush()
    return [name, unit, peer, text(ours, "%.6g"), text(theirs, "%.6g"), text(ratio), text(low), text(high), text(cpu), text(goal)]


def write(name, header, lines):
    os.makedirs(RESULTS, exist_ok=True)
    with open(os.path.join(RESULTS, name), "w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(header)
        writer.writerows(lines)
