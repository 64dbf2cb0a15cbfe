"""Cipher strings that nobody wrote, and what a host's ssl makes of them.

    python3 -I tests/python/cipherstrings.py SEED COUNT

prints for each string the names in the list, or null where it is refused, and the security level behind it, as JSON.
"""

import json
import random
import ssl
import sys

WORDS = """
    ALL COMPLEMENTOFALL COMPLEMENTOFDEFAULT DEFAULT HIGH MEDIUM LOW FIPS eNULL NULL aNULL kRSA aRSA RSA kDHE kEDH DH kDHEr
    kDHr kDHd kECDHE kEECDH ECDH ECDHE EECDH AECDH ADH DHE EDH aDSS DSS aECDSA ECDSA kPSK kRSAPSK kDHEPSK kECDHEPSK aPSK PSK
    SRP kSRP aSRP aGOST kGOST TLSv1.2 TLSv1.0 TLSv1 SSLv3 AES128 AES256 AES AESGCM AESCCM AESCCM8 ARIA ARIA128 ARIA256 ARIAGCM
    CAMELLIA CAMELLIA128 CAMELLIA256 CHACHA20 3DES DES RC4 RC2 IDEA SEED MD5 SHA1 SHA SHA256 SHA384 GOST94 CBC SUITEB128
    SUITEB192 SUITEB128ONLY EXP EXPORT nonsense ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384 AES128-SHA
    AES256-SHA256 DHE-RSA-AES128-SHA ECDHE-PSK-CHACHA20-POLY1305 NULL-SHA256 PSK-AES128-CBC-SHA ADH-AES128-SHA AECDH-NULL-SHA
    DHE-RSA-CAMELLIA256-SHA ARIA128-GCM-SHA256 AES128-CCM8 DES-CBC3-SHA DHE-DSS-AES128-SHA SRP-AES-128-CBC-SHA
    TLS_AES_128_GCM_SHA256""".split()
COMMANDS = ["@STRENGTH"] * 5 + ["@SECLEVEL=%d" % level for level in range(7)] + ["@NONSENSE", "@SECLEVEL=", "@SECLEVEL"]

# docs/ciphers.md: what OpenSSL has and the engine has not, and what the engine has and usual builds of OpenSSL have not.
ABSENT = ("DSS", "SRP", "NULL-MD5")
EXTRA = ("3DES", "DES-CBC3")


def strings(seed, count):
    choose = random.Random(seed)
    for _ in range(count):
        yield "".join(pieces(choose))


def pieces(choose):
    if choose.random() < 0.05:
        yield choose.choice(["DEFAULT:", "DEFAULT", "SUITEB128:", "ALL:", ":", "::"])
    separator = choose.choice([":", ":", ":", ":", ",", " ", ";"])
    for place in range(choose.randint(1, 7)):
        yield separator if place else ""
        if choose.random() < 0.07:
            yield choose.choice(COMMANDS)
        else:
            yield choose.choice(["", "", "", "!", "-", "+"] if place else ["", "", "", "", "!", "-", "+"])
            yield "+".join(choose.choice(WORDS) for _ in range(choose.choice([1, 1, 1, 2, 2, 3])))
    if choose.random() < 0.03:
        yield choose.choice([":", "+", "!", "*", "-", " "])


def lists(seed, count):
    answers = []
    for string in strings(seed, count):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.set_ciphers(string)
        except ssl.SSLError:
            answers.append([string, None, context.security_level])
        else:
            names = [cipher["name"] for cipher in context.get_ciphers() if cipher["protocol"] != "TLSv1.3"]
            answers.append([string, names, context.security_level])
    return answers


def common(names, without=()):
    """What both have, and has none of these parts; a list of nothing else is as good as a refused one."""
    return [name for name in names or () if not any(part in name for part in ABSENT + EXTRA + tuple(without))] or None


if __name__ == "__main__":
    print(json.dumps(lists(int(sys.argv[1]), int(sys.argv[2]))))
