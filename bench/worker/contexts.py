"""What connections are made with: a context for each configuration, and the place that a driver's connections go to."""

import os
import socket
import ssl
import time
from collections import namedtuple

from orders import ORDER, exactly, padded

# `version`: the newest that is spoken, None for the newest there is. `cipher`: None for the first choice of both sides, which is
# AES-256-GCM. `groups`: "default" for what each side offers, where both ends of ours, and OpenSSL 3.5 and newer, take
# X25519MLKEM768; "X25519" where every side shall do the same work.
Configuration = namedtuple("Configuration", "key version cipher groups")

# "tcp" has no TLS at all: what a connection costs that is not SslModule's or OpenSSL's.
CONFIGURATIONS = {
    "tcp": None,
    "ec13": Configuration("ec", None, None, "default"),
    "ec13-x25519": Configuration("ec", None, None, "X25519"),
    "ec13-aes128": Configuration("ec", None, "TLS_AES_128_GCM_SHA256", "default"),
    "ec13-chacha20": Configuration("ec", None, "TLS_CHACHA20_POLY1305_SHA256", "default"),
    "rsa13-x25519": Configuration("rsa", None, None, "X25519"),
    "ec12": Configuration("ec", "TLSv1_2", None, "default"),
    "ec12-aes128": Configuration("ec", "TLSv1_2", "ECDHE-ECDSA-AES128-GCM-SHA256", "default"),
    "ec12-chacha20": Configuration("ec", "TLSv1_2", "ECDHE-ECDSA-CHACHA20-POLY1305", "default"),
    "rsa12": Configuration("rsa", "TLSv1_2", None, "default"),
}


def context(folder, name, server_side):
    configuration = CONFIGURATIONS[name]
    if configuration is None:
        return None
    if server_side:
        made = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_SERVER", ssl.PROTOCOL_SSLv23))
        made.load_cert_chain(os.path.join(folder, configuration.key + ".pem"))
    else:
        made = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_CLIENT", ssl.PROTOCOL_SSLv23))
        made.verify_mode = ssl.CERT_REQUIRED
        made.check_hostname = True
        made.load_verify_locations(os.path.join(folder, "ca.crt"))
    if configuration.version and hasattr(ssl, "TLSVersion"):
        made.maximum_version = getattr(ssl.TLSVersion, configuration.version)
    if configuration.cipher:
        choose_cipher(made, configuration.cipher)
    if configuration.groups != "default":
        choose_groups(made, configuration.groups)
    return made


def choose_cipher(made, cipher):
    if not cipher.startswith("TLS_"):
        made.set_ciphers(cipher)
    elif hasattr(made, "set_ciphersuites"):
        made.set_ciphersuites(cipher)
    else:
        raise ValueError("before Python 3.15 no program chooses a cipher suite of TLS 1.3")


def choose_groups(made, groups):
    if hasattr(made, "set_groups"):
        made.set_groups(groups)
    else:
        made.set_ecdh_curve(groups)


class Place(object):
    """Where a driver's connections go. `port` is that of the configuration's server, or what kept it from being one."""

    def __init__(self, folder, configuration, port):
        self.folder, self.configuration, self.port = folder, configuration, port

    def context(self, server_side=False):
        return context(self.folder, self.configuration, server_side)

    def connect(self, made, session=None):
        """A connection whose handshake is done."""
        if not isinstance(self.port, int):
            raise ValueError(self.port)
        plain = socket.create_connection(("127.0.0.1", self.port))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if made is None:
            return plain
        if session is None:
            return made.wrap_socket(plain, server_hostname="localhost")
        return made.wrap_socket(plain, server_hostname="localhost", session=session)

    def ordered(self, text, made=None, session=None):
        """A connection whose server has been told what to do."""
        connection = self.connect(made or self.context(), session)
        connection.sendall(padded(text))
        return connection

    def cost(self, made=None):
        """The processor seconds of both ends' processes together, and the server's resident bytes."""
        connection = self.ordered("cost", made)
        seconds, size = exactly(connection, ORDER).split()
        connection.close()
        return time.process_time() + float(seconds), int(size)
