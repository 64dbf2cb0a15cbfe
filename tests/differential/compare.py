"""Plays the same random programs on SslModule and on the interpreter's own `ssl`, and shows where they differ.

    compare.py [--seed FIRST] [--count PROGRAMS] [--python INTERPRETER] [--console IPYSSL] [--show]

A program is known by its seed: `compare.py --seed 17 --count 1 --show` plays one and shows all its steps.
"""

import argparse
import collections
import json
import os
import subprocess
import sys

import known
import programs

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
DATA = os.path.join(ROOT, "tests", "python", "data")


OURS = os.pathsep.join([os.path.join(ROOT, "lib"), os.path.join(ROOT, "artifacts", "cpython")])


class Side:
    def __init__(self, command, path, player="player.py"):
        self.process = subprocess.Popen([command, os.path.join(HERE, player), DATA], env=dict(os.environ, PYTHONPATH=path),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.version = json.loads(self.process.stdout.readline())

    def start(self, program):
        self.process.stdin.write(json.dumps(program) + "\n")
        self.process.stdin.flush()

    def seen(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else ["the process died"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def played(program, ours, theirs):
    """What either side sees of a program; they play at the same time."""
    for side in (ours, theirs):
        side.start(program)
    return ours.seen(), theirs.seen()


def arguments(doc, count):
    """What both commands of this folder take."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=count)
    parser.add_argument("--python", default=sys.executable)
    return parser


def all_steps(program):
    return ([["both", "handshake", []]] if program["settings"]["shaken"] else []) + program["steps"]


def differences(program, ours, theirs):
    """The steps that differ, each with the reason if that is known, to the first that is not: what follows may be its consequence."""
    steps = all_steps(program)
    history = known.History()
    if len(ours) != len(theirs):
        yield steps[min(len(ours), len(theirs)) - 1], ours[-1], theirs[-1], None
        return
    for step, one, other in zip(steps, ours, theirs):
        end, method, _ = step
        if one != other:
            reason = history.reason(end, method, one, other)
            yield step, one, other, reason
            if reason is None:
                return
        history.add(end, method, one)


class Comparison:
    """Ours and the interpreter's own, which play the same programs."""

    # What differs once and not again was the system's doing, such as when a reset arrived.
    PLAYS = 3

    def __init__(self, python, console=None):
        self.ours = Side(console, "") if console else Side(python, OURS)
        self.theirs = Side(python, "")
        self.without = ("inject", "reset", "detach", "plain_send", "plain_recv") if console else ()
        self.steps = 0
        self.reasons = collections.Counter()

    def play(self, seed):
        """(program, what ours saw, what the other saw)."""
        program = programs.program(seed)
        program["steps"] = [step for step in program["steps"] if step[1] not in self.without]
        return (program,) + played(program, self.ours, self.theirs)

    def unexplained(self, seed):
        """The first step that differs for no known reason, in each play of the program: (step, ours, theirs). None where there is none."""
        found = None
        for _ in range(self.PLAYS):
            program, ours, theirs = self.play(seed)
            seen = list(differences(program, ours, theirs))
            if not seen or seen[-1][3]:
                self.steps += len(theirs)
                self.reasons.update(reason for _, _, _, reason in seen)
                return None
            found = seen[-1][:3]
        return found

    def close(self):
        self.ours.close()
        self.theirs.close()


def main():
    parser = arguments(__doc__, 1000)
    parser.add_argument("--console", help="an IronPython console that plays in the place of the interpreter with our module")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    comparison = Comparison(options.python, options.console)
    print(comparison.ours.version, "beside", comparison.theirs.version)
    differing = 0
    for seed in range(options.seed, options.seed + options.count):
        found = comparison.unexplained(seed)
        if found:
            differing += 1
            print("seed %d: %s\n    ours   %s\n    theirs %s" % (seed, found[0], found[1], found[2]))
        if options.show:
            show(*comparison.play(seed))
    for reason, count in comparison.reasons.most_common():
        print("%6d steps: %s" % (count, reason))
    print("%d programs, %d steps, %d programs differ for no known reason" % (options.count, comparison.steps, differing))
    comparison.close()
    return 1 if differing else 0


def show(program, ours, theirs):
    print(json.dumps(program["settings"]))
    for step, mine, its in zip(all_steps(program), ours, theirs):
        print("  %-60s %-50s %s" % (step, mine, "" if mine == its else its))


if __name__ == "__main__":
    sys.exit(main())
