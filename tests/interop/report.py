"""docs/interop.md, from the rows of a run."""

import collections
import os

import host
from peers import UNTRIED

PAGE = os.path.join(host.ROOT, "docs", "interop.md")
HEAD = """# Interoperability

`make interop` wrote this page: our client and our server, on each host, against programs of others. Every connection is between two
processes on the loopback interface. A combination is a role of ours, a version of TLS and one more thing: a kind of key (RSA, RSA-PSS, P-256,
P-384, Ed25519, Ed448) of the server or of the client, a certificate of a wrong authority or none, a resumed session, ALPN, a certificate
chosen by name, a group, a megabyte each way, the end that closes first. It passes when version, name, protocol, session and every byte are as
expected and the connection was closed in order; a refusal passes when it is for the expected reason. What a peer cannot do is not tried.
nginx as server, and the clients gnutls-cli, HAProxy and stunnel, may leave our close_notify without an answer. HAProxy and stunnel as clients
are always closed by our end first: where theirs goes first, a close_notify comes or does not, from one time to the next.

The last column is the control: the same combinations with CPython's own `ssl` in our place. What fails there as well is the peer's or the
combination's.

"""


def known(row, rows):
    """Did the control fail in the same case?"""
    return any(other.host == host.CONTROL and other.reason and (other.peer, other.case) == (row.peer, row.case) for other in rows)


def counts(rows):
    return "%d of %d" % (len([row for row in rows if not row.reason]), len(rows))


def table(rows, present, hosts):
    lines = ["| peer | version | %s |" % " | ".join(hosts), "|---|---|%s" % ("---|" * len(hosts))]
    for peer, version in present.items():
        if version is None:
            lines.append("| %s | not there | %s |" % (peer, " | ".join("" for _ in hosts)))
            continue
        cells = [counts([row for row in rows if row.peer == peer and row.host == name]) for name in hosts]
        lines.append("| %s | %s | %s |" % (peer, version, " | ".join(cells)))
    totals = [counts([row for row in rows if row.host == name]) for name in hosts]
    return lines + ["| all | | %s |" % " | ".join(totals)]


def failures(rows):
    """Each reason once, with the hosts and combinations that have it."""
    found = collections.OrderedDict()
    for row in rows:
        if row.reason:
            found.setdefault((row.peer, row.case), []).append(row)
    lines = []
    for (peer, case), group in found.items():
        reason = " ".join(group[0].reason.split()).replace("|", "\\|").replace("<", "&lt;")
        lines.append("| %s | %s | %s | %s |" % (peer, case, ", ".join(row.host for row in group), reason[:180]))
    return ["| peer | combination | where | what happened |", "|---|---|---|---|"] + lines if lines else ["None."]


def write(rows, present, versions):
    hosts = list(versions)
    ours = [row for row in rows if row.host != host.CONTROL]
    text = HEAD
    text += "".join("* %s: %s\n" % item for item in versions.items())
    text += "\nTried: %d combinations with ours; %d passed.\n\n" % (len(ours), len([row for row in ours if not row.reason]))
    text += "\n".join(table(rows, present, hosts)) + "\n\n## What failed\n\n" + "\n".join(failures(rows)) + "\n"
    text += "\n## What is not tried\n\n" + "".join("* %s: %s.\n" % pair for pair in UNTRIED)
    with open(PAGE, "w") as file:
        file.write(text)
