"""What the messages of a handshake hold, as SSLContext._msg_callback reports them: names, sizes, choices."""

HELLO_RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
TLS13 = 0x0304
HANDSHAKE, ALERT, CHANGE_CIPHER_SPEC = 22, 21, 20

VERSIONS = {0x0300: "SSLv3", 0x0301: "TLSv1", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2", 0x0304: "TLSv1.3"}
# The registries of IANA, by the names that the RFCs give.
MESSAGES = {
    0: "HelloRequest", 1: "ClientHello", 2: "ServerHello", 4: "NewSessionTicket", 5: "EndOfEarlyData", 8: "EncryptedExtensions",
    11: "Certificate", 12: "ServerKeyExchange", 13: "CertificateRequest", 14: "ServerHelloDone", 15: "CertificateVerify",
    16: "ClientKeyExchange", 20: "Finished", 22: "CertificateStatus", 24: "KeyUpdate",
}
EXTENSIONS = {
    0: "server_name", 1: "max_fragment_length", 5: "status_request", 10: "supported_groups", 11: "ec_point_formats",
    13: "signature_algorithms", 16: "application_layer_protocol_negotiation", 18: "signed_certificate_timestamp", 21: "padding",
    22: "encrypt_then_mac", 23: "extended_master_secret", 27: "compress_certificate", 28: "record_size_limit", 35: "session_ticket",
    41: "pre_shared_key", 42: "early_data", 43: "supported_versions", 44: "cookie", 45: "psk_key_exchange_modes",
    47: "certificate_authorities", 48: "oid_filters", 49: "post_handshake_auth", 50: "signature_algorithms_cert", 51: "key_share",
    65037: "encrypted_client_hello", 65281: "renegotiation_info",
}
GROUPS = {
    22: "secp256k1", 23: "secp256r1", 24: "secp384r1", 25: "secp521r1", 26: "brainpoolP256r1", 27: "brainpoolP384r1", 28: "brainpoolP512r1",
    29: "x25519", 30: "x448", 31: "brainpoolP256r1tls13", 32: "brainpoolP384r1tls13", 33: "brainpoolP512r1tls13",
    256: "ffdhe2048", 257: "ffdhe3072", 258: "ffdhe4096", 259: "ffdhe6144", 260: "ffdhe8192",
    512: "MLKEM512", 513: "MLKEM768", 514: "MLKEM1024", 4587: "SecP256r1MLKEM768", 4588: "X25519MLKEM768", 4589: "SecP384r1MLKEM1024",
}
SIGNATURES = {
    0x0201: "rsa_pkcs1_sha1", 0x0203: "ecdsa_sha1", 0x0401: "rsa_pkcs1_sha256", 0x0501: "rsa_pkcs1_sha384", 0x0601: "rsa_pkcs1_sha512",
    0x0403: "ecdsa_secp256r1_sha256", 0x0503: "ecdsa_secp384r1_sha384", 0x0603: "ecdsa_secp521r1_sha512", 0x0804: "rsa_pss_rsae_sha256",
    0x0805: "rsa_pss_rsae_sha384", 0x0806: "rsa_pss_rsae_sha512", 0x0807: "ed25519", 0x0808: "ed448", 0x0809: "rsa_pss_pss_sha256",
    0x080a: "rsa_pss_pss_sha384", 0x080b: "rsa_pss_pss_sha512", 0x081a: "ecdsa_brainpoolP256r1tls13_sha256",
    0x081b: "ecdsa_brainpoolP384r1tls13_sha384", 0x081c: "ecdsa_brainpoolP512r1tls13_sha512", 0x0904: "mldsa44", 0x0905: "mldsa65", 0x0906: "mldsa87",
}
ALERTS = {
    0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 22: "record_overflow", 40: "handshake_failure", 42: "bad_certificate",
    43: "unsupported_certificate", 44: "certificate_revoked", 45: "certificate_expired", 46: "certificate_unknown", 47: "illegal_parameter",
    48: "unknown_ca", 49: "access_denied", 50: "decode_error", 51: "decrypt_error", 70: "protocol_version", 71: "insufficient_security",
    80: "internal_error", 86: "inappropriate_fallback", 90: "user_canceled", 100: "no_renegotiation", 109: "missing_extension",
    110: "unsupported_extension", 112: "unrecognized_name", 113: "bad_certificate_status_response", 115: "unknown_psk_identity",
    116: "certificate_required", 120: "no_application_protocol",
}


# Signals in the place of a cipher: secure renegotiation (RFC 5746), a repeated attempt with an older version (RFC 7507).
SIGNALS = (0x00ff, 0x5600)


def is_grease(number):
    """Is this a number without a meaning, sent so that others get used to unknown ones (RFC 8701)?"""
    return number & 0x0f0f == 0x0a0a and number >> 8 == number & 0xff


def named(table, number):
    return table.get(number) or ("GREASE" if is_grease(number) else "0x%04x" % number)


class Short(Exception):
    """A message ends before its fields do."""


class Reader(object):
    """Takes the fields of a message off its front."""

    def __init__(self, data):
        self.data, self.at = bytes(data), 0

    def __bool__(self):
        return self.at < len(self.data)

    def take(self, count):
        piece = self.data[self.at:self.at + count]
        if len(piece) < count:
            raise Short()
        self.at += count
        return piece

    def number(self, size):
        return int.from_bytes(self.take(size), "big")

    def vector(self, size):
        """A field with its length before it."""
        return Reader(self.take(self.number(size)))

    def numbers(self, size=2):
        found = []
        while self:
            found.append(self.number(size))
        return found

    def extensions(self, optional=False):
        """[(type, Reader of its content)], empty where a message that may be without extensions ends."""
        found = []
        block = self if optional and not self else self.vector(2)
        while block:
            kind = block.number(2)
            found.append((kind, block.vector(2)))
        return found


def describe(version, content_type, data, suites):
    """A dict of what a message holds, or None for what is no message.

    suites has the names of ciphers by number. "certificates" are DER bytes.
    """
    if content_type == CHANGE_CIPHER_SPEC:
        return {"name": "ChangeCipherSpec", "bytes": len(data)}
    if content_type == ALERT and len(data) == 2:
        return {"name": "Alert", "bytes": 2, "alert": ALERTS.get(data[1], str(data[1])), "fatal": data[0] == 2}
    if content_type != HANDSHAKE or len(data) < 4:
        return None
    result = {"name": MESSAGES.get(data[0], "message %d" % data[0]), "bytes": len(data)}
    read = READERS.get(data[0])
    if read is not None:
        reader = Reader(data)
        reader.take(4)
        try:
            read(reader, result, version == TLS13, suites)
        except Short:
            result["damaged"] = True
    return result


def _names(extensions):
    return [named(EXTENSIONS, kind) for kind, _ in extensions if not is_grease(kind)]


def _client_hello(reader, result, tls13, suites):
    newest = reader.number(2)
    reader.take(32)
    reader.vector(1)
    offered = [suite for suite in reader.vector(2).numbers() if not is_grease(suite) and suite not in SIGNALS]
    reader.vector(1)
    extensions = reader.extensions(optional=True)
    result["extensions"] = _names(extensions)
    result["ciphers"] = [named(suites, suite) for suite in offered]
    result["versions"] = [named(VERSIONS, newest)]
    for kind, content in extensions:
        if kind == 43:
            result["versions"] = [named(VERSIONS, number) for number in content.vector(1).numbers() if not is_grease(number)]
        elif kind == 10:
            result["groups"] = [named(GROUPS, number) for number in content.vector(2).numbers() if not is_grease(number)]
        elif kind == 51:
            shares, result["key_shares"] = content.vector(2), []
            while shares:
                group = shares.number(2)
                shares.vector(2)
                if not is_grease(group):
                    result["key_shares"].append(named(GROUPS, group))


def _server_hello(reader, result, tls13, suites):
    version = reader.number(2)
    if reader.take(32) == HELLO_RETRY:
        result["name"] = "HelloRetryRequest"
    reader.vector(1)
    result["cipher"] = named(suites, reader.number(2))
    reader.take(1)
    extensions = reader.extensions(optional=True)
    result["extensions"] = _names(extensions)
    for kind, content in extensions:
        if kind == 43:
            version = content.number(2)
        elif kind == 51:
            result["group"] = named(GROUPS, content.number(2))
    result["version"] = named(VERSIONS, version)


def _encrypted_extensions(reader, result, tls13, suites):
    result["extensions"] = _names(reader.extensions())


def _certificate(reader, result, tls13, suites):
    if tls13:
        reader.vector(1)
    listed, result["certificates"] = reader.vector(3), []
    while listed:
        result["certificates"].append(listed.vector(3).data)
        if tls13:
            listed.extensions()


def _certificate_request(reader, result, tls13, suites):
    if tls13:
        reader.vector(1)
        result["extensions"] = _names(reader.extensions())


def _certificate_verify(reader, result, tls13, suites):
    result["signature"] = named(SIGNATURES, reader.number(2))


def _new_session_ticket(reader, result, tls13, suites):
    result["lifetime"] = reader.number(4)


READERS = {1: _client_hello, 2: _server_hello, 4: _new_session_ticket, 8: _encrypted_extensions, 11: _certificate,
           13: _certificate_request, 15: _certificate_verify}
