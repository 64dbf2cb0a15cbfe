"""Plays random programs of two threads at one TLS socket on SslModule and on CPython's own `ssl`, and shows what only ours does.

    thread_compare.py [--seed FIRST] [--count PROGRAMS] [--python INTERPRETER] [--console IPYSSL] [--show]

What the threads of a program see depends on their order, which is another in each play. Each program is played some times by both. What
a call of ours says must have been said by that call in a play of CPython's own, or be known (thread_known.py); while it is not,
CPython's own plays again. What no order may show (other bytes than were sent, a call that does not end, a descriptor left open, the
process's end) is a fault of ours at once. CPython's own may hang or crash: that is counted, and it begins anew.
"""

import collections
import json
import os
import re
import sys

import compare
import thread_known
import thread_programs

PLAYS = 2           # of ours, and at first of CPython's own
MORE_PLAYS = 24     # of CPython's own at most


class Side:
    """A player that begins anew when it has died."""

    def __init__(self, command, path):
        self.command, self.path = command, path
        self.plays = 0
        self.begin()

    def begin(self):
        self.side = compare.Side(self.command, self.path, "thread_player.py")
        self.version = self.side.version

    def start(self, program, play):
        self.plays += 1
        self.side.start(dict(program, play=play))

    def seen(self):
        seen = self.side.seen()
        if isinstance(seen, list):
            self.side.close()
            seen = {"outcomes": [], "faults": ["the process died: status %s" % self.side.process.returncode]}
            self.begin()
        elif "hang" in seen:
            seen["faults"] = seen["faults"] + ["hangs: %s" % ", ".join(seen["hang"])]
            self.side.close()
            self.begin()
        else:
            left = self.sockets()
            if left:
                seen["faults"].append("%d connections left" % left)
        return seen

    def sockets(self):
        """How many connections the process has open while it plays nothing. Its other descriptors are its runtime's."""
        process, count = "/proc/%d/" % self.side.process.pid, 0
        if not os.path.exists(process):
            return 0
        connections = set()
        for table in ("net/tcp", "net/tcp6"):
            with open(process + table) as file:
                connections.update("socket:[%s]" % line.split()[9] for line in list(file)[1:])
        for name in os.listdir(process + "fd"):
            try:
                count += os.readlink(process + "fd/" + name) in connections
            except OSError:
                pass
        return count

    def close(self):
        self.side.close()


class Outcomes:
    """What each call of a program has said in some play, and the fewest bytes that each end got in one."""

    def __init__(self):
        self.calls = collections.defaultdict(dict)
        self.heard = {}

    def add(self, seen):
        for end, count in seen.get("heard", {}).items():
            self.heard[end] = min(count, self.heard.get(end, count))
        for thread, outcomes in enumerate(seen["outcomes"]):
            for step, outcome in enumerate(outcomes):
                self.calls[thread, step][json.dumps(outcome)] = outcome

    def beyond(self, other):
        """(thread, step, outcome) for each that the other has not."""
        for (thread, step), outcomes in sorted(self.calls.items()):
            for text, outcome in outcomes.items():
                if text not in other.calls[thread, step]:
                    yield thread, step, outcome


class Comparison:
    def __init__(self, python, console=None, any_order=False):
        """With any_order, nothing is shown that a busy machine's order of the threads may be why of."""
        self.any_order = any_order
        self.ours = Side(console, "") if console else Side(python, compare.OURS)
        self.theirs = Side(python, "")
        # What IronPython's own sockets have not, as in compare.py: their numbers are no descriptors.
        self.without = ("detach", "readable") if console else ()
        self.calls = 0
        self.reasons, self.their_faults = collections.Counter(), collections.Counter()

    def unexplained(self, seed):
        """What ours did of a program for no known reason: a list of texts."""
        program = thread_programs.program(seed)
        program["threads"] = [[end, [step for step in steps if step[0] not in self.without]] for end, steps in program["threads"]]
        ours, theirs, faults = Outcomes(), Outcomes(), []
        for play in range(PLAYS):
            self.ours.start(program, play)
            self.play_theirs(program, play, theirs)
            seen = self.ours.seen()
            ours.add(seen)
            faults += seen["faults"]
        for play in range(PLAYS, MORE_PLAYS):
            if not self.judged(program, ours, theirs)[1]:
                break
            self.play_theirs(program, play, theirs)
        reasons, unknown = self.judged(program, ours, theirs)
        self.reasons.update(reasons)
        self.calls += sum(len(outcomes) for outcomes in ours.calls.values())
        return faults + unknown

    def play_theirs(self, program, play, theirs):
        self.theirs.start(program, play)
        seen = self.theirs.seen()
        theirs.add(seen)
        self.their_faults.update(re.sub("[0-9]+ (of [0-9]+ )?bytes", "some bytes", fault) for fault in seen["faults"])

    def judged(self, program, ours, theirs):
        reasons, unknown, known = [], [], thread_known.Program(program, theirs)
        for thread, step, outcome in ours.beyond(theirs):
            end, steps = program["threads"][thread]
            reason = known.reason(thread, step, outcome, ours.heard.get(end, 0) >= theirs.heard.get(end, 0), bool(self.without))
            if reason:
                reasons.append(reason)
            elif self.any_order and thread_known.is_of_order(outcome):
                reasons.append("the threads' order")
            else:
                unknown.append("thread %d, %s's %s: ours %s, theirs %s" %
                               (thread, end, steps[step], json.dumps(outcome), " ".join(theirs.calls[thread, step]) or "nothing"))
        return reasons, unknown

    def close(self):
        self.ours.close()
        self.theirs.close()


def main():
    parser = compare.arguments(__doc__, 200)
    parser.add_argument("--console", help="an IronPython console that plays in the place of the interpreter with our module")
    parser.add_argument("--show", action="store_true", help="show each program")
    options = parser.parse_args()
    comparison = Comparison(options.python, options.console)
    print(comparison.ours.version, "beside", comparison.theirs.version)
    differing = 0
    for seed in range(options.seed, options.seed + options.count):
        if options.show:
            print(json.dumps(thread_programs.program(seed)))
        found = comparison.unexplained(seed)
        differing += bool(found)
        for text in found:
            print("seed %d: %s" % (seed, text), flush=True)
    for reason, count in comparison.reasons.most_common():
        print("%6d outcomes: %s" % (count, reason))
    for fault, count in comparison.their_faults.most_common():
        print("%6d plays of CPython's own: %s" % (count, fault))
    print("%d programs of threads, %d plays of ours, %d outcomes, %d of CPython's own; in %d programs ours differs for no known reason" %
          (options.count, comparison.ours.plays, comparison.calls, comparison.theirs.plays, differing))
    comparison.close()
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
