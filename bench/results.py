"""Where results are: a run's in artifacts/bench, and those of a full run that somebody chose to publish in bench/results.

    results.py publish      copies the one over the other; refused unless all of it was measured
"""

import json
import os
import shutil
import sys

from pace import HOSTS
from processes import HERE, ROOT

FOLDER = os.path.join(ROOT, "artifacts", "bench")
PUBLISHED = os.path.join(HERE, "results")
KINDS = (".csv", ".svg", ".md", ".json")


class About:
    """What a page says of its run beside the figures; kept in about.json."""

    def __init__(self, options, openssl):
        self.facts = {"quick": options.quick, "part": options.host or options.only or options.part, "limits": openssl, "hosts": []}

    def add(self, contest):
        self.facts["hosts"].append({"host": contest.host, "title": contest.title, "old": contest.old})

    def write(self):
        with open(os.path.join(FOLDER, "about.json"), "w") as target:
            json.dump(self.facts, target, indent=1)
            target.write("\n")


def about(folder):
    with open(os.path.join(folder, "about.json")) as source:
        return json.load(source)


def clear():
    """What is there is of one run."""
    os.makedirs(FOLDER, exist_ok=True)
    for name in files(FOLDER):
        os.remove(os.path.join(FOLDER, name))


def files(folder):
    return [name for name in sorted(os.listdir(folder)) if name.endswith(KINDS)]


def refusal(facts):
    """Why the results of a run are not for publishing; None where they are."""
    if facts["quick"]:
        return "a quick run has too few rounds"
    if facts["part"]:
        return "only a part was measured (%s)" % facts["part"]
    missing = [host for host in HOSTS if host not in [one["host"] for one in facts["hosts"]]]
    return "not measured: %s" % ", ".join(missing) if missing else None


def publish(source, target):
    """None, or why not."""
    reason = refusal(about(source))
    if reason is None:
        for name in files(target):
            os.remove(os.path.join(target, name))
        for name in files(source):
            shutil.copy(os.path.join(source, name), os.path.join(target, name))
    return reason


if __name__ == "__main__":
    if sys.argv[1:] != ["publish"]:
        sys.exit(__doc__)
    refused = publish(FOLDER, PUBLISHED)
    if refused:
        sys.exit("-- bench/results stays as it is: %s" % refused)
    print("   bench/results has these results now")
