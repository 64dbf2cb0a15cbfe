"""The flags of BoringSSL's test runner that can be said in terms of Python's ssl."""
import os


class Unimplemented(Exception):
    """The runner asks for what Python's ssl cannot express."""


class Settings:
    """What the flags say about one connection; an attribute is a flag's name with underscores."""

    def __init__(self):
        for name, kind in FLAGS.items():
            setattr(self, _attribute(name), [] if kind == "numbers" else False if kind == "switch" else None)
        self.shim_initial_write = b"hello"
        self.repeat_shim_initial_write = 1
        self.resume_count = 0
        self.read_size = 512


# Every flag with what follows it: nothing, a number, a number that may come again, bytes, or a file's name.
FLAGS = {
    # The connection to the runner.
    "port": "number",
    "shim-id": "number",
    "ipv6": "switch",
    "server": "switch",
    "async": "switch",
    "implicit-handshake": "switch",
    "resume-count": "number",
    # The credentials, and whom to trust.
    "key-file": "file",
    "cert-file": "file",
    "new-x509-credential": "switch",
    "trust-cert": "file",
    "verify-peer": "switch",
    "require-any-client-certificate": "switch",
    "psk": "bytes",
    "psk-identity": "bytes",
    # What to offer and to accept.
    "min-version": "number",
    "max-version": "number",
    "no-tls1": "switch",
    "no-tls11": "switch",
    "no-tls12": "switch",
    "no-tls13": "switch",
    "cipher": "bytes",
    "server-preference": "switch",
    "curves": "numbers",
    "signing-prefs": "numbers",
    "verify-prefs": "numbers",
    "no-ticket": "switch",
    "no-legacy-server-connect": "switch",
    "host-name": "bytes",
    "advertise-alpn": "bytes",
    "select-alpn": "bytes",
    "decline-alpn": "switch",
    "renegotiate-freely": "switch",
    # What to do once the handshake is done.
    "tls-unique": "switch",
    "handshake-twice": "switch",
    "no-op-extra-handshake": "switch",
    "shim-writes-first": "switch",
    "shim-initial-write": "bytes",
    "repeat-shim-initial-write": "number",
    "shim-shuts-down": "switch",
    "check-close-notify": "switch",
    "write-different-record-sizes": "switch",
    "read-size": "number",
    # What must have come of it.
    "expect-version": "number",
    "expect-cipher": "number",
    "expect-curve-id": "number",
    "expect-peer-signature-algorithm": "number",
    "expect-alpn": "bytes",
    "expect-server-name": "bytes",
    "expect-no-server-name": "switch",
    "expect-session-miss": "switch",
    "expect-peer-cert-file": "file",
    "expect-no-peer-cert": "switch",
    "expect-hrr": "switch",
    "expect-no-hrr": "switch",
}

# Flags that change nothing here, each with what follows it and the reason.
WITHOUT_EFFECT = {
    "use-early-callback": ("switch", "when BoringSSL's own program installs its certificate"),
    "use-old-client-cert-callback": ("switch", "how BoringSSL's own program installs its certificate"),
    "use-custom-verify-callback": ("switch", "who verifies in BoringSSL's own program: here it is the engine"),
    "expect-verify-result": ("switch", "with a peer that must verify a handshake ends only if it did"),
    "expect-selected-credential": ("number", "with one credential, the runner checks what it was sent"),
    "expect-total-renegotiations": ("number", "the runner makes them, and waits for the end of each"),
    "partial-write": ("switch", "how OpenSSL's write is called, which is Python's affair"),
    "allow-hint-mismatch": ("switch", "for signing in another process, which is not done"),
}


def parse(arguments):
    """The settings of the first connection and of those that resume its session."""
    initial, resumed = Settings(), Settings()
    rest = iter(arguments)
    for argument in rest:
        name, elsewhere, targets = argument, False, (initial, resumed)
        for prefix in ("-on-shim-", "-on-handshaker-"):
            if name.startswith(prefix):
                name = name[len(prefix) - 1:]
                elsewhere = prefix == "-on-handshaker-"
        for prefix, chosen in (("-on-initial-", (initial,)), ("-on-resume-", (resumed,))):
            if name.startswith(prefix):
                name, targets = name[len(prefix) - 1:], chosen
        name = name[1:]
        kind = FLAGS.get(name) or WITHOUT_EFFECT.get(name, (None,))[0]
        if kind is None:
            raise Unimplemented(argument)
        value = None if kind == "switch" else next(rest)
        if elsewhere or name in WITHOUT_EFFECT:
            continue
        for settings in targets:
            _set(settings, name, kind, value)
    return initial, resumed


def _set(settings, name, kind, value):
    attribute = _attribute(name)
    if name in ("new-x509-credential", "key-file") and getattr(settings, attribute):
        raise Unimplemented("a choice among several credentials")
    if kind == "switch":
        value = True
    elif kind == "number":
        value = int(value)
    elif kind == "numbers":
        getattr(settings, attribute).append(int(value))
        return
    elif kind == "bytes":
        value = os.fsencode(value)
    setattr(settings, attribute, value)


def _attribute(name):
    return "async_" if name == "async" else name.replace("-", "_")
