"""Rounds of both sides made into the rows of a table."""

import csv
import os
import statistics
import sys
from collections import namedtuple

import table

# Fewer rounds say nothing of how sure a ratio is: their row has figures and no ratio.
LEAST_ROUNDS = 5

HEADER = ["work", "unit", "peer", "SslModule", "the peer", "rounds", "ratio", "lower quartile", "upper quartile", "ratio in processor time", "goal",
          "limit of one core", "part of the limit"]
GROWTH_HEADER = ["what", "at", "value"]

# Medians over the rounds; `low` and `high` are the ratio's quartiles. None where there is none.
Comparison = namedtuple("Comparison", "ours theirs rounds ratio low high cpu")


def compared(row, results):
    """`results`: those of our rounds and of the peer's, pair by pair from neighbouring moments."""
    # Where nothing came in time there is nothing to divide by: no round.
    rounds = [pair for pair in zip(*results) if all("error" not in result and table.shown(row, result) > 0 for result in pair)]
    values = [[table.shown(row, result) for result in side if "error" not in result] for side in results]
    ours, theirs = (statistics.median(side) if side else None for side in values)
    if len(rounds) < LEAST_ROUNDS:
        return Comparison(ours, theirs, len(rounds), None, None, None, None)
    low, ratio, high = statistics.quantiles([gain(row, *(table.shown(row, result) for result in pair)) for pair in rounds], n=4, method="inclusive")
    cpu = [peer["cpu"] / mine["cpu"] for mine, peer in rounds] if all("cpu" in result and result["cpu"] > 0 for pair in rounds for result in pair) else None
    return Comparison(ours, theirs, len(rounds), ratio, low, high, cpu and statistics.median(cpu))


def gain(row, ours, theirs):
    """Above 1 where ours is better."""
    better, other = (ours, theirs) if row.better == "more" else (theirs, ours)
    return better / other


def text(number, form="%.2f"):
    return "" if number is None else form % number


def heading(host):
    print("\n%-46s %6s %9s %9s %6s %5s %12s %5s %5s %9s %5s" % (host, "unit", "SslModule", "its own", "rounds", "ratio", "spread", "cpu", "goal", "limit", "part"))


def line(row, peer, goal, limit, results):
    """Prints a row; answers it as the table of results has it. `limit` is in the row's unit."""
    it = compared(row, results)
    part = None if limit is None or it.ours is None else it.ours / limit
    errors = sorted(set(result["error"] for side in results for result in side if "error" in result))
    print(("%-46s %6s %9s %9s %6d %5s %12s %5s %5s %9s %5s  %s" % (
        row.name, row.unit, text(it.ours, "%.4g"), text(it.theirs, "%.4g"), it.rounds, text(it.ratio), it.ratio and "%.2f-%.2f" % (it.low, it.high) or "",
        text(it.cpu), text(goal), text(limit, "%.4g"), text(part), "; ".join(["(peer: %s)" % peer] * bool(peer) + errors))).rstrip())
    sys.stdout.flush()
    return [row.name, row.unit, peer, text(it.ours, "%.6g"), text(it.theirs, "%.6g"), str(it.rounds), text(it.ratio), text(it.low), text(it.high), text(it.cpu),
            text(goal), text(limit, "%.6g"), text(part)]


def write(folder, name, header, lines):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(header)
        writer.writerows(lines)


def read(folder, name):
    """The lines below the header, as dicts; None where there is no such table."""
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return None
    with open(path, newline="") as source:
        return list(csv.DictReader(source))
