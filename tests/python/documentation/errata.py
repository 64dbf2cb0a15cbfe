"""Where a page is wrong, or has been overtaken: every entry has its reason.

An entry is found by a piece of the example's source and, where it matters, of its output. Kinds:

    output    the page's output is wrong; this one is right
    shape     the output tells of the machine that the page was written on: compare types and lengths
    contains  the output has grown: compare the part that the page shows
    skip      the step cannot be had on this host
    source    the example's text is damaged, or stands for something; this one is run
"""


import datetime


class Erratum(object):
    def __init__(self, kind, source, reason, output=None, wanted="", replacement=None):
        self.kind, self.source, self.reason = kind, source, reason
        self.output, self.wanted, self.replacement = output, wanted, replacement
        self.used = False


def _flat(source, text):
    return Erratum("source", source, "the file at hand has lost its indentation", replacement=text)


KNOWN = [
    Erratum("output", 'ssl.cert_time_to_seconds("May', "the page prints its writer's local time at UTC-7; the text says GMT",
            output="1178668800.0", wanted="1178694000.0"),
    Erratum("shape", "ssl.OPENSSL_VERSION", "the version of the library, and of this engine's interface"),
    Erratum("shape", "hex(ssl.OPENSSL_VERSION_NUMBER)", "the version of the library, and of this engine's interface"),
    Erratum("contains", "pprint.pprint(conn.getpeercert())",
            "since Python 3.3 the dict tells the issuer, the version, the serial number and notBefore as well",
            wanted="linuxfr.org"),
    Erratum("shape", "ssl.create_default_context().", "the flags are those of a version and of a library"),
    Erratum("contains", "ssl.get_sigalgs()", "the page shows the first few"),
    Erratum("contains", "ctx.get_groups()", "the page shows a few"),
    Erratum("contains", "ctx.get_ciphers()", "TLS 1.3's suites, which a cipher string does not touch, come first today"),
    Erratum("source", "[ do something that requires SSL support ]", "a placeholder and not Python; "
            "the file at hand has lost its indentation",
            replacement="try:\n    import ssl\nexcept ImportError:\n    pass\nelse:\n    supported = True\n"),
    _flat("except ssl.SSLError as err:\nif err.args[0]", """\
while True:
    try:
        sock.do_handshake()
        break
    except ssl.SSLError as err:
        if err.args[0] == ssl.SSL_ERROR_WANT_READ:
            select.select([sock], [], [])
        elif err.args[0] == ssl.SSL_ERROR_WANT_WRITE:
            select.select([], [sock], [])
        else:
            raise
"""),
    _flat("while True:\nnewsocket, fromaddr", """\
while True:
    newsocket, fromaddr = bindsocket.accept()
    connstream = context.wrap_socket(newsocket, server_side=True)
    try:
        deal_with_client(connstream)
    finally:
        connstream.close()
"""),
    _flat("def deal_with_client(connstream):\ndata =", """\
def deal_with_client(connstream):
    data = connstream.read()
    # empty data means the client is finished with us
    while data:
        if not do_something(connstream, data):
            # we'll assume do_something returns False
            # when we're finished with client
            break
        data = connstream.read()
    # finished with client
"""),
    Erratum("skip", "ssl.enum_certificates(", "Windows only, and every machine's store holds something else: test_windows.py looks into it"),
]


if not hasattr(datetime, "UTC"):
    KNOWN.append(Erratum("skip", "dt.datetime.fromtimestamp(timestamp, dt.UTC)", "datetime.UTC is there since Python 3.11"))


class Errata(object):
    """The entries, with a memory of which were used."""

    def __init__(self, entries=KNOWN):
        self.entries = entries

    def of(self, source, wanted):
        """The entry for a step of a session."""
        for entry in self.entries:
            if entry.kind != "source" and entry.source in source and entry.wanted in wanted:
                entry.used = True
                return entry
        return None

    def text(self, example):
        """An example's text, or what a 'source' entry puts in its place."""
        for entry in self.entries:
            if entry.kind == "source" and entry.source in example.text:
                entry.used = True
                return entry.replacement
        return example.text
