"""Shows a report of the doctor's to a reader, in colour on a terminal."""

import os

RED, GREEN, YELLOW, CYAN, BOLD, DIM = "31", "32", "33", "36", "1", "2"


def wants_colour(out):
    """A terminal that understands colours, and nobody who has asked for none (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    if os.name == "nt" and not (os.environ.get("WT_SESSION") or os.environ.get("ANSICON") or os.environ.get("TERM")):
        return False
    return bool(getattr(out, "isatty", None) and out.isatty())


class Page(object):
    def __init__(self, out):
        self.out = out
        self.colour = wants_colour(out)

    def paint(self, text, *codes):
        return "\x1b[%sm%s\x1b[0m" % (";".join(codes), text) if self.colour else text

    def line(self, text=""):
        self.out.write(text + "\n")

    def report(self, report):
        self.line(self.paint("%s port %d" % (report["host"], report["port"]), BOLD) + " (%s), connected after %s ms" % (
            report["address"], report["connected_ms"]))
        self.line(self.paint("with %s" % report["ssl"], DIM))
        if report["cryptography"]:
            self.line(self.paint("cryptography: %s" % report["cryptography"], DIM))
        self.attempt(report)
        if "insecure" in report:
            self.line()
            self.line(self.paint("ONCE MORE WITHOUT VERIFICATION, as --insecure asks: anybody could be at the other end", BOLD, RED))
            self.attempt(report["insecure"])
            self.line()
            self.line(self.paint("THE VERIFICATION HAS FAILED: what is shown after it proves nothing", BOLD, RED))

    def attempt(self, report):
        self.line()
        for message in report["messages"]:
            self.message(message)
        self.line()
        if report["negotiated"]:
            self.negotiated(report["negotiated"])
        self.chain(report["chain"])
        self.verdict(report)

    def message(self, message):
        arrow = self.paint("->", CYAN) if message["sent"] else self.paint("<-", GREEN)
        codes = [RED, BOLD] if message["name"] == "Alert" and message["alert"] != "close_notify" else [BOLD]
        self.line(("%8.1f ms  %s %s %5d bytes  %s" % (
            message["ms"], arrow, self.paint("%-19s" % message["name"], *codes), message["bytes"], self.details(message))).rstrip())
        extensions = message.get("extensions")
        if extensions:
            for row in rows(extensions, 84):
                self.line(" " * 15 + self.paint(row, DIM))

    @staticmethod
    def details(message):
        parts = []
        if "versions" in message:
            parts += ["%s; %d ciphers" % (", ".join(message["versions"]), len(message["ciphers"]))]
            if message.get("key_shares"):
                parts.append("keys of " + ", ".join(message["key_shares"]))
        parts += [message[key] for key in ("version", "cipher", "group", "signature", "alert") if message.get(key)]
        if "certificates" in message:
            parts.append("%d certificate%s" % (message["certificates"], "" if message["certificates"] == 1 else "s"))
        if "lifetime" in message:
            parts.append("for %d seconds" % message["lifetime"])
        if "damaged" in message:
            parts.append("damaged")
        return "; ".join(parts)

    def negotiated(self, found):
        self.line("%-12s %s, %s (%s bits)" % ("negotiated", found["version"], found["cipher"], found["bits"]))
        for key, label in (("group", "group"), ("signature", "signature"), ("alpn", "protocol")):
            if found.get(key):
                self.line("%-12s %s" % (label, found[key]))

    def chain(self, chain):
        for depth, certificate in enumerate(chain):
            origin = "" if certificate["sent"] else self.paint(" (trusted here, not sent)", DIM)
            self.line("%-12s %s%s" % ("chain %d" % depth, self.paint(certificate.get("subject") or "(no name)", BOLD), origin))
            if certificate.get("damaged"):
                self.line(" " * 13 + "cannot be read")
                continue
            self.line(" " * 13 + "by %s" % certificate["issuer"])
            self.line(" " * 13 + "%s to %s" % (certificate["not_before"], certificate["not_after"]))
            for row in rows(certificate["names"], 84):
                self.line(" " * 13 + row)

    def verdict(self, report):
        error = report["error"]
        if not error:
            text = "good: verified for %s" % report["servername"] if report["verifies"] else "connected, NOT VERIFIED"
            self.line("%-12s %s" % ("verdict", self.paint(text, BOLD, GREEN if report["verifies"] else RED)))
            return
        self.line("%-12s %s" % ("verdict", self.paint("%s: %s" % (error["type"], error["message"]), BOLD, RED)))
        for part in (error["explanation"] or "").splitlines():
            label, _, text = part.partition(": ")
            self.line()
            self.line(self.paint(label, YELLOW))
            for row in rows(text.split(" "), 95, " "):
                self.line("  " + row)


def rows(items, width, between=", "):
    """The items in lines of about that width."""
    line = ""
    for item in items:
        longer = line + between + item if line else item
        if line and len(longer) > width:
            yield line + between.rstrip()
            longer = item
        line = longer
    if line:
        yield line
