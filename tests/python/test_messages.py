"""What _msg_callback is told, what the key logs hold and what session_stats() counts, beside OpenSSL.

data/messages.json holds what the interpreter's own ssl over OpenSSL 3.0 tells in the same scenes; on a
CPython that has it, it is asked again. To make it anew:

    python3 -I tests/python/test_messages.py record
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import ssl
import support
from support import client_context, data, server_context

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
RECORDED = data("messages.json")


def scenes():
    """(name, client, server, what else happens) of each scene."""
    for scene in plain_scenes():
        yield scene + ("",)
    for name, version in (("1.2", TLS12), ("1.3", TLS13)):
        yield name + " resumed", client_context(version=version), server_context(), "resumed"
        yield (name + " session ID resumed", client_context(version=version), no_ticket(server_context()), "resumed")
        yield (name + " client certificate resumed", client_context(version=version, certificate="client.pem"),
               server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem"), "resumed")
        yield name + " unknown session", client_context(version=version), server_context(), "forgotten"
    yield "1.3 resumed after a retry", client_context(version=TLS13), picky_context(), "resumed"     # see compare()
    yield ("1.3 retry and client certificate", client_context(version=TLS13, certificate="client.pem"),
           picky_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem"), "")
    yield ("1.3 later client certificate", client_context(version=TLS13, certificate="client.pem", post_handshake_auth=True),
           server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem", post_handshake_auth=True), "later")
    yield ("1.3 no later client certificate", client_context(version=TLS13, post_handshake_auth=True),
           server_context(verify_mode=ssl.CERT_OPTIONAL, trust="ca.pem", post_handshake_auth=True), "later")
    yield "1.2 RSA", client_context(version=TLS12, ciphers="AES128-SHA256"), server_context(ciphers="AES128-SHA256"), ""
    yield "1.2 RSA resumed", client_context(version=TLS12, ciphers="AES128-SHA256"), server_context(ciphers="AES128-SHA256"), "resumed"
    yield "1.3 no tickets", client_context(version=TLS13), server_context(num_tickets=0), ""
    yield "1.3 three tickets", client_context(version=TLS13), server_context(num_tickets=3), ""


def no_ticket(context):
    context.options |= ssl.OP_NO_TICKET
    return context


def picky_context(**settings):
    """A server that asks for another key share."""
    context = server_context(**settings)
    context.set_ecdh_curve("secp384r1")
    return context


def plain_scenes():
    for name, version in (("1.2", TLS12), ("1.3", TLS13)):
        yield name, client_context(version=version), server_context()
        yield name + " P-256 certificate", client_context(version=version), server_context("server-ec.pem")
        yield (name + " client certificate", client_context(version=version, certificate="client.pem"),
               server_context(verify_mode=ssl.CERT_REQUIRED, trust="ca.pem"))
        yield (name + " no client certificate", client_context(version=version),
               server_context(verify_mode=ssl.CERT_OPTIONAL, trust="ca.pem"))
        yield name + " server of 1.2 and more", client_context(maximum_version=version), server_context()
    yield "1.2 server alone", client_context(), server_context(version=TLS12)
    yield "1.2 CBC", client_context(version=TLS12, ciphers="ECDHE-RSA-AES128-SHA256"), server_context()
    yield "1.2 ChaCha20", client_context(version=TLS12, ciphers="ECDHE-RSA-CHACHA20-POLY1305"), server_context()
    yield "1.3 retry", client_context(version=TLS13), picky_context()


def play(client, server, event=""):
    """Everything that both ends are told: each end's reads and writes in order, as numbers; its key log and counters."""
    session = None
    if event in ("resumed", "forgotten"):
        session = converse(client, server, event)
    if event == "forgotten":
        server = server_context()
    told = {"client read": [], "client write": [], "server read": [], "server write": []}
    logs = [open_log(client), open_log(server)]
    listen_to(client, server, told)
    converse(client, server, event, session)
    told["client log"], told["server log"] = [secrets(path) for path in logs]
    client.keylog_filename = server.keylog_filename = None
    for path in logs:
        os.remove(path)
    told["client stats"], told["server stats"] = [sorted(context.session_stats().items()) for context in (client, server)]
    return json.loads(json.dumps(told))


def open_log(context):
    handle, path = tempfile.mkstemp()
    os.close(handle)
    context.keylog_filename = path
    return path


def secrets(path):
    """Each line of a key log, as its label and the length of what follows."""
    with open(path) as file:
        lines = [line.split() for line in file]
    assert lines[0][0] == "#"
    return [[words[0]] + [len(word) for word in words[1:]] for words in lines[1:]]


def listen_to(client, server, told):
    def listen(end):
        def callback(connection, direction, version, content_type, message_type, message):
            told[end + direction].append([int(version), int(content_type), int(message_type)])
            if content_type == 256:
                assert len(message) == 5
        return callback

    client._msg_callback = listen("client ")
    server._msg_callback = listen("server ")


def converse(client, server, event, session=None):
    """A whole connection; gives the client's session."""
    near_in, near_out, far_in, far_out = (ssl.MemoryBIO() for _ in range(4))
    near = client.wrap_bio(near_in, near_out, server_hostname="localhost", session=session)
    far = server.wrap_bio(far_in, far_out, server_side=True)

    def attempt(step, *arguments):
        try:
            return step(*arguments)
        except ssl.SSLWantReadError:
            return None
        finally:
            far_in.write(near_out.read())
            near_in.write(far_out.read())

    for _ in range(4):
        attempt(near.do_handshake)
        attempt(far.do_handshake)
    attempt(near.write, b"question")
    assert far.read() == b"question"
    if event == "later":
        far.verify_client_post_handshake()
    attempt(far.write, b"answer")
    assert near.read() == b"answer"
    if event == "later":
        attempt(near.write, b"more")
        assert far.read() == b"more"
    assert near.session_reused == (session is not None and event == "resumed")
    kept = near.session
    attempt(near.unwrap)
    attempt(far.unwrap)
    attempt(near.unwrap)
    return kept


def play_all():
    return dict((name, play(client, server, event)) for name, client, server, event in scenes())


class TestMessages(support.TestCase):
    maxDiff = None

    def compare(self, expected):
        for name, client, server, event in scenes():
            told = play(client, server, event)
            if name == "1.3 resumed after a retry":
                self.assertEqual(told.pop("server stats")[7], ["hits", 1])      # OpenSSL counts one for each ClientHello
            for ends in sorted(told):
                with self.subTest(scene=name, ends=ends):
                    self.assertEqual(told[ends], expected[name][ends])

    def test_as_recorded(self):
        with open(RECORDED) as file:
            self.compare(json.load(file))

    def test_as_the_interpreters_own_ssl(self):
        if support.IRONPYTHON:
            self.skipTest("IronPython's own ssl tells no messages")
        answer = subprocess.check_output([sys.executable, "-I", "-W", "ignore", os.path.abspath(__file__), "play"])
        version, told = json.loads(answer.decode())
        if not version.startswith("OpenSSL 3.0.") or "SslModule" in version:
            self.skipTest("compared with OpenSSL 3.0, not " + version)
        self.compare(told)

    def test_alerts(self):
        for version in (TLS12, TLS13):
            told = []
            client = client_context(version=version)
            client._msg_callback = lambda connection, *message: told.append(message)
            from test_sni import shake_hands
            near, far, failure, refusal = shake_hands(client, server_context("wronghost.pem"))
            direction, number, content_type, message_type, message = told[-1]
            self.assertEqual((direction, number, message), ("write", version, b"\2\x2a"))
            self.assertEqual((content_type.name, message_type.name), ("ALERT", "BAD_CERTIFICATE"))

    def test_callback_that_raises(self):
        client = client_context()

        def callback(*message):
            raise ZeroDivisionError
        client._msg_callback = callback
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.assertRaises(ZeroDivisionError, client.wrap_bio(incoming, outgoing, server_hostname="localhost").do_handshake)


if __name__ == "__main__":
    if sys.argv[1:] == ["record"]:
        with open(RECORDED, "w") as file:
            json.dump(play_all(), file, sort_keys=True, separators=(",", ":"))
            file.write("\n")
    elif sys.argv[1:] == ["play"]:
        print(json.dumps([ssl.OPENSSL_VERSION, play_all()]))
    else:
        unittest.main()
