"""What a program learns of certificates, keys and flags: scenarios whose outcomes are recorded from CPython over OpenSSL.

Each outcome is plain data. Run as a program it prints the outcomes on the host that runs it, as data/facts.json has them:

    python3 -I tests/python/facts.py > tests/python/data/facts.json
"""

import hashlib
import json
import os
import ssl
import sys
import warnings

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
VERSIONS = (("1.2", 0x0303), ("1.3", 0x0304))
MODES = (("none", ssl.CERT_NONE), ("optional", ssl.CERT_OPTIONAL), ("required", ssl.CERT_REQUIRED))


def data(name):
    return os.path.join(DATA, name)


def digest(der):
    return None if der is None else hashlib.sha256(der).hexdigest()


def context(server, version, certificate=None, mode=ssl.CERT_NONE, trust="ca.pem", flags=None):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.minimum_version = made.maximum_version = ssl.TLSVersion(version)
    made.verify_mode = mode
    if certificate:
        made.load_cert_chain(data(certificate))
    if trust:
        made.load_verify_locations(data(trust))
    if flags is not None:
        made.verify_flags = flags
    return made


def connect(client, server, session=None):
    """Both ends with the handshake done; the client's error if it fails there, the server's if there."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client.wrap_bio(to_client, to_server, server_hostname="localhost", session=session)
    far = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(5):
        for end in (near, far):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                pass
    far.write(b"x")
    near.read(1)
    return near, far


# Certificates.

def certificate(one):
    """Everything that a Certificate object gives."""
    der, pem = one.public_bytes(2), one.public_bytes(1)
    plain = one.public_bytes()
    return {"der": digest(der), "pem": digest(pem.encode()), "plain": plain == pem, "type": [type(der).__name__, type(pem).__name__],
            "is PEM": pem == ssl.DER_cert_to_PEM_cert(der), "info": one.get_info(), "repr": repr(one),
            "wrong": outcome(one.public_bytes, 3), "equal": one == one, "other": one == 5}


def chain(certificates):
    return None if certificates is None else [certificate(one) for one in certificates]


def facts(end):
    inner = end._sslobj
    unverified, verified = inner.get_unverified_chain(), inner.get_verified_chain()
    if unverified == [None]:
        unverified = None       # CPython's server, told of no certificate, puts that into a list
    first = None if not unverified else unverified[0]
    return {"unverified": chain(unverified), "verified": chain(verified),
            "same": None if not verified else [first == verified[0], hash(first) == hash(verified[0]), first != verified[-1]],
            "dict": end.getpeercert(), "der": digest(end.getpeercert(True))}


def seen(client, server, resume=False):
    near, far = connect(client, server)
    found = {"client": facts(near), "server": facts(far)}
    if resume:
        near, far = connect(client, server, near.session)
        found["resumed"] = [near.session_reused, far.session_reused]
        found["client again"] = facts(near)
        found["server again"] = facts(far)
    return found


def chains():
    for version, number in VERSIONS:
        for name in ("server.pem", "chain.pem", "everything.pem"):
            for mode, verify in MODES:
                yield "chain %s, %s, %s" % (name, mode, version), lambda name=name, number=number, verify=verify: outcome(seen,
                    context(False, number, mode=verify), context(True, number, name))
        for mode, verify in MODES:
            for own in (None, "client.pem"):
                yield "client %s, %s, %s" % (own, mode, version), lambda own=own, number=number, verify=verify: outcome(seen,
                    context(False, number, own, ssl.CERT_REQUIRED), context(True, number, "server.pem", verify))
        yield "resumed, %s" % version, lambda number=number: outcome(seen,
            context(False, number, mode=ssl.CERT_REQUIRED), context(True, number, "chain.pem"), True)
        yield "chain without trust, %s" % version, lambda number=number: outcome(seen,
            context(False, number, trust=None), context(True, number, "chain.pem"))
        yield "resumed with a client's certificate, %s" % version, lambda number=number: outcome(seen,
            context(False, number, "client.pem", ssl.CERT_REQUIRED), context(True, number, "chain.pem", ssl.CERT_REQUIRED), True)
        yield "resumed, unverified, %s" % version, lambda number=number: outcome(seen,
            context(False, number), context(True, number, "chain.pem"), True)


def before():
    """Asked before there is a handshake."""
    end = context(False, 0x0304).wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO())
    return [end._sslobj.get_unverified_chain(), end._sslobj.get_verified_chain(), outcome(end.getpeercert)]


# Keys.

class Callbacks(object):
    """Passwords that are called, and how often."""

    def __init__(self, value):
        self.value = value
        self.calls = 0

    def __call__(self):
        self.calls += 1
        return self.value() if isinstance(self.value, type(lambda: 0)) else self.value


def fails():
    raise KeyError("the callback's own")


PASSWORDS = (
    ("right", "somepass"), ("right in bytes", b"somepass"), ("right in a bytearray", bytearray(b"somepass")), ("none", None), ("empty", ""), ("empty bytes", b""),
    ("wrong", "wrong"), ("beyond ASCII", "some\u00e9\u4e00"), ("a NUL behind", "somepass\0"), ("a NUL inside", b"some\0pass"), ("1023 bytes", "a" * 1023), ("1024 bytes", b"a" * 1024),
    ("1025 bytes", "a" * 1025), ("much too long", "a" * 102400), ("512 letters of two bytes", "\u00e9" * 512), ("513 letters of two bytes", "\u00e9" * 513), ("a number", 5), ("true", True), ("a list", ["somepass"]), ("a memoryview", memoryview(b"somepass")),
    ("called", Callbacks("somepass")), ("called for bytes", Callbacks(b"somepass")), ("called for a bytearray", Callbacks(bytearray(b"somepass"))), ("called for nothing", Callbacks(None)),
    ("called for a number", Callbacks(5)), ("called for a list", Callbacks([])), ("called for a wrong one", Callbacks("wrong")), ("called for an empty one", Callbacks("")),
    ("called for one too long", Callbacks("a" * 102400)), ("called for 1025 bytes", Callbacks(b"a" * 1025)), ("called and failing", Callbacks(lambda: fails())), ("called with too few arguments", lambda one: "somepass"),
    ("called for itself", Callbacks(fails)),
)


def load(certfile, keyfile, password):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    before = getattr(password, "calls", 0)
    result = outcome(made.load_cert_chain, data(certfile), None if keyfile is None else data(keyfile), password)
    return [result, getattr(password, "calls", 0) - before]


def keys():
    for name in ("server-key-encrypted.pem", "server-key-dek.pem", "server-key.pem"):
        for label, password in PASSWORDS:
            if password is None and name != "server-key.pem":
                continue        # OpenSSL would ask on the terminal
            yield "key %s, password %s" % (name, label), lambda name=name, password=password: load("server-cert.pem", name, password)
    for label, password in PASSWORDS[:3]:
        yield "key in one file, password %s" % label, lambda password=password: load("server-encrypted.pem", None, password)
    for certfile, keyfile in (("server-cert.pem", "server-pkcs1.pem"), ("server-cert.pem", "server-sec1.pem"), ("server-cert.pem", None), ("server-key.pem", None), ("server-cert.pem", "server-cert.pem"),
                              ("mismatch.pem", None), ("mismatch-kind.pem", None), ("server-cert.pem", "client.pem"), ("server-cert.pem", "server-ec.pem"), ("missing.pem", None), ("server-cert.pem", "missing.pem"), ("empty.pem", None), ("server-cert.pem", "empty.pem"),
                              ("broken.pem", None), ("server-cert.pem", "broken.pem"), ("truncated.pem", None), ("server-cert.pem", "truncated.pem"), ("notpem.pem", None), ("server.der", None), ("server-cert.pem", "server.der"),
                              ("rsa1024.pem", None), ("sha1.pem", None), ("weakchain.pem", None), ("sha1chain.pem", None), ("crl-good.pem", None), ("dh2048.pem", None)):
        yield "key %s, %s" % (certfile, keyfile), lambda certfile=certfile, keyfile=keyfile: load(certfile, keyfile, None)


# Flags.

FLAGS = (0, 0x1, 0x2, 0x4, 0x8, 0xC, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000, 0x3000, 0x4000, 0x8000, 0x10000, 0x20000, 0x30000, 0x40000, 0x80000, 0x100000, 0x200000, 0x200002,
         0x400000, 0x7FFFFFFF, 0x100000000)


def judge(flags, certificate, trust, mode=ssl.CERT_REQUIRED):
    made = context(False, 0x0303, mode=mode, trust=trust, flags=flags)
    return [int(made.verify_flags), outcome(lambda: connect(made, context(True, 0x0303, certificate)) and None)]


def flags():
    for number in FLAGS:
        for name, trust in (("server.pem", "ca.pem"), ("chain.pem", "ca.pem"), ("chain-leaf-only.pem", "chain.pem"), ("expired.pem", "ca.pem"), ("server-ec.pem", "ca.pem"), ("selfsigned.pem", "selfsigned.pem")):
            yield "flags %#x, %s under %s" % (number, name, trust), lambda number=number, name=name, trust=trust: judge(number, name, trust)
    for value in (-1, 2 ** 63, 2 ** 64, 2 ** 64 + 4, "4", None, 1.5):
        yield "flags %r" % (value,), lambda value=value: outcome(lambda: setattr(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), "verify_flags", value))


def outcome(call, *arguments):
    """What a call gives, or the exception: its kind, and what it says where CPython says it in every version."""
    try:
        return ["gives", call(*arguments)]
    except ssl.SSLCertVerificationError as error:
        return ["SSLCertVerificationError", error.verify_code, error.verify_message, error.reason]
    except ssl.SSLError as error:
        return [type(error).__name__, error.library, error.reason, str(error).partition(" (_ssl.c")[0]]
    except OSError as error:
        return [type(error).__name__, error.errno]
    except ValueError as error:
        return [type(error).__name__, str(error)]
    except Exception as error:
        return [type(error).__name__]


def scenarios():
    for part in (chains(), keys(), flags()):
        for name, run in part:
            yield name, run
    yield "before the handshake", before


def plain(value):
    """As it comes back from JSON."""
    return json.loads(json.dumps(value))


if __name__ == "__main__":
    if "SslModule" in ssl.OPENSSL_VERSION:
        sys.exit("this is no stock ssl")
    warnings.simplefilter("ignore")
    json.dump({name: run() for name, run in scenarios()}, sys.stdout, indent=0, sort_keys=True)
    sys.stdout.write("\n")
