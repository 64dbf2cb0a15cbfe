"""The few fields of a certificate that a reader looks for, out of its DER bytes: names and dates (RFC 5280, section 4.1)."""

import hashlib

ATTRIBUTES = {
    b"\x55\x04\x03": "CN", b"\x55\x04\x06": "C", b"\x55\x04\x07": "L", b"\x55\x04\x08": "ST", b"\x55\x04\x0a": "O", b"\x55\x04\x0b": "OU",
}
STRINGS = {0x1e: "utf-16-be", 0x1c: "utf-32-be", 0x14: "latin-1"}
ALTERNATIVE_NAMES = b"\x55\x1d\x11"


class Element(object):
    """One element of DER: tag, content, and what comes after it."""

    def __init__(self, data):
        if len(data) < 2:
            raise ValueError("truncated")
        self.tag, length, start = data[0], data[1], 2
        if length & 0x80:
            start += length & 0x7f
            length = int.from_bytes(data[2:start], "big")
        self.content, self.rest = data[start:start + length], data[start + length:]
        if len(self.content) < length:
            raise ValueError("truncated")

    def __iter__(self):
        data = self.content
        while data:
            inner = Element(data)
            yield inner
            data = inner.rest


def summary(der):
    """A dict of subject, issuer, dates, names and SHA-256 fingerprint."""
    result = {"sha256": hashlib.sha256(der).hexdigest(), "bytes": len(der)}
    try:
        fields = [field for field in next(iter(Element(der))) if field.tag != 0xa0]
        result["issuer"], result["subject"] = name(fields[2]), name(fields[4])
        result["not_before"], result["not_after"] = [moment(time) for time in fields[3]]
        result["names"] = [text for extensions in fields if extensions.tag == 0xa3 for text in alternative_names(extensions)]
    except (ValueError, IndexError, StopIteration):
        result["damaged"] = True
    return result


def name(element):
    """CN=www.example.org,O=Example,C=XY: the most particular first, in printable ASCII."""
    parts = []
    for relative in element:
        for attribute in relative:
            kind, value = list(attribute)[:2]
            text = value.content.decode(STRINGS.get(value.tag, "utf-8"), "replace")
            parts.append("%s=%s" % (ATTRIBUTES.get(kind.content, kind.content.hex() if hasattr(b"", "hex") else "?"), printable(text)))
    return ",".join(reversed(parts))


def printable(text):
    return "".join(letter if " " <= letter <= "~" else letter.encode("unicode_escape").decode() for letter in text)


def moment(element):
    """2026-11-30 12:00:00 UTC"""
    digits = element.content.decode("ascii")
    if element.tag == 0x17:
        digits = ("19" if digits[:2] >= "50" else "20") + digits
    return "%s-%s-%s %s:%s:%s UTC" % (digits[:4], digits[4:6], digits[6:8], digits[8:10], digits[10:12], digits[12:14])


def alternative_names(wrapper):
    for extension in next(iter(wrapper)):
        parts = list(extension)
        if parts[0].content == ALTERNATIVE_NAMES:
            for alternative in Element(parts[-1].content):
                if alternative.tag == 0x82:
                    yield printable(alternative.content.decode("latin-1"))
                elif alternative.tag == 0x87:
                    yield address(alternative.content)


def address(octets):
    if len(octets) == 4:
        return ".".join(str(octet) for octet in octets)
    return ":".join("%x" % int.from_bytes(octets[at:at + 2], "big") for at in range(0, len(octets), 2))
