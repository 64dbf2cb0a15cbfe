"""Plays the same random calls on contexts on SslModule and on the interpreter's own `ssl`, and shows where they differ.

    context_compare.py [--seed FIRST] [--count PROGRAMS] [--python INTERPRETER]
"""

import sys

import compare
import context_programs


def reason(call, ours, theirs, before):
    """Why a difference is known; None where it is not. `before`: pairs of an earlier call and what the other saw."""
    ours = ours if isinstance(ours, list) else [ours, None]
    if call.startswith("context.load_cert_chain"):
        if ours[0] in ("FileNotFoundError", "IsADirectoryError") and theirs == ["SSLError", None, "SSL", "[SSL] PEM lib"]:
            return "both files are opened before either is read"
        if ours[1] == "NO_CERTIFICATE_ASSIGNED":
            return "a key of another kind than its certificate is refused, whatever the context had before"
    if ours[0] == "ValueError" and "in client mode" in ours[1]:
        return "a server's end takes no name and no session, as in Python 3.14"
    if call == "context.get_ciphers()" and any(earlier.startswith("context.set_ciphers") and isinstance(seen, list) and seen[0] == "SSLError" for earlier, seen in before):
        return "a list of ciphers that is refused leaves the suites as they were; OpenSSL drops those before TLS 1.3"
    return None


def differences(program, ours, theirs):
    """(call, ours, theirs) of each difference that is not known."""
    calls = program["calls"]
    if len(ours) != len(calls) or len(theirs) != len(calls):
        return [("the process", ours, theirs)]
    return [(call, one, other) for number, (call, one, other) in enumerate(zip(calls, ours, theirs))
            if one != other and not reason(call, one, other, zip(calls[:number], theirs))]


class Comparison:
    def __init__(self, python):
        self.sides = [compare.Side(python, path, "context_player.py") for path in (compare.OURS, "")]
        self.calls = 0

    def unexplained(self, seed):
        program = context_programs.program(seed)
        ours, theirs = compare.played(program, *self.sides)
        self.calls += len(theirs)
        return differences(program, ours, theirs)

    def close(self):
        for side in self.sides:
            side.close()


def main():
    options = compare.arguments(__doc__, 2000).parse_args()
    comparison = Comparison(options.python)
    print(comparison.sides[0].version, "beside", comparison.sides[1].version)
    differing = 0
    for seed in range(options.seed, options.seed + options.count):
        found = comparison.unexplained(seed)
        differing += bool(found)
        for call, ours, theirs in found:
            print("seed %d: %s\n    ours   %s\n    theirs %s" % (seed, call, ours, theirs))
    print("%d programs, %d calls, %d programs differ for no known reason" % (options.count, comparison.calls, differing))
    comparison.close()
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
