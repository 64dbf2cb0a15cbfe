"""The combinations: what each end is told, and what must come of it.

A case names the role of our end, the version, the server's certificate, what the client shows, and one further dimension. `refusal`
is None where the connection must work, or (who refuses, the alert).
"""

KEYS = ("RSA", "RSA-PSS", "P-256", "P-384", "Ed25519", "Ed448")
GROUPS = ("X25519", "P-256", "P-384", "P-521")
SMALL, LARGE = 40000, 1 << 20


class Case(object):
    client = alpn = peer_alpn = group = refusal = None
    server, trust = "server-P-256", "authority"
    protocol = "http/1.1"       # what ALPN must choose
    wants, resume, sni, size, close = False, False, False, SMALL, "client"

    def __init__(self, role, version, label, **settings):
        self.role, self.version, self.label = role, version, label
        self.__dict__.update(settings)

    @property
    def name(self):
        return "our %s, %s, %s" % (self.role, self.dotted, self.label)

    @property
    def dotted(self):
        """The version as most programs name it: TLSv1.2."""
        return self.version.replace("_", ".")

    def first(self):
        """Who closes: "ours" or "peer"."""
        return "ours" if self.close == self.role else "peer"

    def keys(self):
        return [name.partition("-")[2] for name in (self.server, self.client) if name and name.startswith(("server-", "client-"))]


def cases():
    for role in ("client", "server"):
        other = "server" if role == "client" else "client"
        for version in ("TLSv1_2", "TLSv1_3"):
            for key in KEYS:
                yield Case(role, version, "server's key " + key, server="server-" + key)
                yield Case(role, version, "client's key " + key, client="client-" + key, wants=True)
            server = role if role == "server" else other
            refuser = "us" if role == "server" else "peer"
            yield Case(role, version, "client of another authority", client="stranger", wants=True, refusal=(refuser, "unknown_ca"))
            none = "certificate_required" if version == "TLSv1_3" else "handshake_failure"
            yield Case(role, version, "no client certificate where one is required", wants=True, refusal=(refuser, none))
            judge = "us" if role == "client" else "peer"
            yield Case(role, version, "server of another authority", server="impostor", refusal=(judge, "unknown_ca"))
            yield Case(role, version, "server of another name", server="elsewhere", refusal=(judge, "bad_certificate"))
            yield Case(role, version, "resumption", resume=True)
            yield Case(role, version, "resumption with a client's certificate", resume=True, client="client-P-256", wants=True)
            yield Case(role, version, "ALPN", alpn=["h2", "http/1.1"], peer_alpn=["http/1.1"])
            # Servers refuse, but for Python's, which goes on without a protocol.
            yield Case(role, version, "ALPN without a common protocol", alpn=["h2"], peer_alpn=["http/1.1"], protocol=None,
                       refusal=("peer", "no_application_protocol") if role == "client" else None)
            yield Case(role, version, "certificate by name (SNI)", sni=True)
            for group in GROUPS:
                yield Case(role, version, "group " + group, group=group, server="server-RSA")
            yield Case(role, version, "1 MiB each way", size=LARGE)
            yield Case(role, version, "1 MiB each way, RSA", size=LARGE, server="server-RSA")
            yield Case(role, version, "closed by the server", close="server")
        for version in ("TLSv1", "TLSv1_1"):
            for key in ("RSA", "P-256"):
                yield Case(role, version, "server's key " + key, server="server-" + key)


def short():
    """The few of `make test`: each kind of refusal once, and the features."""
    wanted = ("server's key RSA", "client's key P-256", "client of another authority", "resumption", "ALPN", "closed by the server", "1 MiB each way")
    return [case for case in cases() if case.label in wanted and case.version == "TLSv1_3" or case.label == "server's key RSA" and case.version == "TLSv1_2"]
