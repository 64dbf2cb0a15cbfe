"""Files as people have them: every reader of certificates, keys, CRLs and DH parameters, given the same contents in many shapes.

Each outcome is plain data: what a program has once the file is loaded, or the error. Run as a program it prints the outcomes
on the host that runs it, as data/pemfiles.json has them:

    python3 -I tests/python/pemfiles.py > tests/python/data/pemfiles.json
"""

import base64
import json
import os
import shutil
import ssl
import sys
import tempfile

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
PASSWORD = "somepass"
BOM = b"\xef\xbb\xbf"


def data(name):
    return os.path.join(DATA, name)


def read(name):
    with open(data(name), "rb") as file:
        return file.read()


def parts(text):
    """The PEM parts of a text, each from its first dash to its last line end."""
    found, begin = [], b"-----BEGIN "
    for piece in text.split(begin)[1:]:
        label = piece[:piece.index(b"-----")]
        end = b"-----END " + label + b"-----\n"
        found.append(begin + piece[:piece.index(end)] + end)
    return found


def decoded(part):
    lines = part.splitlines()
    return base64.b64decode(b"".join(lines[1:-1]))


def encoded(label, der, width=64):
    text = base64.b64encode(der)
    lines = [text[at:at + width] for at in range(0, len(text), width)]
    return b"\n".join([b"-----BEGIN " + label + b"-----"] + lines + [b"-----END " + label + b"-----", b""])


def label(part):
    return part[len(b"-----BEGIN "):part.index(b"-----\n")]


# The shapes: each takes the parts of a file and gives its bytes.

def lines(change, first=lambda line: line, last=lambda line: line):
    """A shape that changes the lines of data, those that begin a part and those that end it."""
    def shape(pieces):
        out = []
        for piece in pieces:
            for line in piece.splitlines():
                out.append(first(line) if line.startswith(b"-----BEGIN ") else
                           last(line) if line.startswith(b"-----END ") else change(line))
        return b"\n".join(out) + b"\n"
    return shape


def same(line):
    return line


def base64_only(change):
    """A shape that changes the data of each part that has no headers."""
    def shape(pieces):
        return b"".join(piece if b":" in piece else change(label(piece), decoded(piece)) for piece in pieces)
    return shape


def between(text):
    return lambda pieces: text + text.join(pieces) + text


def joined(pieces):
    return b"".join(pieces)


EMPTY = b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"
STRANGE = encoded(b"SOMETHING ELSE", b"anything")
DAMAGED = b"-----BEGIN SOMETHING ELSE-----\nab*d\n-----END SOMETHING ELSE-----\n"
HEADERS = b"Comment: a line\n more of it\n\n"
ATTRIBUTES = b"Bag Attributes\n    localKeyID: 01 02\n    friendlyName: x\nsubject=CN = x\n\nissuer=CN = x\n\n"

SHAPES = [
    ("plain", joined),
    ("BOM first", lambda pieces: BOM + joined(pieces)),
    ("BOM before each", between(BOM)),
    ("BOM before the last", lambda pieces: joined(pieces[:-1]) + BOM + pieces[-1]),
    ("BOM twice", lambda pieces: BOM + BOM + joined(pieces)),
    ("BOM on a line of its own", lambda pieces: BOM + b"\n" + joined(pieces)),
    ("BOM before text", lambda pieces: BOM + b"text\n" + joined(pieces)),
    ("BOM after text", lambda pieces: b"text\n" + BOM + joined(pieces)),
    ("BOM and CRLF", lambda pieces: between(BOM)(pieces).replace(b"\n", b"\r\n")),
    ("BOM inside", lambda pieces: joined(pieces).replace(b"-----\n", b"-----\n" + BOM, 1)),
    ("BOM before the end", lambda pieces: joined(pieces).replace(b"-----END", BOM + b"-----END")),
    ("UTF-16", lambda pieces: joined(pieces).decode("ascii").encode("utf-16")),
    ("CRLF", lambda pieces: joined(pieces).replace(b"\n", b"\r\n")),
    ("CR", lambda pieces: joined(pieces).replace(b"\n", b"\r")),
    ("CR CR LF", lambda pieces: joined(pieces).replace(b"\n", b"\r\r\n")),
    ("mixed line ends", lambda pieces: b"".join(line + (b"\r\n" if at % 2 else b"\n") for at, line in enumerate(joined(pieces).splitlines()))),
    ("no last line end", lambda pieces: joined(pieces)[:-1]),
    ("no line end between", lambda pieces: b"".join(piece[:-1] for piece in pieces)),
    ("text between", between(b"some text\n")),
    ("text with a colon between", between(b"Subject: CN=x\n")),
    ("attributes between", between(ATTRIBUTES)),
    ("text without a line end before", lambda pieces: b"text" + joined(pieces)),
    ("blank lines between", between(b"\n\n")),
    ("a long line between", between(b"x" * 600 + b"\n")),
    ("dashes between", between(b"-----\n-----BEGIN\n-----END x-----\n")),
    ("NUL between", between(b"\0\0\n")),
    ("letters beyond ASCII between", between(u"caf\u00e9 \u4e2d\n".encode("utf-8"))),
    ("control-Z behind", lambda pieces: joined(pieces) + b"\x1a"),
    ("tabs behind data", lines(lambda line: line + b"\t\t")),
    ("blanks behind data", lines(lambda line: line + b"   ")),
    ("blanks before data", lines(lambda line: b"  " + line)),
    ("blanks in data", lines(lambda line: line[:10] + b" " + line[10:] if b":" not in line else line)),
    ("form feeds behind data", lines(lambda line: line + b"\f")),
    ("blanks behind BEGIN", lines(same, first=lambda line: line + b" \t ")),
    ("blanks before BEGIN", lines(same, first=lambda line: b" " + line)),
    ("blanks behind END", lines(same, last=lambda line: line + b" \t ")),
    ("blanks before END", lines(same, last=lambda line: b" " + line)),
    ("text behind BEGIN", lines(same, first=lambda line: line + b"x")),
    ("text behind END", lines(same, last=lambda line: line + b"x")),
    ("small letters", lines(same, first=lambda line: line.lower(), last=lambda line: line.lower())),
    ("four dashes", lines(same, first=lambda line: line[1:], last=lambda line: line[1:])),
    ("six dashes", lines(same, first=lambda line: b"-" + line)),
    ("a blank line behind BEGIN", lines(same, first=lambda line: line + b"\n")),
    ("two blank lines behind BEGIN", lines(same, first=lambda line: line + b"\n\n")),
    ("a blank line before END", lines(same, last=lambda line: b"\n" + line)),
    ("a line of blanks behind BEGIN", lines(same, first=lambda line: line + b"\n   ")),
    ("blank lines in the data", lambda pieces: b"".join(piece.replace(b"\n", b"\n\n") for piece in pieces)),
    ("headers", lines(same, first=lambda line: line + b"\n" + HEADERS.rstrip(b"\n") + b"\n")),
    ("headers and no blank line", lines(same, first=lambda line: line + b"\nComment: a line")),
    ("one line of data", base64_only(lambda name, der: encoded(name, der, 1 << 20))),
    ("lines of 76", base64_only(lambda name, der: encoded(name, der, 76))),
    ("lines of 253", base64_only(lambda name, der: encoded(name, der, 253))),
    ("lines of 254", base64_only(lambda name, der: encoded(name, der, 254))),
    ("lines of 255", base64_only(lambda name, der: encoded(name, der, 255))),
    ("lines of 5", base64_only(lambda name, der: encoded(name, der, 5))),
    ("lines of 1", base64_only(lambda name, der: encoded(name, der, 1))),
    ("lines of 76 behind a blank line", base64_only(lambda name, der: encoded(name, der, 76).replace(b"-----\n", b"-----\n\n", 1))),
    ("lines of 63 behind a blank line", base64_only(lambda name, der: encoded(name, der, 63).replace(b"-----\n", b"-----\n\n", 1))),
    ("no padding", lines(lambda line: line.rstrip(b"="))),
    ("more padding", lines(same, last=lambda line: b"=\n" + line)),
    ("data behind padding", lines(same, last=lambda line: b"AA==\nAAAA\n" + line)),
    ("a star in the data", lines(lambda line: b"*" + line[1:] if b":" not in line else line)),
    ("a dash in the data", lines(same, last=lambda line: b"-\n" + line)),
    ("bytes behind the value", base64_only(lambda name, der: encoded(name, der + b"\0\0\0"))),
    ("a value cut short", base64_only(lambda name, der: encoded(name, der[:-1]))),
    ("an empty part first", lambda pieces: EMPTY + joined(pieces)),
    ("an empty part last", lambda pieces: joined(pieces) + EMPTY),
    ("a strange part first", lambda pieces: STRANGE + joined(pieces)),
    ("a strange part between", between(STRANGE)),
    ("a damaged part first", lambda pieces: DAMAGED + joined(pieces)),
    ("a damaged part last", lambda pieces: joined(pieces) + DAMAGED),
    ("no END at all", lambda pieces: joined(pieces)[:joined(pieces).rindex(b"-----END")]),
    ("half of END", lambda pieces: joined(pieces)[:-10]),
    ("an END of another label", lambda pieces: joined(pieces[:-1]) + pieces[-1].replace(b"-----END ", b"-----END X")),
    ("the first without END", lambda pieces: pieces[0][:pieces[0].rindex(b"-----END")] + joined(pieces[1:])),
    ("all on one line", lambda pieces: joined(pieces).replace(b"\n", b" ")),
    ("DER first", lambda pieces: decoded(pieces[0]) + b"\n" + joined(pieces) if b":" not in pieces[0] else joined(pieces)),
    ("DER last", lambda pieces: joined(pieces) + decoded(pieces[-1]) if b":" not in pieces[-1] else joined(pieces)),
    ("DER only", lambda pieces: b"".join(decoded(piece) for piece in pieces) if b":" not in joined(pieces) else joined(pieces)),
    ("nothing", lambda pieces: b""),
    ("a blank", lambda pieces: b"\n"),
]


# The readers: each takes a path and tells what came of it.

def error(problem):
    told = [type(problem).__name__]
    if isinstance(problem, UnicodeDecodeError):
        return told         # Python's own, and each Python has words of its own
    told += [value for value in (getattr(problem, "library", None), getattr(problem, "reason", None)) if value]
    return told if len(told) > 1 else told + [str(problem).split(" (_ssl.c")[0]]


def plain(made):
    made.check_hostname = False
    return made


def client(trust="ca.pem"):
    made = plain(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    if trust:
        made.load_verify_locations(data(trust))
    return made


def server():
    return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


def handshake(near, far):
    """True, or the code that the client gives."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [near.wrap_bio(to_client, to_server), far.wrap_bio(to_server, to_client, server_side=True)]
    for _ in range(4):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLCertVerificationError as problem:
                return problem.verify_code
    return True


def chain(path):
    made = server()
    made.load_cert_chain(path, data("server-key.pem"))
    return ["verified", handshake(client(), made)]


def key(path):
    made = server()
    made.load_cert_chain(data("server-cert.pem"), path)
    return "loaded"


def locked_key(path):
    made = server()
    made.load_cert_chain(data("server-cert.pem"), path, PASSWORD)
    return "loaded"


def combined(path):
    made = server()
    made.load_cert_chain(path)
    return ["verified", handshake(client(), made)]


def holds(made):
    names = [dict(pair for relative in one["subject"] for pair in relative)["commonName"] for one in made.get_ca_certs()]
    return [sorted(names), made.cert_store_stats()["crl"]]


def bundle(path):
    made = client(None)
    made.load_verify_locations(path)
    return holds(made)


def text(path):
    with open(path, "rb") as file:
        contents = file.read()
    made = client(None)
    made.load_verify_locations(cadata=contents.decode("utf-8"))
    return holds(made)


def folder(path):
    """Files named by the hash of the root's name."""
    place = tempfile.mkdtemp()
    try:
        for name in os.listdir(data("capath")):
            shutil.copy(path, os.path.join(place, name))
        made = client(None)
        made.load_verify_locations(capath=place)
        far = server()
        far.load_cert_chain(data("server.pem"))
        return ["verified", handshake(made, far)]
    finally:
        shutil.rmtree(place)


def list_folder(path):
    """Files named by the hash of the name of the CRL's issuer."""
    place = tempfile.mkdtemp()
    try:
        for name in os.listdir(data("crlpath")):
            shutil.copy(path, os.path.join(place, name))
        made = client("crl-root.pem")
        made.load_verify_locations(capath=place)
        made.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
        far = server()
        far.load_cert_chain(data("crl-good.pem"))
        return ["verified", handshake(made, far)]
    finally:
        shutil.rmtree(place)


def group(path):
    made = server()
    made.load_dh_params(path)
    return "loaded"


def dek_part():
    return parts(read("server-key-dek.pem"))


def readers():
    leaf_and_issuer = parts(read("chain.pem"))
    leaf_and_issuer = [part for part in leaf_and_issuer if b"CERTIFICATE" in label(part)]
    roots = parts(read("ca.pem"))[:1] + parts(read("otherca.pem"))[:1]
    trusted = [part.replace(b" CERTIFICATE-", b" TRUSTED CERTIFICATE-") for part in roots]
    lists = [part for part in parts(read("crl-list-root.pem")) + parts(read("crl-list-middle.pem")) if label(part) == b"X509 CRL"]
    return [
        ("chain", chain, parts(read("server-cert.pem")) + [part for part in leaf_and_issuer[1:]]),
        ("key", key, parts(read("server-key.pem"))),
        ("PKCS #1 key", key, [part for part in parts(read("server-pkcs1.pem")) if b"KEY" in label(part)]),
        ("encrypted key", locked_key, parts(read("server-key-encrypted.pem"))),
        ("encrypted key of old", locked_key, dek_part()),
        ("key and chain", combined, parts(read("server.pem"))),
        ("bundle", bundle, roots),
        ("bundle with trust", bundle, trusted),
        ("bundle with CRLs", bundle, roots + lists),
        ("text", text, roots),
        ("folder", folder, parts(read("ca.pem"))[:1]),
        ("folder, the second of a file", folder, parts(read("otherca.pem"))[:1] + parts(read("ca.pem"))[:1]),
        ("folder of CRLs", list_folder, lists),
        ("DH", group, parts(read("dh2048.pem"))),
    ]


# Keys under every label.

LABELS = [b"PRIVATE KEY", b"RSA PRIVATE KEY", b"EC PRIVATE KEY", b"DSA PRIVATE KEY", b"ENCRYPTED PRIVATE KEY", b"ED25519 PRIVATE KEY",
          b"RSA-PSS PRIVATE KEY", b"ANY PRIVATE KEY", b"X PRIVATE KEY", b"PUBLIC KEY", b"CERTIFICATE"]


def labelled():
    """(name, certificate, DER) of keys in each of their forms."""
    def of(name, kind):
        return [decoded(part) for part in parts(read(name)) if b"KEY" in label(part) and kind(part)][0]
    return [
        ("RSA in PKCS #8", "server-cert.pem", of("server-key.pem", lambda part: True)),
        ("RSA in PKCS #1", "server-cert.pem", of("server-pkcs1.pem", lambda part: True)),
        ("RSA encrypted", "server-cert.pem", of("server-key-encrypted.pem", lambda part: True)),
        ("EC in PKCS #8", "server-ec.pem", of("server-ec.pem", lambda part: True)),
        ("EC in SEC 1", "server-sec1.pem", of("server-sec1.pem", lambda part: True)),
        ("Ed25519 in PKCS #8", "server-ed25519.pem", of("server-ed25519.pem", lambda part: True)),
    ]


def attempt(run, path):
    try:
        return run(path)
    except (OSError, ValueError, TypeError) as problem:
        return error(problem)


def scenarios(place):
    """Pairs of a name and a function that gives the outcome; files are written in the folder."""
    path = os.path.join(place, "file.pem")

    def write(contents):
        with open(path, "wb") as file:
            file.write(contents)

    def one(run, contents):
        def outcome():
            write(contents)
            return attempt(run, path)
        return outcome

    for reader, run, pieces in readers():
        for shape, make in SHAPES:
            yield "%s: %s" % (reader, shape), one(run, make(pieces))
    for form, certificate, der in labelled():
        for name in LABELS:
            def loaded(path, certificate=certificate):
                server().load_cert_chain(data(certificate), path, PASSWORD)
                return "loaded"
            yield "%s as %s" % (form, name.decode()), one(loaded, encoded(name, der))


def main():
    place = tempfile.mkdtemp()
    try:
        outcomes = dict((name, run()) for name, run in scenarios(place))
    finally:
        shutil.rmtree(place)
    json.dump(outcomes, sys.stdout, indent=0, sort_keys=True)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
