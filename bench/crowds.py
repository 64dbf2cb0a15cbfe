"""Many connections in one process: what each takes, and what all give together as ever more of them are busy."""

import statistics

import table
from processes import Crowd
from report import compared, line, text

ENDS = "SslModule", "the peer"
CONFIGURATIONS = "ec13", "ec12"


def run_crowds(contest, pace):
    """The lines of the table, and those of how it grows."""
    which = table.column(contest.host)
    lines, growth = [], []
    for index, kind in enumerate(table.CROWDS[which]):
        crowds = [Crowd(side, kind, CONFIGURATIONS[which]) for side in (contest.ours, contest.peer)]
        until = pace.part((contest.host, "crowd"), index, len(table.CROWDS[which]))
        for part in (held(contest, crowds, kind, pace), streamed(contest, crowds, kind, pace, until)):
            lines += part[0]
            growth += part[1]
        for crowd in crowds:
            crowd.close()
    return lines, growth


def held(contest, crowds, kind, pace):
    """What a connection takes of the server's memory. Once: it does not differ from one time to the next."""
    count = table.CROWD[table.column(contest.host)][0]
    all_of_them = count + BEFORE
    row = table.less("memory of a connection among {:,}, {}".format(all_of_them, kind), "KiB", "crowd.fill", (), (None, None))
    pace.say(contest.host, row.name)
    taken = [[crowd.measure("fill", count=count)] for crowd in crowds]
    comparison = compared(row, taken)
    growth = [["KiB of a connection, {}, {}".format(kind, end), str(all_of_them), text(value, "%.1f")]
              for end, value in zip(ENDS, (comparison.ours, comparison.theirs))]
    return [line(row, "", None, None, taken)], growth


def streamed(contest, crowds, kind, pace, until):
    """All numbers of busy connections take their turn in each round: none has a better moment of the machine than the others."""
    count, steps = table.CROWD[table.column(contest.host)]
    pace.say(contest.host, "{} busy connections, {}".format(", ".join(map(str, steps)), kind))
    results = {busy: [[], []] for busy in steps}
    for turn in pace.turns(until, most=10):
        for busy in steps:
            for side in ((0, 1), (1, 0))[turn % 2]:
                results[busy][side].append(crowds[side].measure("stream", busy=busy, seconds=pace.seconds))
    lines, growth = [], []
    for busy in steps:
        name = "{} busy of {:,} connections, {}".format(busy, count + BEFORE + busy, kind)
        row = table.Row(name, "MB/s", "crowd.stream", {"size": 1}, (), "more", (None, None))
        comparison = compared(row, results[busy])
        lines.append(line(row, "", None, None, results[busy]))
        for side, (end, value) in enumerate(zip(ENDS, (comparison.ours, comparison.theirs))):
            growth.append(["MB/s over busy connections, {}, {}".format(kind, end), str(busy), text(value, "%.1f")])
            growth.append(["ratio to the first, busy connections, {}, {}".format(kind, end), str(busy), text(to_first(results, side, busy), "%.3f")])
    return lines, growth


# As many as worker/crowd.py opens before it looks at the server's memory.
BEFORE = 50


def to_first(results, side, busy):
    """The median of the rounds' throughput as a part of what the least number of connections gave in the same round."""
    pairs = zip(results[busy][side], results[min(results)][side])
    ratios = [now["value"] / first["value"] for now, first in pairs if "error" not in now and first.get("value")]
    return statistics.median(ratios) if ratios else None
