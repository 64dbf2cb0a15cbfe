"""The page that shows a run's tables. The pictures on it are drawn by bench/Plots."""

import os
from itertools import groupby

import report
import results
from peers import RECENT_OPENSSL

HEAD = """# Measured by `make bench`

%s

Both sides of a row take turns in one run; a ratio above 1 says that SslModule is faster, or smaller. Ratios are medians over the
rounds, and half of the rounds lie within the spread; a row of fewer than %d rounds has none. The ratio in processor time counts both
ends and does not see what else the machine had to do. Absolute figures are those of one machine.

%s
"""

LIMITS = """The limit is what `openssl speed` of %s does on one core: of a cipher in texts of the row's size, 16 KiB at most, sealing and
opening one after the other where one thread does both, the slower of them where each end has its core; of a handshake, what it cannot
do without: a signature, its verification, two key pairs and two derivations. The last column is the part of it that SslModule
reaches: the rest are copies, system calls, the kernel's sockets, Python. A resumed handshake of TLS 1.2 has no such operation."""

NO_LIMITS = "The limits of one core were not measured in this run."

COLUMNS = "| work | unit | SslModule | peer | rounds | ratio | spread | in processor time | goal | limit | part |\n|---|---|--:|--:|--:|--:|---|--:|--:|--:|--:|\n"


def made(folder):
    """The text of the page of the results in a folder."""
    about = results.about(folder)
    text = HEAD % (opponents(about), report.LEAST_ROUNDS, LIMITS % about["limits"] if about["limits"] else NO_LIMITS)
    for one in about["hosts"]:
        text += host(folder, one)
    return text


def opponents(about):
    """Who the peers are, and at once if one of them is old."""
    lines = ["- %s%s" % (one["title"], " (old)" if one["old"] else "") for one in about["hosts"]]
    if about["quick"] or about["part"]:
        lines.append("\nThis was %s." % ("a quick run: its rounds are short and few" if about["quick"] else "a run of a part: " + about["part"]))
    if any(one["old"] for one in about["hosts"]):
        lines.insert(0, "**The peer on CPython is an old one**: no interpreter with OpenSSL %d.%d or newer was at hand, which is faster.\n" % RECENT_OPENSSL)
    return "\n".join(lines)


def host(folder, one):
    name = one["host"]
    rows = report.read(folder, name + ".csv") or []
    text = "\n## %s\n\n" % one["title"]
    if any(row["ratio"] for row in rows):
        text += "![ratios](%s.svg)\n\n" % name
    if rows:
        text += COLUMNS
    for row in rows:
        title = row["work"] + (" (against %s)" % row["peer"] if row["peer"] else "")
        spread = "%s to %s" % (row["lower quartile"], row["upper quartile"]) if row["ratio"] else ""
        cells = [title, row["unit"], figure(row["SslModule"]), figure(row["the peer"]), row["rounds"], row["ratio"], spread, row["ratio in processor time"],
                 row["goal"], figure(row["limit of one core"]), row["part of the limit"]]
        text += "| %s |\n" % " | ".join(cells)
    growth = report.read(folder, name + "-growth.csv")
    return text + (grown(name, growth) if growth else "")


def grown(name, points):
    text = "\n### How the cost grows\n\n![transfers](%s-growth.svg)\n\n![connections](%s-connections.svg)\n\n![crowds](%s-crowd.svg)\n\n" % (name, name, name)
    text += "| what | first | last | last to first |\n|---|--:|--:|--:|\n"
    points = sorted(points, key=lambda point: [other["what"] for other in points].index(point["what"]))
    for what, group in groupby(points, key=lambda point: point["what"]):
        group = [point for point in group if point["value"]]
        if group:
            times = "%.2f" % (float(group[-1]["value"]) / float(group[0]["value"])) if len(group) > 1 else ""
            text += "| %s | %s | %s | %s |\n" % (what, at(group[0]), at(group[-1]), times)
    return text + "\nAll of it: [%s-growth.csv](%s-growth.csv).\n" % (name, name)


def at(point):
    """A figure in the unit that people read, and where it was taken."""
    what, value = point["what"], float(point["value"])
    if what.startswith("ratio"):
        text = "%.2f" % value
    elif "bytes" in what:
        text = "%.1f MiB" % (value / 1048576)
    elif "seconds" in what:
        text = "%.2f ms" % (value * 1000)
    else:
        text = "{:,.0f}".format(value)
    return "%s at %s" % (text, "{:,}".format(int(point["at"])))


def figure(cell):
    if not cell:
        return ""
    return "%.1f" % float(cell) if float(cell) < 100 else "{:,.0f}".format(float(cell))


def write(folder):
    with open(os.path.join(folder, "README.md"), "w") as target:
        target.write(made(folder))
