"""Handshakes that must fail, or must not: what each side is told, and by whom.

Each scenario is two contexts over memory BIOs. Its outcome is a pair: for the client and for the server the
version and the cipher, or the reason of the SSLError. Run as a program it prints the outcomes on the host that runs
it, as the recording in data/refusals.json has them:

    python3 -I tests/python/refusals.py
"""

import json
import os
import ssl
import sys

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
VERSIONS = {"ssl3": 0x0300, "1.0": 0x0301, "1.1": 0x0302, "1.2": 0x0303, "1.3": 0x0304}
NO = {"ssl3": 0x02000000, "1.0": 0x04000000, "1.1": 0x10000000, "1.2": 0x08000000, "1.3": 0x20000000}


def context(server, versions=None, off=(), ciphers=None, curve=None, cert=None, dh=None, options=0,
            unset=0, verify=None, alpn=None):
    """versions: one, or the oldest and the newest; off: versions switched off by options."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    if ciphers:
        made.set_ciphers(ciphers)
    if versions:
        low, high = (versions, versions) if isinstance(versions, str) else versions
        made.minimum_version = ssl.TLSVersion(VERSIONS[low])
        made.maximum_version = ssl.TLSVersion(VERSIONS[high])
    for name in off:
        made.options |= NO[name]
    made.options = (made.options | options) & ~unset
    if cert is None and server:
        cert = "server.pem"
    if cert:
        for one in cert.split():
            made.load_cert_chain(os.path.join(DATA, one))
    if curve:
        made.set_ecdh_curve(curve)
    if dh and server:
        made.load_dh_params(os.path.join(DATA, dh))
    if alpn:
        made.set_alpn_protocols(alpn)
    if verify:
        made.load_verify_locations(os.path.join(DATA, verify))
        made.verify_mode = ssl.CERT_REQUIRED
    return made


class End(object):
    def __init__(self, made, server):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = made.wrap_bio(self.incoming, self.outgoing, server_side=server)
        self.done = self.outcome = None

    def step(self):
        """True once there is nothing more to do."""
        if self.outcome is not None:
            return True
        try:
            if not self.done:
                self.tls.do_handshake()
                self.done = True
            self.tls.read(100)
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLCertVerificationError as error:
            self.outcome = "%s %d" % (error.reason, error.verify_code)
        except ssl.SSLError as error:
            self.outcome = error.reason or type(error).__name__
        return True

    def result(self):
        if self.outcome is not None:
            return self.outcome
        return "%s %s" % (self.tls.version(), self.tls.cipher()[0]) if self.done else "waits"


def run(client, server, edit=None):
    """The outcomes of both sides; edit(from_server, bytes) may change what goes over."""
    try:
        client = End(context(False, **client), False)
    except (ssl.SSLError, ValueError) as error:
        return "context: %s" % (getattr(error, "reason", None) or error), ""
    try:
        server = End(context(True, **server), True)
    except (ssl.SSLError, ValueError) as error:
        return "", "context: %s" % (getattr(error, "reason", None) or error)
    for _ in range(20):
        moved = False
        for sender, receiver, from_server in ((client, server, False), (server, client, True)):
            sender.step()
            data = sender.outgoing.read()
            if data:
                moved = True
                receiver.incoming.write(edit(from_server, data) if edit else data)
        if not moved:
            break
    return client.result(), server.result()


# Only what every old version needs: the level that allows MD5 with SHA-1.
OLD = "ALL:@SECLEVEL=0"

SCENARIOS = [(name, dict(client), dict(server)) for name, client, server in [
    # Versions.
    ("only 1.2 meets only 1.3", dict(versions="1.2"), dict(versions="1.3")),
    ("only 1.3 meets only 1.2", dict(versions="1.3"), dict(versions="1.2")),
    ("only 1.0 meets 1.2 and 1.3", dict(versions="1.0", ciphers=OLD), dict()),
    ("only 1.1 meets 1.2 and 1.3", dict(versions="1.1", ciphers=OLD), dict()),
    ("1.2 and 1.3 meet only 1.0", dict(), dict(versions="1.0", ciphers=OLD)),
    ("1.2 and 1.3 meet only 1.1", dict(), dict(versions="1.1", ciphers=OLD)),
    ("1.0 and 1.1 meet 1.2 and 1.3", dict(versions=("1.0", "1.1"), ciphers=OLD), dict()),
    ("client without versions", dict(off=("1.2", "1.3")), dict()),
    ("server without versions", dict(), dict(off=("1.2", "1.3"))),
    ("client with its range upside down", dict(versions=("1.3", "1.2")), dict()),
    ("server with its range upside down", dict(), dict(versions=("1.3", "1.2"))),
    ("client with a hole at 1.2", dict(versions=("1.1", "1.3"), off=("1.2",), ciphers=OLD), dict(versions=("1.0", "1.3"), ciphers=OLD)),
    ("client with a hole at 1.2, server to 1.2", dict(versions=("1.1", "1.3"), off=("1.2",), ciphers=OLD), dict(versions=("1.0", "1.2"), ciphers=OLD)),
    ("client with a hole at 1.2, server to 1.1", dict(versions=("1.1", "1.3"), off=("1.2",), ciphers=OLD), dict(versions=("1.0", "1.1"), ciphers=OLD)),
    ("client with a hole at 1.1, server to 1.1", dict(versions=("1.0", "1.2"), off=("1.1",), ciphers=OLD), dict(versions=("1.0", "1.1"), ciphers=OLD)),
    ("server with a hole at 1.2", dict(versions=("1.0", "1.3"), ciphers=OLD), dict(versions=("1.0", "1.3"), off=("1.2",), ciphers=OLD)),
    ("server with a hole at 1.2, client to 1.2", dict(versions=("1.0", "1.2"), ciphers=OLD), dict(versions=("1.0", "1.3"), off=("1.2",), ciphers=OLD)),
    ("1.0 at level 1", dict(versions="1.0", ciphers="ALL:@SECLEVEL=1"), dict(versions="1.0", ciphers="ALL:@SECLEVEL=1")),
    ("1.0 at the client's level 1", dict(versions="1.0", ciphers="ALL:@SECLEVEL=1"), dict(versions="1.0", ciphers=OLD)),
    ("1.0 at the server's level 1", dict(versions="1.0", ciphers=OLD), dict(versions="1.0", ciphers="ALL:@SECLEVEL=1")),
    ("1.0 with RSA key exchange at level 1", dict(versions="1.0", ciphers="kRSA:@SECLEVEL=1"), dict(versions="1.0", ciphers="kRSA:@SECLEVEL=1")),
    ("1.0 at the client's level 3", dict(versions="1.0", ciphers="ALL:@SECLEVEL=3"), dict(versions="1.0", ciphers=OLD)),
    ("1.1 at the client's level 4", dict(versions="1.1", ciphers="ALL:@SECLEVEL=4"), dict(versions="1.1", ciphers=OLD)),
    ("1.1 at the server's level 4", dict(versions="1.1", ciphers=OLD), dict(versions="1.1", ciphers="ALL:@SECLEVEL=4", cert="server-ec384.pem")),
    ("1.0 with a P-256 key", dict(versions="1.0", ciphers=OLD), dict(versions="1.0", ciphers=OLD, cert="server-ec.pem")),
    ("1.0 with an Ed25519 key", dict(versions="1.0", ciphers=OLD), dict(versions="1.0", ciphers=OLD, cert="server-ed25519.pem")),

    # Suites.
    ("no common suite", dict(versions="1.2", ciphers="ECDHE-RSA-AES128-GCM-SHA256"), dict(ciphers="ECDHE-RSA-AES256-GCM-SHA384")),
    ("no common suite in 1.0", dict(versions="1.0", ciphers="AES128-SHA:@SECLEVEL=0"), dict(versions="1.0", ciphers="AES256-SHA:@SECLEVEL=0")),
    ("suites of 1.2 for a client of 1.0", dict(versions="1.0", ciphers="AES128-GCM-SHA256:@SECLEVEL=0"), dict(versions="1.0", ciphers=OLD)),
    ("suites of 1.2 for a server of 1.0", dict(versions="1.0", ciphers=OLD), dict(versions="1.0", ciphers="AES128-GCM-SHA256:@SECLEVEL=0")),
    ("only anonymous at the client's level 1", dict(versions="1.2", ciphers="aNULL:@SECLEVEL=1"), dict(ciphers="aNULL:@SECLEVEL=0")),
    ("only anonymous at the server's level 1", dict(versions="1.2", ciphers="aNULL:@SECLEVEL=0"), dict(ciphers="aNULL:@SECLEVEL=1")),
    ("only anonymous", dict(versions="1.2", ciphers="aNULL:@SECLEVEL=0"), dict(ciphers="aNULL:@SECLEVEL=0", cert="")),
    ("anonymous only, 1.3 on", dict(ciphers="aNULL:@SECLEVEL=0"), dict(ciphers="aNULL:@SECLEVEL=0", cert="")),
    ("anonymous with verification", dict(versions="1.2", ciphers="aNULL:@SECLEVEL=0", verify="ca.pem"), dict(ciphers="aNULL:@SECLEVEL=0")),
    ("no certificate in 1.2", dict(versions="1.2"), dict(cert="")),
    ("no certificate in 1.3", dict(), dict(cert="")),
    ("no certificate in 1.0", dict(versions="1.0", ciphers=OLD), dict(versions="1.0", ciphers="ALL:!aNULL:@SECLEVEL=0", cert="")),
    ("ECDSA suites, RSA key", dict(versions="1.2", ciphers="ECDHE-ECDSA-AES128-GCM-SHA256"), dict()),
    ("RSA suites, ECDSA key", dict(versions="1.2", ciphers="ECDHE-RSA-AES128-GCM-SHA256"), dict(cert="server-ec.pem")),
    ("RSA key exchange, ECDSA key", dict(versions="1.2", ciphers="kRSA"), dict(cert="server-ec.pem", ciphers="ALL")),
    ("ECDSA suites, Ed25519 key", dict(versions="1.2", ciphers="ECDHE-ECDSA-AES128-GCM-SHA256"), dict(cert="server-ed25519.pem")),
    ("both keys, RSA suites first", dict(versions="1.2", ciphers="ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256"), dict(cert="server.pem server-ec.pem")),
    ("both keys, ECDSA suites first", dict(versions="1.2", ciphers="ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"), dict(cert="server.pem server-ec.pem")),
    ("NULL encryption", dict(versions="1.2", ciphers="NULL-SHA256:@SECLEVEL=0"), dict(ciphers="NULL-SHA256:@SECLEVEL=0")),
    ("NULL encryption at level 1", dict(versions="1.2", ciphers="NULL-SHA256:@SECLEVEL=1"), dict(ciphers="NULL-SHA256:@SECLEVEL=0")),
    ("PSK suites without a PSK", dict(versions="1.2", ciphers="PSK:!RSAPSK"), dict(ciphers="PSK")),
    ("PSK suites without a PSK, 1.3 on", dict(ciphers="PSK:!RSAPSK"), dict(ciphers="PSK")),
    ("128 bits at level 4", dict(versions="1.2", ciphers="ECDHE-ECDSA-AES128-GCM-SHA256:@SECLEVEL=4"), dict(cert="server-ec384.pem", ciphers="ALL")),
    ("level 3 wants forward secrecy", dict(versions="1.2", ciphers="kRSA:@SECLEVEL=3"), dict(ciphers="ALL")),
    ("level 3 at the server wants forward secrecy", dict(versions="1.2", ciphers="kRSA"), dict(ciphers="ALL:@SECLEVEL=3", cert="server-ec.pem")),

    # Order.
    ("the client's order", dict(versions="1.2", ciphers="ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384"),
     dict(ciphers="ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256", unset=0x400000)),
    ("the server's order", dict(versions="1.2", ciphers="ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384"),
     dict(ciphers="ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256", options=0x400000)),
    ("the server's order, ChaCha first at the client", dict(versions="1.2", ciphers="ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256"),
     dict(ciphers="ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305", options=0x400000)),
    ("ChaCha before the server's order", dict(versions="1.2", ciphers="ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256"),
     dict(ciphers="ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305", options=0x600000)),
    ("ChaCha second at the client", dict(versions="1.2", ciphers="ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305"),
     dict(ciphers="ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256", options=0x600000)),

    # Groups.
    ("no common group in 1.3", dict(versions="1.3", curve="prime256v1"), dict(curve="secp384r1")),
    ("no common group in 1.2", dict(versions="1.2", curve="prime256v1"), dict(curve="secp384r1", ciphers="ECDHE+AESGCM")),
    ("no common group, DHE left", dict(versions="1.2", curve="prime256v1", ciphers="ECDHE+AESGCM:DHE+AESGCM"), dict(curve="secp384r1", ciphers="ECDHE+AESGCM:DHE+AESGCM")),
    ("P-384 at the server", dict(), dict(curve="secp384r1")),
    ("P-521 at the client", dict(curve="secp521r1"), dict()),
    ("secp256k1 in 1.2", dict(versions="1.2", curve="secp256k1", ciphers="ECDHE+AESGCM"), dict(curve="secp256k1", ciphers="ECDHE+AESGCM")),
    ("secp256k1 in 1.3", dict(versions="1.3", curve="secp256k1"), dict(curve="secp256k1")),
    ("P-256 key, the client only P-384, 1.2", dict(versions="1.2", curve="secp384r1"), dict(cert="server-ec.pem")),
    ("P-256 key, the client only P-384, 1.3", dict(versions="1.3", curve="secp384r1"), dict(cert="server-ec.pem")),
    ("P-256 key, the server only P-384, 1.2", dict(versions="1.2"), dict(cert="server-ec.pem", curve="secp384r1")),
    ("level 4 and only P-256 in 1.3", dict(versions="1.3", curve="prime256v1", ciphers="ALL:@SECLEVEL=4"), dict()),

    # Signature algorithms: what a level leaves.
    ("P-256 key for a client at level 4, 1.2", dict(versions="1.2", ciphers="ALL:@SECLEVEL=4"), dict(cert="server-ec.pem")),
    ("P-256 key for a client at level 4, 1.3", dict(versions="1.3", ciphers="ALL:@SECLEVEL=4"), dict(cert="server-ec.pem")),
    ("P-384 key for a client at level 4, 1.3", dict(versions="1.3", ciphers="ALL:@SECLEVEL=4"), dict(cert="server-ec384.pem")),
    ("RSA key for a client at level 5, 1.2", dict(versions="1.2", ciphers="ALL:@SECLEVEL=5"), dict()),
    ("RSA key for a client at level 5, 1.3", dict(versions="1.3", ciphers="ALL:@SECLEVEL=5"), dict()),
    ("Ed25519 key for a client at level 4, 1.3", dict(versions="1.3", ciphers="ALL:@SECLEVEL=4"), dict(cert="server-ed25519.pem")),

    # Keys and digests on load.
    ("RSA of 1024 bits", dict(ciphers="ALL:@SECLEVEL=1"), dict(cert="rsa1024.pem")),
    ("RSA of 1024 bits at level 1", dict(ciphers="ALL:@SECLEVEL=1"), dict(ciphers="ALL:@SECLEVEL=1", cert="rsa1024.pem")),
    ("RSA of 2048 bits at level 3", dict(), dict(ciphers="ALL:@SECLEVEL=3")),
    ("P-256 at level 4", dict(), dict(ciphers="ALL:@SECLEVEL=4", cert="server-ec.pem")),
    ("P-384 at level 5", dict(), dict(ciphers="ALL:@SECLEVEL=5", cert="server-ec384.pem")),
    ("Ed25519 at level 4", dict(), dict(ciphers="ALL:@SECLEVEL=4", cert="server-ed25519.pem")),
    ("SHA-1 leaf at level 1", dict(), dict(ciphers="ALL:@SECLEVEL=1", cert="sha1.pem")),
    ("SHA-1 leaf at level 0", dict(ciphers="ALL:@SECLEVEL=0"), dict(ciphers="ALL:@SECLEVEL=0", cert="sha1.pem")),
    ("weak intermediate", dict(), dict(cert="weakchain.pem")),
    ("SHA-1 intermediate", dict(), dict(ciphers="ALL:@SECLEVEL=1", cert="sha1chain.pem")),

    # The same of the peer.
    ("the server's RSA of 1024 bits", dict(verify="levelca.pem"), dict(ciphers="ALL:@SECLEVEL=1", cert="rsa1024.pem")),
    ("the server's RSA of 1024 bits, not verified", dict(), dict(ciphers="ALL:@SECLEVEL=1", cert="rsa1024.pem")),
    ("the server's RSA of 1024 bits in 1.2", dict(versions="1.2", verify="levelca.pem"), dict(ciphers="ALL:@SECLEVEL=1", cert="rsa1024.pem")),
    ("the server's RSA of 2048 bits at level 3", dict(ciphers="ALL:@SECLEVEL=3", verify="ca.pem"), dict()),
    ("the authority's RSA of 2048 bits at level 3", dict(ciphers="ALL:@SECLEVEL=3", verify="ca.pem"), dict(cert="server-ec.pem")),
    ("the server's SHA-1 leaf", dict(verify="levelca.pem"), dict(ciphers="ALL:@SECLEVEL=0", cert="sha1.pem")),
    ("the server's SHA-1 leaf at level 0", dict(ciphers="ALL:@SECLEVEL=0", verify="levelca.pem"), dict(ciphers="ALL:@SECLEVEL=0", cert="sha1.pem")),
    ("the server's weak intermediate", dict(verify="levelca.pem"), dict(ciphers="ALL:@SECLEVEL=1", cert="weakchain.pem")),
    ("the server's SHA-1 intermediate", dict(verify="levelca.pem"), dict(ciphers="ALL:@SECLEVEL=0", cert="sha1chain.pem")),
    ("the client's RSA of 1024 bits", dict(ciphers="ALL:@SECLEVEL=1", cert="rsa1024client.pem"), dict(verify="levelca.pem")),

    # Client certificates.
    ("none though required, 1.2", dict(versions="1.2"), dict(verify="ca.pem")),
    ("none though required, 1.3", dict(), dict(verify="ca.pem")),
    ("none though required, 1.0", dict(versions="1.0", ciphers=OLD), dict(versions="1.0", ciphers=OLD, verify="ca.pem")),
    ("a stranger's, 1.2", dict(versions="1.2", cert="selfsigned.pem"), dict(verify="ca.pem")),
    ("a stranger's, 1.3", dict(cert="selfsigned.pem"), dict(verify="ca.pem")),
    ("for servers only", dict(versions="1.2", cert="server-ec.pem"), dict(verify="ca.pem")),
    ("a good one, 1.0", dict(versions="1.0", ciphers=OLD, cert="client.pem"), dict(versions="1.0", ciphers=OLD, verify="ca.pem")),
    ("a good one, 1.1, RSA", dict(versions="1.1", ciphers=OLD, cert="clientrsa.pem"), dict(versions="1.1", ciphers=OLD, verify="levelca.pem")),
    ("a good one, 1.2, RSA", dict(versions="1.2", cert="clientrsa.pem"), dict(verify="levelca.pem")),
    ("a good one, 1.3, RSA", dict(cert="clientrsa.pem"), dict(verify="levelca.pem")),

    # The server's certificate.
    ("a stranger's server, 1.2", dict(versions="1.2", verify="ca.pem"), dict(cert="selfsigned.pem")),
    ("a stranger's server, 1.3", dict(verify="ca.pem"), dict(cert="selfsigned.pem")),
    ("an unknown issuer", dict(verify="ca.pem"), dict(cert="otherissuer.pem")),
    ("expired", dict(verify="ca.pem"), dict(cert="expired.pem")),
    ("expired, 1.2", dict(versions="1.2", verify="ca.pem"), dict(cert="expired.pem")),
    ("for clients only", dict(verify="ca.pem"), dict(cert="wrongpurpose.pem")),

    # Finite-field Diffie-Hellman.
    ("DHE, automatic", dict(versions="1.2", ciphers="DHE-RSA-AES128-GCM-SHA256"), dict(ciphers="DHE-RSA-AES128-GCM-SHA256")),
    ("DHE of 2048 bits", dict(versions="1.2", ciphers="DHE-RSA-AES128-GCM-SHA256"), dict(ciphers="DHE-RSA-AES128-GCM-SHA256", dh="dh2048.pem")),
    ("DHE of 2048 bits for a client of one curve", dict(versions="1.2", ciphers="DHE+AESGCM:ECDHE+AESGCM", curve="prime256v1"), dict(ciphers="DHE+AESGCM", dh="dh2048.pem")),
    ("DHE of a named group for a client of one curve", dict(versions="1.2", ciphers="DHE+AESGCM:ECDHE+AESGCM", curve="prime256v1"), dict(ciphers="DHE+AESGCM", dh="ffdhe2048.pem")),
    ("DHE of a named group for a client of one curve, 1.3 on", dict(ciphers="DHE+AESGCM:ECDHE+AESGCM", curve="prime256v1"), dict(versions="1.2", ciphers="DHE+AESGCM", dh="ffdhe2048.pem")),
    ("DHE of a named group for a client of another", dict(versions="1.2", ciphers="DHE+AESGCM:ECDHE+AESGCM", curve="ffdhe3072"), dict(ciphers="DHE+AESGCM", dh="ffdhe2048.pem")),
    ("DHE of 1024 bits", dict(versions="1.2", ciphers="DHE-RSA-AES128-GCM-SHA256"), dict(ciphers="DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=1", dh="dh1024.pem")),
    ("DHE of 1024 bits, level 1", dict(versions="1.2", ciphers="DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=1"), dict(ciphers="DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=1", dh="dh1024.pem")),
    ("DHE of 1024 bits at the server's level 2", dict(versions="1.2", ciphers="DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=1"), dict(ciphers="DHE-RSA-AES128-GCM-SHA256", dh="dh1024.pem")),
    ("DHE of 512 bits at level 0", dict(versions="1.2", ciphers="DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0"), dict(ciphers="DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0", dh="dh512.pem")),
    ("DHE of 2048 bits at level 3", dict(versions="1.2", ciphers="ALL:-ECDHE:@SECLEVEL=3"), dict(ciphers="DHE-RSA-AES128-GCM-SHA256", dh="dh2048.pem")),
    ("anonymous DHE of 1024 bits", dict(versions="1.2", ciphers="ADH-AES128-SHA256:@SECLEVEL=0"), dict(ciphers="ADH-AES128-SHA256:@SECLEVEL=0", dh="dh1024.pem")),
    ("DHE with a P-256 key", dict(versions="1.2", ciphers="DHE-RSA-AES128-GCM-SHA256"), dict(ciphers="ALL", cert="server-ec.pem")),
]]




class Hello(object):
    """A Client Hello or a Server Hello, taken apart."""

    def __init__(self, body, client):
        self.client, self.version, self.random = client, body[:2], body[2:34]
        at = 35 + body[34]
        self.session, self.tail = body[35:at], b""
        if client:
            length = int.from_bytes(body[at:at + 2], "big")
            self.suites = body[at + 2:at + 2 + length]
            at += 2 + length
            self.compression = body[at + 1:at + 1 + body[at]]
            at += 1 + body[at]
        else:
            self.suites, self.compression, at = body[at:at + 2], body[at + 2:at + 3], at + 3
        self.extensions = []
        at += 2
        while at < len(body):
            length = int.from_bytes(body[at + 2:at + 4], "big")
            self.extensions.append((int.from_bytes(body[at:at + 2], "big"), body[at + 4:at + 4 + length]))
            at += 4 + length

    def drop(self, *kinds):
        self.extensions = [(kind, data) for kind, data in self.extensions if kind not in kinds]
        return self

    def put(self, kind, data, twice=False):
        if not twice:
            self.drop(kind)
        # Ahead of the others: pre_shared_key must stay last.
        self.extensions.insert(0, (kind, data))
        return self

    def body(self):
        out = self.version + self.random + bytes([len(self.session)]) + self.session
        if self.client:
            out += len(self.suites).to_bytes(2, "big") + self.suites + bytes([len(self.compression)]) + self.compression
        else:
            out += self.suites + self.compression
        block = b"".join(kind.to_bytes(2, "big") + len(data).to_bytes(2, "big") + data for kind, data in self.extensions)
        return out + (len(block).to_bytes(2, "big") + block if self.extensions else b"") + self.tail


class Editor(object):
    """Changes the first handshake message of one type and side; what is encrypted it leaves alone."""

    def __init__(self, from_server, kind, change):
        self.from_server, self.kind, self.change = from_server, kind, change
        self.done = False

    def __call__(self, from_server, data):
        if from_server != self.from_server or self.done:
            return data
        out, at, pending = b"", 0, b""
        while at < len(data):
            end = at + 5 + int.from_bytes(data[at + 3:at + 5], "big")
            if data[at] != 22 or self.done:
                break
            pending += data[at + 5:end]
            while len(pending) >= 4 and len(pending) >= 4 + int.from_bytes(pending[1:4], "big"):
                size = 4 + int.from_bytes(pending[1:4], "big")
                out += self.message(data[at:at + 3], pending[:size])
                pending = pending[size:]
            at = end
        return out + data[at:]

    def message(self, header, message):
        if message[0] == self.kind and not self.done:
            self.done = True
            if self.kind in (1, 2):
                hello = Hello(message[4:], self.kind == 1)
                changed = self.change(hello)
                body = changed if isinstance(changed, bytes) else hello.body()
            else:
                body = self.change(message[4:])
            if body is None:
                return b""
            message = message[:1] + len(body).to_bytes(3, "big") + body
        return header + len(message).to_bytes(2, "big") + message


class Sealed(object):
    """Changes the last byte of the first encrypted record of a side."""

    def __init__(self, from_server):
        self.from_server, self.done = from_server, False

    def __call__(self, from_server, data):
        if from_server != self.from_server or self.done:
            return data
        out, at, sealed = b"", 0, False
        while at < len(data):
            end = at + 5 + int.from_bytes(data[at + 3:at + 5], "big")
            record = data[at:end]
            if record[0] == 23 or (sealed and record[0] == 22):
                record, self.done = record[:-1] + bytes([record[-1] ^ 1]), True
                return out + record + data[end:]
            sealed = sealed or record[0] == 20
            out, at = out + record, end
        return out


class Instead(object):
    """Sends these records ahead of what a side sends first."""

    def __init__(self, from_server, records):
        self.from_server, self.records = from_server, records

    def __call__(self, from_server, data):
        if from_server == self.from_server and self.records:
            data, self.records = self.records + data, b""
        return data


def set_hello(**fields):
    def change(hello):
        for name, value in fields.items():
            setattr(hello, name, value)
    return change


def flip(at):
    return lambda body: body[:at] + bytes([body[at] ^ 0x55]) + (body[at + 1:] if at != -1 else b"")


def ending(tail):
    def change(hello):
        hello.random = hello.random[:-len(tail)] + tail
    return change


def scsv(hello):
    hello.suites += b"\x56\x00"


V12_RSA, V12_CBC = dict(versions="1.2", ciphers="AES128-GCM-SHA256"), dict(versions="1.2", ciphers="ECDHE-RSA-AES128-SHA256")
V12, V13, OLDEST = dict(versions="1.2"), dict(versions="1.3"), dict(versions=("1.0", "1.2"), ciphers=OLD)
ECDHE = dict(versions="1.2", ciphers="ECDHE-RSA-AES128-GCM-SHA256", curve="prime256v1")
CLIENT, SERVER = False, True
TO_12, TO_11 = b"DOWNGRD\x01", b"DOWNGRD\x00"

# (name, client, server, what makes an editor)
EDITED = [
    ("fallback from 1.3", V12, {}, lambda: Editor(CLIENT, 1, scsv)),
    ("fallback from 1.2", dict(versions="1.1", ciphers=OLD), OLDEST, lambda: Editor(CLIENT, 1, scsv)),
    ("fallback to the best", V12, V12, lambda: Editor(CLIENT, 1, scsv)),
    ("downgrade to 1.2", {}, V12, lambda: Editor(SERVER, 2, ending(TO_12))),
    ("downgrade to 1.1", dict(versions=("1.1", "1.3"), ciphers=OLD), dict(versions="1.1", ciphers=OLD), lambda: Editor(SERVER, 2, ending(TO_11))),
    ("downgrade of a 1.2 client to 1.1", dict(versions=("1.1", "1.2"), ciphers=OLD), dict(versions="1.1", ciphers=OLD), lambda: Editor(SERVER, 2, ending(TO_11))),
    ("the sentinel of 1.2 for a 1.2 client", V12, V12, lambda: Editor(SERVER, 2, ending(TO_12))),
    ("Client Hello of SSL 2", V12, V12, lambda: Editor(CLIENT, 1, set_hello(version=b"\x02\x00"))),
    ("Client Hello of SSL 3", V12, V12, lambda: Editor(CLIENT, 1, set_hello(version=b"\x03\x00"))),
    ("Client Hello of TLS 1.9", V12, V12, lambda: Editor(CLIENT, 1, set_hello(version=b"\x03\x0a"))),
    ("Client Hello without null compression", V12, V12, lambda: Editor(CLIENT, 1, set_hello(compression=b"\x01"))),
    ("Client Hello of 1.3 with compression", V13, V13, lambda: Editor(CLIENT, 1, set_hello(compression=b"\x01\x00"))),
    ("Client Hello without compression", V12, V12, lambda: Editor(CLIENT, 1, set_hello(compression=b""))),
    ("Client Hello without suites", V12, V12, lambda: Editor(CLIENT, 1, set_hello(suites=b""))),
    ("Client Hello with half a suite", V12, V12, lambda: Editor(CLIENT, 1, set_hello(suites=b"\xc0\x2f\xc0"))),
    ("Client Hello with unknown suites", V12, V12, lambda: Editor(CLIENT, 1, set_hello(suites=b"\xaa\xaa"))),
    ("Client Hello of 1.3 with unknown suites", V13, V13, lambda: Editor(CLIENT, 1, set_hello(suites=b"\xaa\xaa"))),
    ("Client Hello with a long session", V12, V12, lambda: Editor(CLIENT, 1, set_hello(session=b"x" * 33))),
    ("Client Hello with a tail", V12, V12, lambda: Editor(CLIENT, 1, set_hello(tail=b"x"))),
    ("Client Hello cut short", V12, V12, lambda: Editor(CLIENT, 1, lambda hello: hello.body()[:-1])),
    ("Client Hello of ten bytes", V12, V12, lambda: Editor(CLIENT, 1, lambda hello: hello.body()[:10])),
    ("Client Hello with an extension twice", V12, V12, lambda: Editor(CLIENT, 1, lambda hello: hello.put(22, b"").put(22, b"", True) and None)),
    ("Client Hello with a renegotiation_info", V12, V12, lambda: Editor(CLIENT, 1, lambda hello: hello.put(0xff01, b"\x01x") and None)),
    ("Client Hello with an odd list of groups", V12, V12, lambda: Editor(CLIENT, 1, lambda hello: hello.put(10, b"\0\3\0\x17\0") and None)),
    ("Client Hello with no point format", ECDHE, V12, lambda: Editor(CLIENT, 1, lambda hello: hello.put(11, b"\1\1") and None)),
    ("Client Hello with SHA-1 signatures alone", V12, V12, lambda: Editor(CLIENT, 1, lambda hello: hello.put(13, b"\0\2\2\1") and None)),
    ("Client Hello of 1.3 with SHA-1 signatures alone", V13, V13, lambda: Editor(CLIENT, 1, lambda hello: hello.put(13, b"\0\2\2\1") and None)),
    ("Client Hello with no signatures", V12, V12, lambda: Editor(CLIENT, 1, lambda hello: hello.put(13, b"\0\0") and None)),
    ("Client Hello of 1.3 without signatures", V13, V13, lambda: Editor(CLIENT, 1, lambda hello: hello.drop(13) and None)),
    ("Client Hello of 1.3 without groups", V13, V13, lambda: Editor(CLIENT, 1, lambda hello: hello.drop(10) and None)),
    ("Client Hello of 1.3 without a key share", V13, V13, lambda: Editor(CLIENT, 1, lambda hello: hello.drop(51) and None)),
    ("Client Hello of 1.3 with a key share of no group of its own", V13, V13, lambda: Editor(CLIENT, 1, lambda hello: hello.put(51, b"\0\6\x2a\x2a\0\2xx") and None)),
    ("Client Hello of 1.3 with a short key share", V13, V13, lambda: Editor(CLIENT, 1, lambda hello: hello.put(51, b"\0\x24\0\x1d\0\x1f" + b"x" * 31) and None)),
    ("Client Hello of 1.3 with a wrong key", V13, dict(versions="1.3", curve="prime256v1"), lambda: Editor(CLIENT, 1, lambda hello: hello.put(51, b"\0\x45\0\x17\0\x41\4" + b"x" * 64) and None)),
    ("Client Hello with version 1.4 alone", V13, V13, lambda: Editor(CLIENT, 1, lambda hello: hello.put(43, b"\2\3\5") and None)),
    ("Client Hello with an odd list of versions", V13, V13, lambda: Editor(CLIENT, 1, lambda hello: hello.put(43, b"\3\3\4\3") and None)),
    ("a key exchange instead of the Client Hello", V12, V12, lambda: Instead(CLIENT, b"\x16\3\1\0\4\x10\0\0\0")),
    ("ChangeCipherSpec ahead of the Client Hello", V12, V12, lambda: Instead(CLIENT, b"\x14\3\1\0\1\1")),
    ("application data ahead of the Client Hello", V12, V12, lambda: Instead(CLIENT, b"\x17\3\1\0\1x")),
    ("an alert ahead of the Client Hello", V12, V12, lambda: Instead(CLIENT, b"\x15\3\1\0\2\2\x28")),
    ("a warning ahead of the Client Hello", V12, V12, lambda: Instead(CLIENT, b"\x15\3\1\0\2\1\x5a")),
    ("a fatal alert ahead of the Server Hello", V12, V12, lambda: Instead(SERVER, b"\x15\3\3\0\2\2\x28")),
    ("an unknown alert ahead of the Server Hello", V12, V12, lambda: Instead(SERVER, b"\x15\3\3\0\2\2\xc8")),
    ("a warning ahead of the Server Hello", V12, V12, lambda: Instead(SERVER, b"\x15\3\3\0\2\1\x70")),
    ("close_notify ahead of the Server Hello", V12, V12, lambda: Instead(SERVER, b"\x15\3\3\0\2\1\0")),
    ("half an alert ahead of the Server Hello", V12, V12, lambda: Instead(SERVER, b"\x15\3\3\0\1\2")),
    ("ChangeCipherSpec ahead of the Server Hello", V12, V12, lambda: Instead(SERVER, b"\x14\3\3\0\1\1")),
    ("a bad ChangeCipherSpec ahead of the Server Hello", V12, V12, lambda: Instead(SERVER, b"\x14\3\3\0\1\2")),
    ("Hello Request ahead of the Server Hello", V12, V12, lambda: Instead(SERVER, b"\x16\3\3\0\4\0\0\0\0")),
    ("an unknown record ahead of the Server Hello", V12, V12, lambda: Instead(SERVER, b"\x1b\3\3\0\1x")),
    ("a long record ahead of the Server Hello", V12, V12, lambda: Instead(SERVER, b"\x16\3\3\x48\1")),
    ("a record of TLS 1.9 ahead of the Server Hello", V12, V12, lambda: Instead(SERVER, b"\x16\5\3\0\1x")),
    ("an empty record ahead of the Server Hello", V12, V12, lambda: Instead(SERVER, b"\x16\3\3\0\0")),
    ("Server Hello of 1.1", V12, V12, lambda: Editor(SERVER, 2, set_hello(version=b"\3\2"))),
    ("Server Hello of 1.3 in its old field", V12, V12, lambda: Editor(SERVER, 2, set_hello(version=b"\3\4"))),
    ("Server Hello of SSL 2", V12, V12, lambda: Editor(SERVER, 2, set_hello(version=b"\2\0"))),
    ("Server Hello with a suite not offered", ECDHE, V12, lambda: Editor(SERVER, 2, set_hello(suites=b"\xc0\x30"))),
    ("Server Hello with an unknown suite", ECDHE, V12, lambda: Editor(SERVER, 2, set_hello(suites=b"\xaa\xaa"))),
    ("Server Hello of 1.2 with a suite of 1.3", {}, V12, lambda: Editor(SERVER, 2, set_hello(suites=b"\x13\x01"))),
    ("Server Hello of 1.3 with a suite of 1.2", {}, V13, lambda: Editor(SERVER, 2, set_hello(suites=b"\xc0\x2f"))),
    ("Server Hello of 1.3 with a suite not offered", V13, V13, lambda: Editor(SERVER, 2, set_hello(suites=b"\x13\x04"))),
    ("Server Hello with compression", V12, V12, lambda: Editor(SERVER, 2, set_hello(compression=b"\1"))),
    ("Server Hello of 1.3 with compression", V13, V13, lambda: Editor(SERVER, 2, set_hello(compression=b"\1"))),
    ("Server Hello of 1.3 with another session", V13, V13, lambda: Editor(SERVER, 2, set_hello(session=b"x" * 32))),
    ("Server Hello with a long session", V12, V12, lambda: Editor(SERVER, 2, set_hello(session=b"x" * 33))),
    ("Server Hello with ALPN not asked for", V12, V12, lambda: Editor(SERVER, 2, lambda hello: hello.put(16, b"\0\3\2h2") and None)),
    ("Server Hello with an unknown extension", V12, V12, lambda: Editor(SERVER, 2, lambda hello: hello.put(0xaaaa, b"") and None)),
    ("Server Hello of 1.3 with an unknown extension", V13, V13, lambda: Editor(SERVER, 2, lambda hello: hello.put(0xaaaa, b"") and None)),
    ("Server Hello of 1.3 with an extension of 1.2", V13, V13, lambda: Editor(SERVER, 2, lambda hello: hello.put(23, b"") and None)),
    ("Server Hello with an extension twice", V12, V12, lambda: Editor(SERVER, 2, lambda hello: hello.put(23, b"").put(23, b"", True) and None)),
    ("Server Hello without renegotiation_info", V12, V12, lambda: Editor(SERVER, 2, lambda hello: hello.drop(0xff01) and None)),
    ("Server Hello with a renegotiation_info", V12, V12, lambda: Editor(SERVER, 2, lambda hello: hello.put(0xff01, b"\x01x") and None)),
    ("Server Hello with a tail", V12, V12, lambda: Editor(SERVER, 2, set_hello(tail=b"x"))),
    ("Server Hello cut short", V12, V12, lambda: Editor(SERVER, 2, lambda hello: hello.body()[:-1])),
    ("Server Hello of 1.3 without versions", {}, V13, lambda: Editor(SERVER, 2, lambda hello: hello.drop(43) and None)),
    ("Server Hello of 1.3 without a key share", V13, V13, lambda: Editor(SERVER, 2, lambda hello: hello.drop(51) and None)),
    ("Server Hello of 1.3 with another group", V13, V13, lambda: Editor(SERVER, 2, lambda hello: hello.put(51, b"\0\x18\0\1x") and None)),
    ("Server Hello of 1.3 with a short key", V13, V13, lambda: Editor(SERVER, 2, lambda hello: hello.put(51, b"\0\x1d\0\1x") and None)),
    ("Server Hello with version 1.2 in the new field", {}, V13, lambda: Editor(SERVER, 2, lambda hello: hello.put(43, b"\3\3") and None)),
    ("Certificate without certificates", ECDHE, V12, lambda: Editor(SERVER, 11, lambda body: b"\0\0\0")),
    ("Certificate with garbage", ECDHE, V12, lambda: Editor(SERVER, 11, lambda body: b"\0\0\4\0\0\1x")),
    ("Certificate cut short", ECDHE, V12, lambda: Editor(SERVER, 11, lambda body: body[:-1])),
    ("no Certificate", ECDHE, V12, lambda: Editor(SERVER, 11, lambda body: None)),
    ("no Server Key Exchange", ECDHE, V12, lambda: Editor(SERVER, 12, lambda body: None)),
    ("Server Key Exchange of an unknown kind of curve", ECDHE, V12, lambda: Editor(SERVER, 12, lambda body: b"\1" + body[1:])),
    ("Server Key Exchange with another curve", ECDHE, V12, lambda: Editor(SERVER, 12, lambda body: b"\3\0\x18" + body[3:])),
    ("Server Key Exchange with a wrong point", ECDHE, V12, lambda: Editor(SERVER, 12, flip(10))),
    ("Server Key Exchange with a wrong signature", ECDHE, V12, lambda: Editor(SERVER, 12, flip(-1))),
    ("Server Key Exchange with another scheme", ECDHE, V12, lambda: Editor(SERVER, 12, lambda body: body[:69] + b"\4\3" + body[71:])),
    ("Server Key Exchange with SHA-1", ECDHE, V12, lambda: Editor(SERVER, 12, lambda body: body[:69] + b"\2\1" + body[71:])),
    ("Server Key Exchange cut short", ECDHE, V12, lambda: Editor(SERVER, 12, lambda body: body[:-1])),
    ("Server Key Exchange with a tail", ECDHE, V12, lambda: Editor(SERVER, 12, lambda body: body + b"x")),
    ("Server Hello Done with a body", ECDHE, V12, lambda: Editor(SERVER, 14, lambda body: b"x")),
    ("Client Key Exchange with a wrong point", ECDHE, V12, lambda: Editor(CLIENT, 16, flip(10))),
    ("Client Key Exchange cut short", ECDHE, V12, lambda: Editor(CLIENT, 16, lambda body: body[:-1])),
    ("Client Key Exchange with a tail", ECDHE, V12, lambda: Editor(CLIENT, 16, lambda body: body + b"x")),
    ("Client Key Exchange empty", ECDHE, V12, lambda: Editor(CLIENT, 16, lambda body: b"")),
    ("no Client Key Exchange", ECDHE, V12, lambda: Editor(CLIENT, 16, lambda body: None)),
    ("RSA key exchange with a wrong secret", dict(versions="1.2", ciphers="AES128-GCM-SHA256"), V12_RSA, lambda: Editor(CLIENT, 16, flip(20))),
    ("the server's first sealed record, 1.2", ECDHE, V12, lambda: Sealed(SERVER)),
    ("the client's first sealed record, 1.2", ECDHE, V12, lambda: Sealed(CLIENT)),
    ("the server's first sealed record, 1.3", V13, V13, lambda: Sealed(SERVER)),
    ("the client's first sealed record, 1.3", V13, V13, lambda: Sealed(CLIENT)),
    ("the client's first sealed record, CBC", dict(versions="1.2", ciphers="ECDHE-RSA-AES128-SHA256"), V12_CBC, lambda: Sealed(CLIENT)),
    ("the server's first sealed record, CBC", dict(versions="1.2", ciphers="ECDHE-RSA-AES128-SHA256"), V12_CBC, lambda: Sealed(SERVER)),
    ("the client's first sealed record, CBC, MAC first", dict(versions="1.2", ciphers="ECDHE-RSA-AES128-SHA256", options=0x80000), V12_CBC, lambda: Sealed(CLIENT)),
    ("the client's first sealed record, 1.0", dict(versions="1.0", ciphers="AES128-SHA:@SECLEVEL=0"), dict(versions="1.0", ciphers=OLD), lambda: Sealed(CLIENT)),
    ("the client's first sealed record, CCM", dict(versions="1.2", ciphers="AES128-CCM8"), dict(versions="1.2", ciphers="AES128-CCM8"), lambda: Sealed(CLIENT)),
]


def outcomes(names=()):
    """[name, the client's, the server's] of each scenario."""
    plain = [(name, client, server, lambda: None) for name, client, server in SCENARIOS]
    return [[name] + list(run(client, server, make())) for name, client, server, make in plain + EDITED
            if not names or name in names]


if __name__ == "__main__":
    import warnings
    warnings.simplefilter("ignore")
    print(json.dumps(outcomes(sys.argv[1:]), indent=0))
