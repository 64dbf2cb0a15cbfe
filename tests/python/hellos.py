"""ClientHellos made by hand, and what a server answers to each.

An outcome is the reason of the server's SSLError, or `waits`, and what it sent: the ServerHello's version and suite, the
subject of its certificate, the group and scheme of its key exchange, the alert with the version of its record. Run as a
program it prints the outcomes on the host that runs it, as the recording in data/hellos.json has them:

    python3 -I tests/python/hellos.py
"""

import binascii
import json
import os
import ssl
import struct
import sys

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
SERVER_PREFERENCE = 0x400000
SCHEMES = "0401040305010503060106030201020308040805"
OLD = "ALL:@SECLEVEL=0"


def unhex(text):
    return binascii.unhexlify(text)


def vector(width, content):
    return len(content).to_bytes(width, "big") + content


def extension(number, content):
    return number.to_bytes(2, "big") + vector(2, content)


def message(kind, body):
    return bytes([kind]) + vector(3, body)


def record(kind, content, version=0x0301):
    return bytes([kind]) + version.to_bytes(2, "big") + vector(2, content)


def hello(version=0x0303, suites="c02fc02bc030009c002f000a", groups="0017", formats=None, schemes=SCHEMES,
          in_certificates=None, more=b""):
    """A ClientHello of TLS 1.2 or older in a record; None leaves an extension out."""
    block = b""
    if groups is not None:
        block += extension(10, vector(2, unhex(groups)))
    if formats is not None:
        block += extension(11, vector(1, unhex(formats)))
    if schemes is not None:
        block += extension(13, vector(2, unhex(schemes)))
    if in_certificates is not None:
        block += extension(50, vector(2, unhex(in_certificates)))
    block += more
    body = version.to_bytes(2, "big") + b"r" * 32 + vector(1, b"") + vector(2, unhex(suites)) + b"\1\0"
    return record(22, message(1, body + (vector(2, block) if block else b"")))


def backward(version=0x0301, suites="00002f00000a0000350000ff", session=b"", challenge=b"c" * 32, kind=1, lengths=None, tail=b""):
    """A ClientHello in the format of SSL 2.0 (RFC 5246 appendix E.2)."""
    listed = unhex(suites)
    lengths = lengths or (len(listed), len(session), len(challenge))
    body = bytes([kind]) + struct.pack(">H3H", version, *lengths) + listed + session + challenge + tail
    return struct.pack(">H", 0x8000 | len(body)) + body


def cut(length):
    """One whose header names that length, and no more of it."""
    return struct.pack(">H", 0x8000 | length) + backward()[2:2 + length]


def server(certificates="server.pem", oldest=0x0301, newest=0x0304, ciphers=OLD, preference=True, protocol=None):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if protocol is None else protocol)
    made.set_ciphers(ciphers)
    if protocol is None:
        made.minimum_version, made.maximum_version = ssl.TLSVersion(oldest), ssl.TLSVersion(newest)
    for name in certificates.split():
        made.load_cert_chain(os.path.join(DATA, name))
    made.options = made.options | SERVER_PREFERENCE if preference else made.options & ~SERVER_PREFERENCE
    return made


def serve(context, received):
    """The outcome of a server that is sent some bytes."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    connection = context.wrap_bio(incoming, outgoing, server_side=True)
    incoming.write(received)
    try:
        connection.do_handshake()
        outcome = "done"
    except ssl.SSLWantReadError:
        outcome = "waits"
    except ssl.SSLError as error:
        outcome = error.reason
    return " ".join([outcome] + list(sent(outgoing.read())))


def sent(output):
    messages = b""
    alerts = []
    while output:
        end = 5 + struct.unpack(">H", output[3:5])[0]
        if output[0] == 22:
            messages += output[5:end]
        elif output[0] == 21:
            alerts.append("alert %d in %04x" % (output[6], struct.unpack(">H", output[1:3])[0]))
        output = output[end:]
    while messages:
        end = 4 + int.from_bytes(messages[1:4], "big")
        shown = describe(messages[0], messages[4:end])
        if shown:
            yield shown
        messages = messages[end:]
    for alert in alerts:
        yield alert


def describe(kind, body):
    if kind == 2:
        at = 35 + body[34]
        return "hello %s suite %s" % (hexed(body[:2]), hexed(body[at:at + 2]))
    if kind == 11:
        # The kind of the leaf's key, by its identifier.
        for name, identifier in (("RSA", "2a864886f70d010101"), ("EC", "2a8648ce3d0201"), ("ED25519", "06032b6570")):
            if unhex(identifier) in body[:3 + 3 + int.from_bytes(body[3:6], "big")]:
                return "key " + name
    if kind == 12 and body[0] == 3:
        at = 4 + body[3]
        # Before TLS 1.2 the signature follows at once, and with it its length: 256 bytes, or those of ECDSA.
        scheme = "" if body[at] < 2 else " scheme " + hexed(body[at:at + 2])
        return "group " + hexed(body[1:3]) + scheme
    return "group of its own" if kind == 12 else None


def hexed(some):
    return binascii.hexlify(some).decode("ascii")


# Name, what the server is made with, what it is sent.
def scenarios():
    rsa, ec, ed = "server.pem", "server-ec.pem", "server-ed25519.pem"
    for certificates in (rsa, ec, rsa + " " + ec, ec + " " + ed, ed):
        for level in (0, 1):
            for preference in (False, True):
                made = dict(certificates=certificates, ciphers="ALL:@SECLEVEL=%d" % level, newest=0x0303, preference=preference)
                name = "%s level %d %s: " % (certificates, level, "server's order" if preference else "client's order")
                for one, settings in (
                        ("as it should be", {}), ("no groups", dict(groups=None)), ("a group that the server has not", dict(groups="9999")),
                        ("P-384 alone", dict(groups="0018")), ("no groups and ECDHE alone", dict(groups=None, suites="c02fc02b")),
                        ("no schemes", dict(schemes=None)), ("no schemes, no groups", dict(schemes=None, groups=None)),
                        ("schemes of ECDSA alone", dict(schemes="0403")), ("schemes of ECDSA, suites of RSA", dict(schemes="0403", suites="c02f009c")),
                        ("schemes of PSS", dict(schemes="080608090805")), ("a long hash first", dict(schemes="06030601")), ("Ed25519 first", dict(schemes="080704030804")),
                        ("points in another form", dict(formats="01")), ("points in any form", dict(formats="010200", suites="c02bc02f")),
                        ("certificates by RSA and SHA-384", dict(in_certificates="0501")), ("certificates by RSA and SHA-256", dict(in_certificates="0401")),
                        ("certificates by ECDSA", dict(in_certificates="0403")), ("certificates by PSS", dict(in_certificates="0804"))):
                    yield name + one, made, hello(**settings)
    for version in (0x0301, 0x0302):
        for one, settings in (("no groups", dict(groups=None)), ("groups", {}), ("no groups and ECDHE alone", dict(groups=None, suites="c013c009"))):
            yield "version %04x, %s" % (version, one), dict(certificates=rsa + " " + ec), hello(version, suites="c013c009002f", **settings) if "suites" not in settings else hello(version, **settings)
    for name, made in (("all", {}), ("TLS 1.2 and 1.3", dict(oldest=0x0303)), ("TLS 1.3", dict(oldest=0x0304)), ("TLS 1.0 and 1.1", dict(newest=0x0302)),
                       ("level 1", dict(ciphers="ALL:@SECLEVEL=1")), ("level 2", dict(ciphers="ALL:@SECLEVEL=2")),
                       ("TLS 1.0 fixed", dict(protocol=ssl.PROTOCOL_TLSv1)), ("TLS 1.2 fixed", dict(protocol=ssl.PROTOCOL_TLSv1_2))):
        for one, received in backwards():
            yield "%s: backward, %s" % (name, one), made, received


def backwards():
    for version in (0x0002, 0x0200, 0x0301, 0x0302, 0x0303, 0x0304, 0x0305, 0x03FF, 0x0400, 0xFFFF):
        yield "version %04x" % version, backward(version)
    for length in (0, 16, 31, 33, 40):
        yield "challenge of %d" % length, backward(challenge=b"c" * length)
    for length in (16, 32, 33):
        yield "session of %d" % length, backward(session=b"s" * length)
    for one, suites in (("no suites", ""), ("two thirds of a suite", "002f"), ("a suite and a third", "00002f00"), ("suites of SSL 2.0", "010080020080"),
                        ("suites of both", "01008000002f"), ("the mark of a fallback", "00002f005600"), ("ECDHE", "00c02f00c014"), ("suites of TLS 1.3", "001301"),
                        ("many suites", "00002f" * 5000)):
        yield one, backward(0x0303, suites)
    yield "a fallback to TLS 1.0", backward(0x0301, "00002f005600")
    yield "bytes behind it", backward(tail=b"xx")
    yield "more suites than bytes", backward(lengths=(300, 0, 32))
    yield "more session than it may", backward(lengths=(12, 300, 32))
    yield "more session than bytes", backward(lengths=(12, 20, 32))
    yield "more challenge than bytes", backward(lengths=(12, 0, 300))
    for length in (2, 3, 8, 9, 13):
        yield "cut at %d" % length, cut(length)
    yield "no length, and more", b"\x80\x00" + backward()[2:]
    yield "too long", b"\xff\xff" + backward()[2:]
    yield "half of it", backward()[:20]
    yield "another type", backward(kind=2)
    yield "a long header", b"\x00\x2c\x00" + backward()[2:]


def outcomes():
    contexts = {}
    for name, made, received in scenarios():
        key = repr(sorted(made.items()))
        if key not in contexts:
            contexts[key] = server(**made)
        yield name, serve(contexts[key], received)


if __name__ == "__main__":
    json.dump(dict(outcomes()), sys.stdout, indent=1, sort_keys=True)
    print()
