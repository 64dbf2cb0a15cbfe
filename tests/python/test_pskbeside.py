"""Pre-shared keys beside CPython's own ssl over OpenSSL, which has them since Python 3.13: callbacks that raise or
answer nonsense, wrong keys and odd identities.

data/psk.json holds what becomes of both ends when both are OpenSSL's. Where a Python 3.13 with its own ssl is there
it is the other end, too. To make the file anew:

    python3.13 -I tests/python/test_pskbeside.py record
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import ssl
import support
from support import careless_context, data, server_context

RECORDED = data("psk.json")
KEY = b"\xde\xad\xbe\xef" * 4
VERSIONS = (("1.2", ssl.TLSVersion.TLSv1_2), ("1.3", ssl.TLSVersion.TLSv1_3))
SUITES = "PSK-AES128-GCM-SHA256:@SECLEVEL=1"


def client_answers():
    """What a client's callback may do."""
    yield "good", lambda hint: ("someone", KEY)
    yield "raises", lambda hint: 1 / 0
    yield "None", lambda hint: None
    yield "a number", lambda hint: 5
    yield "text", lambda hint: "xy"
    yield "one of two", lambda hint: ("someone",)
    yield "three", lambda hint: ("someone", KEY, KEY)
    yield "a number as identity", lambda hint: (5, KEY)
    yield "text as key", lambda hint: ("someone", "key")
    yield "no key", lambda hint: ("someone", None)
    yield "an empty key", lambda hint: ("someone", b"")
    yield "another key", lambda hint: ("someone", b"other")
    yield "the longest key", lambda hint: ("long", b"k" * 256)
    yield "a key too long", lambda hint: ("someone", b"k" * 513)
    yield "the longest identity", lambda hint: ("i" * 127, KEY)
    yield "an identity too long", lambda hint: ("i" * 257, KEY)
    yield "an identity of no text", lambda hint: (b"\xff\xfe", KEY)


def server_answers():
    """What a server's callback may do."""
    yield "good", lambda identity: b"k" * 256 if identity == "long" else KEY
    yield "raises", lambda identity: 1 / 0
    yield "None", lambda identity: None
    yield "a number", lambda identity: 5
    yield "text", lambda identity: "key"
    yield "a pair", lambda identity: ("someone", KEY)
    yield "empty", lambda identity: b""
    yield "another key", lambda identity: b"other"
    yield "too long", lambda identity: b"k" * 513


def scenes():
    """(name, version, the client's answer, the server's)"""
    for name, version in VERSIONS:
        for answer, _ in client_answers():
            yield name + " client: " + answer, version, answer, "good"
        for answer, _ in server_answers():
            yield name + " server: " + answer, version, "good", answer


def end(side, version, answer):
    """A context of one side."""
    if side == "client":
        context = careless_context(version=version, ciphers=SUITES)
        context.set_psk_client_callback(dict(client_answers())[answer])
    else:
        context = server_context(None, version=version, ciphers=SUITES)
        context.set_psk_server_callback(dict(server_answers())[answer], "a hint")
    return context


def reason(error):
    """OpenSSL's name of it; CPython's own ssl has not heard of all of them, and then the text tells."""
    text = error.reason or str(error).partition("[SSL] ")[2].partition(" (")[0].upper().replace(" ", "_")
    if text == "RECORD_LAYER_FAILURE":
        # What OpenSSL 3.2 and later call any record that cannot be opened.
        text = "DECRYPTION_FAILED_OR_BAD_RECORD_MAC"
    if text == "SSLV3_ALERT_ILLEGAL_PARAMETER":
        # OpenSSL's alert for a binder that does not verify; here it is the one that RFC 8446 section 6.2 names.
        text = "TLSV1_ALERT_DECRYPT_ERROR"
    return text


def shake(connection, incoming, outgoing, other_in):
    """A step of the handshake: its failure, or None."""
    try:
        connection.do_handshake()
    except ssl.SSLWantReadError:
        pass
    except ssl.SSLError as error:
        return reason(error)
    finally:
        other_in.write(outgoing.read())
    return None


def play(version, client, server):
    """[the client's failure, the server's, how many exceptions nobody could catch]"""
    near_in, near_out, far_in, far_out = (ssl.MemoryBIO() for _ in range(4))
    near = end("client", version, client).wrap_bio(near_in, near_out)
    far = end("server", version, server).wrap_bio(far_in, far_out, server_side=True)
    failure = refusal = None
    with support.Unraisable() as unraisable:
        for _ in range(4):
            failure = failure or shake(near, near_in, near_out, far_in)
            refusal = refusal or shake(far, far_in, far_out, near_in)
    return [failure, refusal, len(unraisable.names)]


def play_all():
    return dict((name, play(version, client, server)) for name, version, client, server in scenes())


def stock():
    """A Python that has pre-shared keys of its own; None where there is none."""
    candidates = [shutil.which(name) for name in ("python3.13", "python3.14")]
    if sys.implementation.name == "cpython":
        candidates.insert(0, sys.executable)
    for candidate in filter(None, candidates):
        try:
            answer = subprocess.check_output([candidate, "-I", "-c", "import ssl; print(ssl.HAS_PSK, ssl.OPENSSL_VERSION)"], stderr=subprocess.DEVNULL).decode()
        except (OSError, subprocess.CalledProcessError):
            continue
        if answer.startswith("True OpenSSL 3.") and "SslModule" not in answer:
            return candidate
    return None


def serve_scenes():
    """The other end as a program: takes a side and a scene's name a line, and answers its failure."""
    known = dict((name, rest) for name, *rest in scenes())
    sys.unraisablehook = lambda args: None
    with support.listener() as listener:
        print(listener.getsockname()[1], flush=True)
        for line in sys.stdin:
            side, _, name = line.strip().partition(" ")
            version, client, server = known[name]
            plain, _ = listener.accept()
            plain.settimeout(support.PATIENCE)
            context = end(side, version, client if side == "client" else server)
            print(json.dumps(finish(context, plain, side == "server")), flush=True)


def finish(context, plain, server_side):
    """The failure of a connection that either end may end, or None."""
    with plain:
        try:
            with context.wrap_socket(plain, server_side=server_side) as connection:
                if server_side:
                    connection.sendall(b"x")
                connection.recv(1)
        except ssl.SSLError as error:
            return reason(error)
        except OSError:
            return "closed"
    return None


class TestBeside(support.TestCase):
    maxDiff = None

    def expected(self):
        with open(RECORDED) as file:
            return json.load(file)

    def test_as_recorded(self):
        expected = self.expected()
        for name, version, client, server in scenes():
            with self.subTest(scene=name):
                self.assertEqual(play(version, client, server), expected[name])

    def test_with_the_other_at_one_end(self):
        python = stock()
        if python is None:
            self.skipTest("no Python 3.13 with an ssl of its own")
        expected = self.expected()
        with support.Program(python, "-I", "-W", "ignore", os.path.abspath(__file__), "serve") as program:
            port = int(program.hear())
            for name, version, client, server in scenes():
                for side in ("client", "server"):
                    with self.subTest(scene=name, ours=side):
                        program.say("server" if side == "client" else "client", name)
                        plain = socket.create_connection(("127.0.0.1", port), support.PATIENCE)
                        with support.Unraisable():
                            ours = finish(end(side, version, client if side == "client" else server), plain, side == "server")
                        theirs = json.loads(program.hear())
                        failures = [ours, theirs] if side == "client" else [theirs, ours]
                        self.assertEqual(failures, expected[name][:2])


if __name__ == "__main__":
    if sys.argv[1:] == ["record"]:
        with open(RECORDED, "w") as file:
            json.dump(play_all(), file, sort_keys=True, indent=0, separators=(",", ":"))
            file.write("\n")
    elif sys.argv[1:] == ["serve"]:
        serve_scenes()
    else:
        unittest.main()
