"""Our client and our server against the programs that people have.

    python3 tests/interop/run.py                    every combination, on every host that is built
    python3 tests/interop/run.py --short            those of `make test`, with the peers that are there
    python3 tests/interop/run.py --write            besides, writes docs/interop.md (with the control)
    python3 tests/interop/run.py --own              CPython's own ssl in our place
    python3 tests/interop/run.py --only gnutls "1_3, resumption"     peers and cases whose name has that

The last line is `N passed, N failed, N skipped`; a combination that the peer has not is not tried, a peer that is not there is skipped.
"""

import argparse
import collections
import concurrent.futures
import os
import sys
import tempfile
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import cases
import host
import judge
import report
from material import Material
from peers import PEERS, UNTRIED

Row = collections.namedtuple("Row", "host peer case reason")


def play(end, peer, case):
    """One case: what our end, and the peer, made of it. Gives the reason of a failure, or None."""
    words = {"version": case.version, "size": case.size, "connections": 2 if case.resume else 1, "close": peer.closes or case.first(),
             "alpn": case.alpn, "group": None, "silent": case.role in peer.silent,
             "refused": bool(case.refusal and case.refusal[0] == "peer")}
    trusted = peer.material.authority
    if case.role == "client":
        with peer.serve(case) as serving:
            answer = end.order(role="client", port=serving.port, mode=peer.client_mode, trust=trusted,
                               certificate=case.client and peer.path(case.client), **words)
            outcome = serving.finish()
    else:
        words["group"] = {"P-256": "prime256v1", "P-384": "secp384r1", "P-521": "secp521r1"}.get(case.group, case.group)
        answer = end.order(role="server", mode=peer.server_mode, certificate=peer.path(case.server), trust=trusted if case.wants else None,
                           chosen=peer.path("chosen") if case.sni else None, **words)
        if "port" in answer:
            outcome = peer.connect(case, answer["port"])
            answer = end.order(role="results")
    if "unable" in answer:
        return answer["unable"]
    return judge.trouble(case, peer, answer["results"], outcome)


def attempt(end, peer, case):
    try:
        return play(end, peer, case)
    except Exception as problem:
        traceback.print_exc()
        return "%s: %s" % (type(problem).__name__, problem)


def on_host(name, command, material, kinds, chosen, only):
    """All the peers' cases on one host, one after the other."""
    rows = []
    end = host.Host(name, *command)
    try:
        for kind in kinds:
            peer = kind(material)
            try:
                for case in chosen:
                    if peer.cannot(case) is None and matches(only, peer, case):
                        row = Row(name, peer.name, case.name, attempt(end, peer, case))
                        rows.append(row)
                        if row.reason:
                            print("failed: %s, %s, %s: %s" % (name, peer.name, case.name, row.reason), flush=True)
            finally:
                peer.stop()
            done = [row for row in rows if row.peer == peer.name]
            print("   %s, %s: %d of %d" % (name, peer.name, len([row for row in done if not row.reason]), len(done)), flush=True)
    finally:
        end.stop()
    return rows, end.version


def matches(only, peer, case):
    return all(word.lower() in (peer.name + " " + case.name).lower() for word in only)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--own", action="store_true")
    parser.add_argument("--only", nargs="*", default=[])
    options = parser.parse_args()
    hosts = host.control() if options.own else host.commands()
    if options.write:
        hosts.update(host.control())
    chosen = cases.short() if options.short else list(cases.cases())
    rows, versions = [], {}
    with tempfile.TemporaryDirectory() as folder:
        material = Material(folder)
        present = {kind.name: kind(material).version() for kind in PEERS}
        kinds = [kind for kind in PEERS if present[kind.name] is not None]
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            running = {name: pool.submit(on_host, name, command, material, kinds, chosen, options.only) for name, command in hosts.items()}
            for name, one in running.items():
                found, versions[name] = one.result()
                rows += found
    missing = [name for name, version in present.items() if version is None]
    for name in missing:
        print("-- %s: skipped, it is not there" % name)
    if not (options.short or options.only):
        for name, why in UNTRIED:
            print("-- %s: not tried: %s" % (name, why))
    if options.write:
        report.write(rows, present, versions)
    ours = rows if options.own else [row for row in rows if row.host != host.CONTROL]
    failed = [row for row in ours if row.reason and not report.known(row, rows)]
    excused = len([row for row in ours if row.reason]) - len(failed)
    print("%d passed, %d failed, %d skipped" % (len(ours) - len(failed) - excused, len(failed), len(missing) + excused))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
