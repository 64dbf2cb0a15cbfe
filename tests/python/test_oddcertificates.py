"""Certificates that say odd things, as trusted ones: what they are told as, and that one does not hide another."""

import base64
import os
import ssl
import tempfile
import unittest

import support

OURS = "SslModule" in ssl.OPENSSL_VERSION
COMMON_NAME = b"\x06\x03\x55\x04\x03"
UNIQUE_IDENTIFIER = b"\x06\x03\x55\x04\x2d"


def tlv(tag, *parts):
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        head = [length]
    elif length < 0x100:
        head = [0x81, length]
    else:
        head = [0x82, length >> 8, length & 0xff]
    return bytes(bytearray([tag] + head)) + content


def pieces(content):
    """The values that follow one another, each with its tag and length."""
    content, found, at = bytearray(content), [], 0
    while at < len(content):
        length, header = content[at + 1], 2
        if length > 0x80:
            header += length - 0x80
            length = 0
            for byte in content[at + 2:at + header]:
                length = length << 8 | byte
        found.append(bytes(content[at:at + header + length]))
        at += header + length
    return found


def inside(value):
    length = bytearray(value)[1]
    return value[2 + (length - 0x80 if length > 0x80 else 0):]


def name(*attributes):
    return tlv(0x30, *[tlv(0x31, tlv(0x30, kind, value)) for kind, value in attributes])


def bits(content, unused=0):
    return tlv(0x03, bytes(bytearray([unused])), content)


def authority(subject=None, issuer=None, start=None, end=None, signature=None, alternative=None):
    """The test authority's certificate with some of it changed; nobody checks the signature of what is trusted."""
    with open(support.data("ca.pem")) as file:
        signed, algorithm, own = pieces(inside(ssl.PEM_cert_to_DER_cert(file.read())))
    fields = pieces(inside(signed))
    dates = pieces(inside(fields[4]))
    fields[4] = tlv(0x30, start or dates[0], end or dates[1])
    fields[5] = subject or fields[5]
    fields[3] = issuer or fields[3]
    if alternative:
        extension = tlv(0x30, b"\x06\x03\x55\x1d\x11", tlv(0x04, tlv(0x30, alternative)))
        fields[7] = tlv(0xa3, tlv(0x30, inside(inside(fields[7])), extension))
    return tlv(0x30, tlv(0x30, *fields), algorithm, signature or own)


def told(der):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=der)
    (info,) = context.get_ca_certs()
    return info


def pem(der):
    text = base64.b64encode(der).decode()
    return "\n".join(["-----BEGIN CERTIFICATE-----"] + [text[at:at + 64] for at in range(0, len(text), 64)] + ["-----END CERTIFICATE-----", ""])


class TestNames(support.TestCase):
    def test_bits_are_bytes(self):
        text = (COMMON_NAME, tlv(0x0c, b"with bits"))
        for value, expected in ((bits(b"ab"), b"ab"), (bits(b"\xff\xe4\0"), b"\xff\xe4\0"), (bits(b"a\x60", 3), b"a\x60"),
                                (bits(b"a\x67", 3), b"a\x60"), (bits(b""), None), (bits(b"", 7), None)):
            expected = ((("commonName", "with bits"),), (("x500UniqueIdentifier", expected),))
            subject = name(text, (UNIQUE_IDENTIFIER, value))
            self.assertEqual(told(authority(subject=subject))["subject"], expected)
            self.assertEqual(told(authority(issuer=subject))["issuer"], expected)
            info = told(authority(alternative=tlv(0xa4, subject)))
            self.assertEqual(info["subjectAltName"], (("DirName", expected),))

    def test_values_that_are_none(self):
        for value in (bits(b"ab", 8), tlv(0x03), tlv(0x2c, b"leaf"), tlv(0x10, b"\x05\x00"), tlv(0x04, b"ab"), tlv(0x0c, b"\xff")):
            self.assertRaises(ssl.SSLError, told, authority(subject=name((COMMON_NAME, value))))

    @unittest.skipUnless(OURS, "OpenSSL reads BER and puts the pieces together")
    def test_values_in_pieces(self):
        for value in (tlv(0x2c, tlv(0x0c, b"leaf")), tlv(0x33, tlv(0x13, b"le"), tlv(0x13, b"af")), tlv(0x23, bits(b"ab"))):
            self.assertRaises(ssl.SSLError, told, authority(subject=name((COMMON_NAME, value))))


    @unittest.skipIf(support.IRONPYTHON and not OURS, "has no such objects")
    def test_in_one_line(self):
        subject = name((b"\x06\x03\x2a\x03\x04", tlv(0x0c, b"v")), (b"\x06\x03\x55\x04\x0c", tlv(0x0c, b"Dr")),
                       (b"\x06\x03\x55\x04\x0d", tlv(0x1e, b"\0d\x4e\x2d")), (COMMON_NAME, tlv(0x0c, u"#\u00e4, ".encode("utf-8"))),
                       (UNIQUE_IDENTIFIER, bits(b"a\x67", 3)), (COMMON_NAME, tlv(0x30, b"\x02\x01\x05")))
        place, path = tempfile.mkstemp()
        try:
            with open(support.data("server.pem")) as file:
                os.write(place, (file.read() + pem(authority(subject=subject))).encode())
            os.close(place)
            server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            server.load_cert_chain(path)
        finally:
            os.remove(path)
        near, far = support.tls_pair(support.careless_context(), server)
        with near, far:
            told = repr(near._sslobj.get_unverified_chain()[1])
        self.assertEqual(told, "<_ssl.Certificate 'CN=#3003020105,x500UniqueIdentifier=#0303036160,CN=\\#\\C3\\A4\\,\\ ,"
                         "description=d\\E4\\B8\\AD,title=Dr,1.2.3.4=#0C0176'>")


class TestDates(support.TestCase):
    def test_every_year(self):
        for time, expected in ((b"00000101000000Z", "Jan  1 00:00:00 0 GMT"), (b"00000229235959Z", "Feb 29 23:59:59 0 GMT"),
                               (b"00010101000000Z", "Jan  1 00:00:00 1 GMT"), (b"15821010000000Z", "Oct 10 00:00:00 1582 GMT"),
                               (b"99991231235959Z", "Dec 31 23:59:59 9999 GMT"), (b"20491231000000.5Z", "Dec 31 00:00:00.5 2049 GMT"),
                               (b"20240229120000Z", "Feb 29 12:00:00 2024 GMT"), (b"204912310000Z", "Dec 31 00:00:00 2049 GMT")):
            info = told(authority(start=tlv(0x18, time), end=tlv(0x18, time)))
            self.assertEqual((info["notBefore"], info["notAfter"]), (expected, expected))

    def test_no_dates(self):
        for time in (b"00000230000000Z", b"20230229000000Z", b"20491231235960Z", b"99991231235960Z", b"204912310000.5Z",
                     b"20491231000000", b"20491231 00000Z", b""):
            self.assertEqual(told(authority(end=tlv(0x18, time)))["notAfter"], "Bad time value")

    def check(self, root, code):
        """A server whose root is this; the leaf's signature is by the test authority's key, so it is good."""
        client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        client.load_verify_locations(cadata=root)
        with self.assertRaises(ssl.SSLCertVerificationError) as caught:
            support.tls_pair(client, support.server_context())
        self.assertEqual(caught.exception.verify_code, code)

    def test_verification(self):
        for time, start, end in ((b"204912310000.5Z", 13, 14), (b"00000230000000Z", 13, 14), (b"99991231235959Z", 9, None),
                                 (b"00000101000000Z", None, 10)):
            if start:
                self.check(authority(start=tlv(0x18, time)), start)
            if end:
                self.check(authority(end=tlv(0x18, time)), end)


class TestSignatures(support.TestCase):
    def test_one_with_unused_bits_does_not_hide_another(self):
        odd = [authority(subject=name((COMMON_NAME, tlv(0x0c, b"odd"))), signature=signature)
               for signature in (bits(b"\x12\x34\x57", 3), bits(b"\x12\x34\x50", 4), bits(b""))]
        with open(support.data("ca.pem")) as file:
            good = file.read()
        text = "".join(pem(one) for one in odd) + good
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=text)
        self.assertEqual(len(context.get_ca_certs()), 4)
        place, path = tempfile.mkstemp()
        try:
            os.write(place, text.encode())
            os.close(place)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.load_verify_locations(path)
            self.assertEqual(len(context.get_ca_certs()), 4)
        finally:
            os.remove(path)

    def test_no_signature_at_all(self):
        for signature in (bits(b"\x12\x34", 8), tlv(0x03), tlv(0x04, b"\0\x12")):
            self.assertRaises(ssl.SSLError, told, authority(signature=signature))


if __name__ == "__main__":
    unittest.main()
