"""Random programs of calls on one SSLContext and one MemoryBIO, from a seed: each call is a text that the player evaluates.

Left out of the tables is where the answer is known to differ and docs say why: old protocols, curves by the names of their groups, file
names that are not UTF-8. So is deleting an attribute, which ends CPython 3.13.
"""

import random

PROTOCOLS = ("PROTOCOL_TLS_CLIENT", "PROTOCOL_TLS_SERVER", "PROTOCOL_TLS")
ATTRIBUTES = ("options", "minimum_version", "maximum_version", "verify_mode", "verify_flags", "check_hostname", "num_tickets", "post_handshake_auth",
              "security_level", "hostname_checks_common_name", "sni_callback", "protocol", "_msg_callback")
SIMPLE = ("get_ca_certs", "session_stats", "cert_store_stats", "get_ciphers", "set_default_verify_paths")

# Expressions that the player evaluates: texts travel, values do not.
VALUES = ("None", "True", "False", "0", "1", "2", "3", "-1", "5", "0x303", "0x304", "2**31", "2**32", "2**63", "2**64", "2**70", "-2**31", "''", "'x'", "'1'",
          "b''", "b'x'", "1.5", "[]", "{}", "ssl.TLSVersion.TLSv1_2", "ssl.TLSVersion.MAXIMUM_SUPPORTED", "ssl.CERT_NONE", "ssl.CERT_REQUIRED",
          "ssl.VERIFY_X509_STRICT", "ssl.VERIFY_CRL_CHECK_LEAF", "ssl.OP_NO_TLSv1_3", "ssl.OP_ALL", "len")
KEY_LOGS = ("None", "'/nonexistent/x'", "5", "''", "'/'")
CIPHERS = ("'ECDHE+AESGCM+aRSA'", "''", "'x'", "'@SECLEVEL=9'", "'@SECLEVEL=2'", "'AES128-SHA'", "'TLS_AES_128_GCM_SHA256'", "'!ALL'", "'ALL:!ALL'",
           "'SUITEB128'", "'ALL\\0x'", "'\\xe9'", "None", "5", "b'ALL'")
FILES = ("path('ca.pem')", "path('server.pem')", "path('client.pem')", "path('server-ec.pem')", "path('nothing.pem')", "path('empty.pem')", "path('dh2048.pem')", "path('capath')",
         "''", "None", "5", "path('ca.pem').encode()", "'a\\0b'", "len")
DATA = ("text('ca.pem')", "text('ca.pem') * 2", "''", "'x'", "b''", "b'x'", "der('ca.pem')", "text('ca.pem')[:-40]", "'\\xe9' + text('ca.pem')", "None", "5",
        "text('ca.pem').encode()", "bytearray(b'x')", "'-----BEGIN CERTIFICATE-----\\n-----END CERTIFICATE-----\\n'", "text('ca.pem') + 'x'", "'x' + text('ca.pem')",
        "text('server.pem')", "der('ca.pem')[:-1]")
PASSWORDS = ("'x'", "b'x'", "None", "lambda: 'x'", "lambda: b'x'", "lambda: 5", "'x' * 1025", "5", "lambda: 1 / 0", "bytearray(b'x')")
PROTOCOL_LISTS = ("['h2']", "[]", "['h2', 'http/1.1']", "['x' * 255]", "['x' * 256]", "['']", "['\\xe9']", "'h2'", "None", "[b'h2']", "5", "('h2',)")
CURVES = ("'prime256v1'", "'nope'", "''", "None", "5", "b'prime256v1'", "b'nope'", "'secp384r1'")
NAMES = ("'localhost'", "''", "'example.org.'", "'.example.org'", "'\\xe9.org'", "'xn--9ca.org'", "'a' * 64 + '.org'", "'127.0.0.1'", "'::1'", "None", "5", "b'localhost'",
         "b'\\xff'", "'a\\0b'", "'*.example.org'", "'a b'", "'[::1]'", "'localhost:443'")
SIDES = ("True", "False", "0", "1", "None", "'x'")
SESSIONS = ("None", "None", "None", "5", "'x'")
BIO = ("bio.write(b'abc')", "bio.write(b'')", "bio.write(bytearray(b'x'))", "bio.write('x')", "bio.write(None)", "bio.write(5)", "bio.read()", "bio.read(0)", "bio.read(1)",
       "bio.read(2)", "bio.read(-1)", "bio.read(-5)", "bio.read(10**6)", "bio.read(None)", "bio.read('x')", "bio.read(2**70)", "bio.write_eof()", "bio.pending", "bio.eof")

# (weight, the call as an expression or an assignment, made of the rows that were drawn)
CALLS = [
    (6, lambda r: "context.%s = %s" % (r.choice(ATTRIBUTES), r.choice(VALUES))),
    (1, lambda r: "context.keylog_filename = %s" % r.choice(KEY_LOGS)),
    (4, lambda r: "context.%s" % r.choice(ATTRIBUTES + ("keylog_filename",))),
    (2, lambda r: "context.set_ciphers(%s)" % r.choice(CIPHERS)),
    (2, lambda r: "context.load_verify_locations(%s, %s, %s)" % (r.choice(FILES), r.choice(FILES + ("None",) * 9), r.choice(("None", r.choice(DATA))))),
    (1, lambda r: "context.load_verify_locations(cadata=%s)" % r.choice(DATA)),
    (2, lambda r: "context.load_cert_chain(%s, %s, %s)" % (r.choice(FILES), r.choice(("None", r.choice(FILES))), r.choice(("None", r.choice(PASSWORDS))))),
    (1, lambda r: "context.set_alpn_protocols(%s)" % r.choice(PROTOCOL_LISTS)),
    (1, lambda r: "context.%s()" % r.choice(SIMPLE)),
    (1, lambda r: "context.set_ecdh_curve(%s)" % r.choice(CURVES)),
    (1, lambda r: "context.load_dh_params(%s)" % r.choice(FILES)),
    (2, lambda r: "wrapped(%s, %s, %s)" % (r.choice(NAMES), r.choice(SIDES), r.choice(SESSIONS))),
    (2, lambda r: r.choice(BIO)),
]
WEIGHTS = [weight for weight, _ in CALLS]


def program(seed):
    r = random.Random(seed)
    return {"seed": seed, "protocol": r.choice(PROTOCOLS), "calls": [r.choices(CALLS, WEIGHTS)[0][1](r) for _ in range(r.randint(5, 25))]}
