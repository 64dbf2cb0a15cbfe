"""Tells what came of a run of BoringSSL's runner: report.py RESULTS SKIPS CONFIG [RESULTS of another run].

RESULTS is what the runner wrote for -json-output, SKIPS what shim.py wrote of flags that it has not, CONFIG the runner's
-shim-config. With the results of another run, of Python's own ssl, the cases that this one passed and ours did not are
told apart. Ends with 1 if a case failed.
"""
import collections
import json
import sys


def main(results_file, skips_file, config_file, other_file=None):
    results = cases(results_file)
    with open(config_file) as file:
        config = json.load(file)
    print("Not run, as config.json says:")
    for pattern, reason in config["DisabledTests"].items():
        print("    %-40s %s" % (pattern, reason))
    print("Skipped, with the first flag that Python's ssl cannot express:")
    with open(skips_file) as file:
        reasons = collections.Counter(file.read().split("\n")[:-1])
    for reason, count in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
        print("    %5d %s" % (count, reason))
    failed = sorted(name for name, told in results.items() if told == "FAIL")
    if failed:
        print("Failed:")
        for name in failed:
            print("    " + name)
    if other_file is not None:
        other = cases(other_file)
        print("Failed here, passed with Python's own ssl:")
        for name in failed:
            if other.get(name) == "PASS":
                print("    " + name)
        print("Python's own ssl: %d passed, %d failed, %d skipped" % counts(other))
    print("%d passed, %d failed, %d skipped" % counts(results))
    return 1 if failed else 0


def cases(file_name):
    with open(file_name) as file:
        return {name: result["actual"] for name, result in json.load(file)["tests"].items()}


def counts(results):
    told = collections.Counter(results.values())
    return told["PASS"], told["FAIL"], told["SKIP"]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
