"""TLS for Python sockets, on IronPython and on CPython.

This file is the Python half of the ssl module; the other half, _ssl, is written in C# and does the
cryptography. One text serves every host, so it keeps to the grammar and the standard library of
Python 3.4.

    socket in, socket out   SSLContext.wrap_socket() -> SSLSocket, wrap_socket()
    bytes in, bytes out     SSLContext.wrap_bio()    -> SSLObject over two MemoryBIOs
    settings                SSLContext, create_default_context(), Purpose
    what can go wrong       SSLError and its subclasses

The sections, in order: what _ssl gives, constants as enums, certificates and names, contexts,
connections (what socket and memory BIO share), SSLObject, SSLSocket, and the functions of the module.
"""

import errno
import os
import socket as _socket_module
import sys
from collections import OrderedDict as _OrderedDict, namedtuple
from enum import Enum as _Enum, IntEnum as _IntEnum
from socket import SOCK_STREAM, SOL_SOCKET, SO_TYPE, create_connection, socket

try:
    import _ssl
except Exception as error:
    # IronPython says no more than that a call by reflection has failed when one of the assemblies is missing or another release's.
    reason = getattr(error, "clsException", error)
    while getattr(reason, "InnerException", None) is not None:
        reason = reason.InnerException
    raise ImportError("_ssl cannot be loaded: " + " ".join(str(getattr(reason, "Message", reason)).split()))


def _other_half(version):
    """Why _ssl is not the half that belongs to this file, in one line; None if it is."""
    if "(SslModule %s," % version in _ssl.OPENSSL_VERSION:
        return None
    where, reason = getattr(_ssl, "__file__", None), ""
    if sys.implementation.name == "ironpython":
        import clr
        where = clr.GetClrType(_ssl._SSLContext).Assembly.Location
    if "(SslModule " in _ssl.OPENSSL_VERSION:
        found = "that of " + _ssl.OPENSSL_VERSION
    else:
        found = "the interpreter's own _ssl"
        if sys.implementation.name == "ironpython":
            reason = "; " + _not_loaded()
    return "ssl.py of SslModule %s (%s) needs the _ssl of the same release and found %s (%s)%s" % (
        version, __file__, found, where or "built in", reason)


def _not_loaded():
    """Why IronPython has not taken the module from its folder DLLs."""
    import clr
    name = "SslModule.IronPython.dll"
    try:
        library = clr.LoadAssemblyFromFile(name)
        if library is None:
            return "%s is not in the console's folder DLLs, and no program has called UseSslModule()" % name
        library.GetExportedTypes()
    except Exception as error:
        return "%s cannot be loaded: %s" % (name, " ".join(str(error).split()))
    return "UseSslModule() must come before a script imports either"


# Two halves from different releases would fail later and in places that tell nothing.
_mismatch = _other_half("0.1.0")
if _mismatch:
    raise ImportError(_mismatch)
del _mismatch, _other_half, _not_loaded

from _ssl import (
    _SSLContext, MemoryBIO, SSLSession,
    SSLError, SSLZeroReturnError, SSLWantReadError, SSLWantWriteError, SSLSyscallError, SSLEOFError,
    SSLCertVerificationError,
    OPENSSL_VERSION, OPENSSL_VERSION_INFO, OPENSSL_VERSION_NUMBER, _OPENSSL_API_VERSION,
    RAND_add, RAND_bytes, RAND_status,
    txt2obj as _txt2obj, nid2obj as _nid2obj,
)

# As many bytes of a file as leave in one system call.
_SENDFILE_BLOCK = 1 << 18

# IronPython takes family and type from the socket that a number stands for; to ask for them takes it as long as 500 records.
_KNOWN_BY_NUMBER = sys.implementation.name == "ironpython"

_GLOBAL_DEFAULT_TIMEOUT = _socket_module._GLOBAL_DEFAULT_TIMEOUT

socket_error = OSError
CertificateError = SSLCertVerificationError

# Where CPython has changed its mind over the years, the running version decides.
_SINCE_3_7 = sys.hexversion >= 0x03070000
_SINCE_3_8 = sys.hexversion >= 0x03080000
_SINCE_3_10 = sys.hexversion >= 0x030A0000
_SINCE_3_13 = sys.hexversion >= 0x030D0000
_SINCE_3_14 = sys.hexversion >= 0x030E0000


def _deprecated(text, stacklevel=2):
    """Warns the caller of our caller, on the Python versions that warn at all."""
    if _SINCE_3_10:
        import warnings
        warnings.warn(text, DeprecationWarning, stacklevel=stacklevel + 1)


def _also_named(**spellings):
    """Lets a function take keyword arguments by the names an older page gave them: old='new'."""
    def decorate(function):
        def wrapper(*args, **kwargs):
            for old, new in spellings.items():
                if old in kwargs:
                    if new in kwargs:
                        raise TypeError("%s() got both %r and %r" % (function.__name__, old, new))
                    kwargs[new] = kwargs.pop(old)
            return function(*args, **kwargs)
        wrapper.__name__ = function.__name__
        wrapper.__qualname__ = function.__qualname__
        wrapper.__doc__ = function.__doc__
        wrapper.__wrapped__ = function
        return wrapper
    return decorate


# ---------------------------------------------------------------------------------------------
# Constants
# ---------------------------------------------------------------------------------------------

if _SINCE_3_8:
    from enum import IntFlag as _IntFlag

    def _make_enum(name, members, kind=int):
        if kind is int:
            return _IntEnum(name, members, module=__name__)
        return _Enum(name, members, module=__name__, type=kind)

    def _constants(base, name, prefix, leave_out=()):
        """The integers of _ssl that begin with a prefix, as one enum; each is a name of this module too."""
        return base._convert_(name, __name__, lambda member: member.startswith(prefix) and member not in leave_out, source=_ssl)

    _record = namedtuple
else:
    from operator import itemgetter

    # The same for IronPython, of the same kinds and with the same members. Its standard library's own ways, loops over every name
    # there is and a text that namedtuple() compiles, take it longer than all the rest of this file.

    class _Members(dict):
        """What an enum's members are found in by name, in their order."""

        def __init__(self, members):
            self._names = [name for name, _ in members]

        def __iter__(self):
            return iter(self._names)

        keys, values, items = _OrderedDict.keys, _OrderedDict.values, _OrderedDict.items

    def _make_enum(name, members, kind=int):
        by_name, by_value, names = _Members(members), {}, []
        enum = type.__new__(type(_Enum), name, (_IntEnum,) if kind is int else (kind, _Enum), {
            "__module__": __name__, "__new__": _Enum.__new__, "__reduce_ex__": _Enum.__reduce_ex__,
            "__repr__": _Enum.__repr__, "__str__": _Enum.__str__, "_member_type_": kind,
            "_member_names_": names, "_member_map_": by_name, "_value2member_map_": by_value})
        for name, value in members:
            member = kind.__new__(enum, value)
            value = kind(value)
            if value in by_value:
                member = by_value[value]
            else:
                member._name_, member._value_, member.__objclass__ = name, value, enum
                by_value[value] = member
                names.append(name)
            by_name[name] = member
        return enum

    class _FlagType(type):
        """The members of a class of flags are its attributes."""

        def __getattr__(cls, name):
            if name not in cls.__members__:
                raise AttributeError(name)
            return cls.__members__[name]

    class _IntFlag(int, metaclass=_FlagType):
        """What Python 3.6 calls enum.IntFlag."""

        __members__ = {}

        def __repr__(self):
            names = [name for name, member in type(self).__members__.items()
                     if member and int(self) & int(member) == int(member)]
            return "<%s.%s: %d>" % (type(self).__name__, "|".join(reversed(names)) or "0", self)

        def __str__(self):
            return int.__repr__(self)

        def _combine(operation):
            def combined(self, other):
                value = operation(self, other)
                return value if value is NotImplemented else type(self)(value)
            return combined

        __or__ = __ror__ = _combine(int.__or__)
        __and__ = __rand__ = _combine(int.__and__)
        __xor__ = __rxor__ = _combine(int.__xor__)
        del _combine

        def __invert__(self):
            return type(self)(int.__invert__(self))

        @property
        def value(self):
            return int(self)

        @property
        def name(self):
            for name, member in type(self).__members__.items():
                if member == self:
                    return name
            return None

    def _make_flags(name, members):
        by_name = _Members(members)
        flags = _FlagType(name, (_IntFlag,), {"__module__": __name__, "__members__": by_name})
        for member, value in members:
            by_name[member] = int.__new__(flags, value)
        return flags

    def _constants(base, name, prefix, leave_out=()):
        members = [pair for pair in _ssl._constants(prefix) if pair[0] not in leave_out]
        enum = _make_flags(name, members) if base is _IntFlag else _make_enum(name, members)
        globals().update(enum.__members__)
        return enum

    class _Source(object):
        """The text that namedtuple() would have compiled."""

        def __get__(self, instance, owner):
            return namedtuple(owner.__name__, owner._fields)._source

    def _record(name, fields):
        """collections.namedtuple()"""
        arguments = ", ".join(fields)

        def _make(cls, iterable, new=tuple.__new__, len=len):
            "Make a new {} object from a sequence or iterable"
            result = new(cls, iterable)
            if len(result) != len(fields):
                raise TypeError("Expected %d arguments, got %d" % (len(fields), len(result)))
            return result

        def _replace(_self, **kwds):
            "Return a new {} object replacing specified fields with new values"
            result = _self._make(map(kwds.pop, fields, _self))
            if kwds:
                raise ValueError("Got unexpected field names: %r" % list(kwds))
            return result

        def __repr__(self):
            "Return a nicely formatted representation string"
            return self.__class__.__name__ + shown % self

        def _asdict(self):
            "Return a new OrderedDict which maps field names to their values."
            return _OrderedDict(zip(self._fields, self))

        def __getnewargs__(self):
            "Return self as a plain tuple.  Used by copy and pickle."
            return tuple(self)

        shown = "(%s)" % ", ".join([field + "=%r" for field in fields])
        new = eval("lambda _cls, %s: _new(_cls, (%s))" % (arguments, arguments), {"_new": tuple.__new__})
        new.__name__ = new.__qualname__ = "__new__"
        new.__doc__ = "Create new instance of %s(%s)" % (name, arguments)
        _make.__doc__, _replace.__doc__ = _make.__doc__.format(name), _replace.__doc__.format(name)
        members = {
            "__doc__": "%s(%s)" % (name, arguments), "__module__": __name__, "__slots__": (), "_fields": fields, "_source": _Source(),
            "__new__": new, "_make": classmethod(_make), "_replace": _replace, "__repr__": __repr__, "_asdict": _asdict,
            "__getnewargs__": __getnewargs__}
        for index, field in enumerate(fields):
            members[field] = property(itemgetter(index), doc="Alias for field number %d" % index)
        return type(name, (tuple,), members)


_SSLMethod = _constants(_IntEnum, "_SSLMethod", "PROTOCOL_", ("PROTOCOL_SSLv23",))
Options = _constants(_IntFlag, "Options", "OP_")
AlertDescription = _constants(_IntEnum, "AlertDescription", "ALERT_DESCRIPTION_")
SSLErrorNumber = _constants(_IntEnum, "SSLErrorNumber", "SSL_ERROR_")
VerifyFlags = _constants(_IntFlag, "VerifyFlags", "VERIFY_")
VerifyMode = _constants(_IntEnum, "VerifyMode", "CERT_")

# Programs for Python 3.4 go through _PROTOCOL_NAMES and use each protocol at both ends. Those for one end are of Python 3.6.
_PROTOCOL_NAMES, _OTHER_NAMES = {}, {}
for _name in _SSLMethod._member_names_:
    _later = sys.version_info < (3, 6) and _name in ("PROTOCOL_TLS_CLIENT", "PROTOCOL_TLS_SERVER")
    (_OTHER_NAMES if _later else _PROTOCOL_NAMES)[globals()[_name]] = _name
del _later
PROTOCOL_SSLv23 = _SSLMethod.PROTOCOL_SSLv23 = PROTOCOL_TLS

# SSL 2.0 has a number, so that old programs load and make contexts, and no implementation: every handshake is refused.
PROTOCOL_SSLv2 = 0
_OTHER_NAMES[PROTOCOL_SSLv2] = "PROTOCOL_SSLv2"
_SSLv2_IF_EXISTS = None

for _name in dir(_ssl):
    if _name.startswith("HAS_"):
        globals()[_name] = getattr(_ssl, _name)
del _name
HAS_NEVER_CHECK_COMMON_NAME = hasattr(_ssl, "HOSTFLAG_NEVER_CHECK_SUBJECT")

CHANNEL_BINDING_TYPES = ["tls-unique"] if getattr(_ssl, "HAS_TLS_UNIQUE", True) else []

_DEFAULT_CIPHERS = _ssl._DEFAULT_CIPHERS
_RESTRICTED_SERVER_CIPHERS = _DEFAULT_CIPHERS

TLSVersion = _make_enum("TLSVersion", [
    ("MINIMUM_SUPPORTED", _ssl.PROTO_MINIMUM_SUPPORTED),
    ("SSLv3", _ssl.PROTO_SSLv3),
    ("TLSv1", _ssl.PROTO_TLSv1),
    ("TLSv1_1", _ssl.PROTO_TLSv1_1),
    ("TLSv1_2", _ssl.PROTO_TLSv1_2),
    ("TLSv1_3", _ssl.PROTO_TLSv1_3),
    ("MAXIMUM_SUPPORTED", _ssl.PROTO_MAXIMUM_SUPPORTED),
])
TLSVersion.__doc__ = "Versions of SSL and TLS, and names for the oldest and the newest that are supported."

# RFC 8446, 5.1; the two above 255 are what a message callback gets for a record header and for the
# content type inside a TLS 1.3 record.
_TLSContentType = _make_enum("_TLSContentType", [
    ("CHANGE_CIPHER_SPEC", 20), ("ALERT", 21), ("HANDSHAKE", 22), ("APPLICATION_DATA", 23),
    ("HEADER", 0x100), ("INNER_CONTENT_TYPE", 0x101),
])

# RFC 8446, 6 and RFC 5246, 7.2.
_TLSAlertType = _make_enum("_TLSAlertType", [
    ("CLOSE_NOTIFY", 0), ("UNEXPECTED_MESSAGE", 10), ("BAD_RECORD_MAC", 20), ("DECRYPTION_FAILED", 21),
    ("RECORD_OVERFLOW", 22), ("DECOMPRESSION_FAILURE", 30), ("HANDSHAKE_FAILURE", 40),
    ("NO_CERTIFICATE", 41), ("BAD_CERTIFICATE", 42), ("UNSUPPORTED_CERTIFICATE", 43),
    ("CERTIFICATE_REVOKED", 44), ("CERTIFICATE_EXPIRED", 45), ("CERTIFICATE_UNKNOWN", 46),
    ("ILLEGAL_PARAMETER", 47), ("UNKNOWN_CA", 48), ("ACCESS_DENIED", 49), ("DECODE_ERROR", 50),
    ("DECRYPT_ERROR", 51), ("EXPORT_RESTRICTION", 60), ("PROTOCOL_VERSION", 70),
    ("INSUFFICIENT_SECURITY", 71), ("INTERNAL_ERROR", 80), ("INAPPROPRIATE_FALLBACK", 86),
    ("USER_CANCELED", 90), ("NO_RENEGOTIATION", 100), ("MISSING_EXTENSION", 109),
    ("UNSUPPORTED_EXTENSION", 110), ("CERTIFICATE_UNOBTAINABLE", 111), ("UNRECOGNIZED_NAME", 112),
    ("BAD_CERTIFICATE_STATUS_RESPONSE", 113), ("BAD_CERTIFICATE_HASH_VALUE", 114),
    ("UNKNOWN_PSK_IDENTITY", 115), ("CERTIFICATE_REQUIRED", 116), ("NO_APPLICATION_PROTOCOL", 120),
])

# RFC 8446, 4 and its predecessors; CHANGE_CIPHER_SPEC is not a handshake message and has a number
# that none can have.
_TLSMessageType = _make_enum("_TLSMessageType", [
    ("HELLO_REQUEST", 0), ("CLIENT_HELLO", 1), ("SERVER_HELLO", 2), ("HELLO_VERIFY_REQUEST", 3),
    ("NEWSESSION_TICKET", 4), ("END_OF_EARLY_DATA", 5), ("HELLO_RETRY_REQUEST", 6),
    ("ENCRYPTED_EXTENSIONS", 8), ("CERTIFICATE", 11), ("SERVER_KEY_EXCHANGE", 12),
    ("CERTIFICATE_REQUEST", 13), ("SERVER_DONE", 14), ("CERTIFICATE_VERIFY", 15),
    ("CLIENT_KEY_EXCHANGE", 16), ("FINISHED", 20), ("CERTIFICATE_URL", 21), ("CERTIFICATE_STATUS", 22),
    ("SUPPLEMENTAL_DATA", 23), ("KEY_UPDATE", 24), ("NEXT_PROTO", 67), ("MESSAGE_HASH", 254),
    ("CHANGE_CIPHER_SPEC", 0x0101),
])

if hasattr(_ssl, "enum_certificates"):
    from _ssl import enum_certificates, enum_crls


def _as_member(enum, value):
    """The member with that value, or the value itself where there is none."""
    try:
        return enum(value)
    except ValueError:
        return value


def _plain(value):
    """An enum's or flag's number; anything else as it is, for _ssl to judge."""
    return int(value) if isinstance(value, int) else value


def get_protocol_name(protocol_code):
    """'PROTOCOL_TLS_CLIENT' and the like for a protocol number."""
    return _PROTOCOL_NAMES.get(protocol_code) or _OTHER_NAMES.get(protocol_code, "<unknown>")


# ---------------------------------------------------------------------------------------------
# Object identifiers and purposes
# ---------------------------------------------------------------------------------------------

class _ASN1Object(_record("_ASN1Object", ("nid", "shortname", "longname", "oid"))):
    """An object identifier under its four names."""

    __slots__ = ()

    def __new__(cls, oid):
        return super(_ASN1Object, cls).__new__(cls, *_txt2obj(oid, name=False))

    @classmethod
    def fromnid(cls, nid):
        """By OpenSSL's number for it."""
        return super(_ASN1Object, cls).__new__(cls, *_nid2obj(nid))

    @classmethod
    def fromname(cls, name):
        """By short name, long name or dotted text."""
        return super(_ASN1Object, cls).__new__(cls, *_txt2obj(name, name=True))


Purpose = _make_enum("Purpose", [
    ("SERVER_AUTH", "1.3.6.1.5.5.7.3.1"),
    ("CLIENT_AUTH", "1.3.6.1.5.5.7.3.2"),
], _ASN1Object)
Purpose.__doc__ = "What the peer's certificate must be good for."


# ---------------------------------------------------------------------------------------------
# Certificates: files, dates, names
# ---------------------------------------------------------------------------------------------

PEM_HEADER = "-----BEGIN CERTIFICATE-----"
PEM_FOOTER = "-----END CERTIFICATE-----"


@_also_named(DER_cert_bytes="der_cert_bytes")
def DER_cert_to_PEM_cert(der_cert_bytes):
    """The text form of a certificate given as DER bytes."""
    import binascii
    body = binascii.b2a_base64(der_cert_bytes)[:-1].decode("ascii")
    lines = [body[start:start + 64] for start in range(0, len(body), 64)]
    return "\n".join([PEM_HEADER] + lines + [PEM_FOOTER, ""])


@_also_named(PEM_cert_string="pem_cert_string")
def PEM_cert_to_DER_cert(pem_cert_string):
    """The DER bytes of a certificate given as PEM text."""
    if not pem_cert_string.startswith(PEM_HEADER):
        raise ValueError("Invalid PEM encoding; must start with %s" % PEM_HEADER)
    text = pem_cert_string.strip()
    if not text.endswith(PEM_FOOTER):
        raise ValueError("Invalid PEM encoding; must end with %s" % PEM_FOOTER)
    body = text[len(PEM_HEADER):-len(PEM_FOOTER)]
    import binascii
    return binascii.a2b_base64(body.encode("ascii", "strict"))


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CERT_TIME = r"([a-z]{3})\s+(\d\d?)\s+(\d\d?):(\d\d?):(\d\d?)\s+(\d{4})\s+gmt\Z"


@_also_named(timestring="cert_time")
def cert_time_to_seconds(cert_time):
    """Seconds since the epoch, as a float, of a certificate's notBefore or notAfter text.

    The text is UTC, as its GMT says, and its months are English whatever the locale:
    cert_time_to_seconds("May  9 00:00:00 2007 GMT") is 1178668800.0.
    """
    import re
    from datetime import datetime   # here: hosts where it is written in Python take longer over it than over all the rest

    if not isinstance(cert_time, str):
        raise TypeError("cert_time must be str, not %s" % type(cert_time).__name__)
    parts = re.match(_CERT_TIME, cert_time, re.IGNORECASE | re.ASCII)
    month = parts.group(1).lower() if parts else None
    if month in _MONTHS:
        day, hour, minute, second, year = (int(part) for part in parts.groups()[1:])
        try:
            start = datetime(year, _MONTHS.index(month) + 1, day, hour, minute)
        except ValueError:
            pass
        else:
            if second <= 61:        # a leap second runs on into the next minute
                return (start - datetime(1970, 1, 1)).total_seconds() + second
    raise ValueError('time data %r does not match format "%%b %%d %%H:%%M:%%S %%Y GMT"' % (cert_time,))


def _inet_paton(ipname):
    """The packed bytes of an IPv4 or IPv6 address; nothing but a full address will do."""
    try:
        packed = _socket_module.inet_aton(ipname)
    except OSError:
        pass
    else:
        # inet_aton() also takes "1", "127.1" and trailing text; what it prints back does not lie.
        if _socket_module.inet_ntoa(packed) == ipname:
            return packed
        raise ValueError("{!r} is not a quad-dotted IPv4 address.".format(ipname))
    try:
        return _socket_module.inet_pton(_socket_module.AF_INET6, ipname)
    except OSError:
        raise ValueError("{!r} is neither an IPv4 nor an IP6 address.".format(ipname))
    except AttributeError:      # a host without IPv6
        pass
    raise ValueError("{!r} is not an IPv4 address.".format(ipname))


def _ipaddress_match(cert_ipaddress, host_ip):
    """Does an iPAddress of a certificate, as text, equal a packed address (RFC 6125, 1.7.2)?"""
    return _inet_paton(cert_ipaddress.rstrip()) == host_ip


def _dnsname_match(dn, hostname):
    """Does a dNSName match a host name (RFC 6125, 6.4)? A star may stand for the whole first label."""
    if not dn:
        return False
    stars = dn.count("*")
    if not stars:
        return dn.lower() == hostname.lower()
    if stars > 1:
        raise CertificateError("too many wildcards in certificate DNS name: {!r}.".format(dn))
    first, _, rest = dn.partition(".")
    if "*" in rest:
        raise CertificateError("wildcard can only be present in the leftmost label: {!r}.".format(dn))
    if not rest:
        raise CertificateError(
            "sole wildcard without additional labels are not support: {!r}.".format(dn))
    host_first, _, host_rest = hostname.partition(".")
    if first != "*":
        if _SINCE_3_7:
            raise CertificateError(
                "partial wildcards in leftmost label are not supported: {!r}.".format(dn))
        return rest.lower() == host_rest.lower() and _label_match(first.lower(), host_first.lower())
    return bool(host_first) and rest.lower() == host_rest.lower()


def _label_match(pattern, label):
    """Does a label match one with a star in it (RFC 6125, 6.4.3)? In an A-label a star is no star."""
    if pattern.startswith("xn--") or label.startswith("xn--"):
        return pattern == label
    head, _, tail = pattern.partition("*")
    return len(label) >= len(head + tail) and label.startswith(head) and label.endswith(tail)


def match_hostname(cert, hostname):
    """Raises CertificateError unless a certificate, as getpeercert() gives it, is for a host.

    Kept for programs that check by hand; a context with check_hostname set does it in the handshake.
    """
    _deprecated("ssl.match_hostname() is deprecated")
    if not cert:
        raise ValueError("empty or no certificate, match_hostname needs a SSL socket or SSL context "
                         "with either CERT_OPTIONAL or CERT_REQUIRED")
    try:
        host_ip = _inet_paton(hostname)
    except ValueError:
        host_ip = None
    named = []
    for kind, value in cert.get("subjectAltName", ()):
        if kind == "DNS":
            if host_ip is None and _dnsname_match(value, hostname):
                return
            named.append(value)
        elif kind == "IP Address":
            if host_ip is not None and _ipaddress_match(value, host_ip):
                return
            named.append(value)
    if not named:
        # RFC 6125, 6.4.4: the common name counts only where there is no alternative name.
        for rdn in cert.get("subject", ()):
            for key, value in rdn:
                if key == "commonName":
                    if _dnsname_match(value, hostname):
                        return
                    named.append(value)
    if len(named) > 1:
        raise CertificateError("hostname %r doesn't match either of %s"
                               % (hostname, ", ".join(map(repr, named))))
    if named:
        raise CertificateError("hostname %r doesn't match %r" % (hostname, named[0]))
    raise CertificateError("no appropriate commonName or subjectAltName fields were found")


DefaultVerifyPaths = _record(
    "DefaultVerifyPaths",
    ("cafile", "capath", "openssl_cafile_env", "openssl_cafile", "openssl_capath_env", "openssl_capath"))


def get_sigalgs():
    """The names of the TLS signature algorithms there are (Python 3.15)."""
    return _ssl.get_sigalgs()


def get_default_verify_paths():
    """Where the certificates that the machine trusts are looked for."""
    file_variable, file_default, path_variable, path_default = _ssl.get_default_verify_paths()
    cafile = os.environ.get(file_variable, file_default)
    capath = os.environ.get(path_variable, path_default)
    return DefaultVerifyPaths(cafile if os.path.isfile(cafile) else None,
                              capath if os.path.isdir(capath) else None,
                              file_variable, file_default, path_variable, path_default)


# ---------------------------------------------------------------------------------------------
# Contexts
# ---------------------------------------------------------------------------------------------

def _setting(name, convert, doc):
    """A property over _SSLContext's own of that name which answers with an enum's member."""
    slot = getattr(_SSLContext, name)

    def fetch(self):
        return convert(slot.__get__(self, type(self)))

    def store(self, value):
        slot.__set__(self, _plain(value))

    return property(fetch, store, doc=doc)


_HOSTNAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."


def _is_plain(hostname):
    """Is a host name of letters, digits, hyphens and underlines alone, and too short for a label of more than 63?"""
    return len(hostname) < 64 and not hostname.strip(_HOSTNAME_CHARACTERS) and "" not in hostname.split(".")


class SSLContext(_SSLContext):
    """Settings, certificates and keys that connections share."""

    _windows_cert_stores = ("CA", "ROOT")

    sslsocket_class = None      # SSLSocket and SSLObject, below; a subclass may name its own
    sslobject_class = None

    def __new__(cls, protocol=None, *args, **kwargs):
        if protocol is None:
            _deprecated("ssl.SSLContext() without protocol argument is deprecated.")
            protocol = PROTOCOL_TLS
        return _SSLContext.__new__(cls, _plain(protocol))

    def __init__(self, protocol=None, *args, **kwargs):
        # __new__ has done it all. This one keeps a host's base class from counting the arguments.
        pass

    # -- settings ------------------------------------------------------------------------------

    options = _setting("options", Options, "OP_* flags.")
    verify_flags = _setting("verify_flags", VerifyFlags, "VERIFY_* flags for checking certificates.")
    verify_mode = _setting("verify_mode", lambda mode: _as_member(VerifyMode, mode),
                           "CERT_NONE, CERT_OPTIONAL or CERT_REQUIRED.")
    maximum_version = _setting("maximum_version", TLSVersion, "The newest TLSVersion to speak.")
    minimum_version = _setting("minimum_version", TLSVersion, "The oldest TLSVersion to speak.")

    @minimum_version.setter
    def minimum_version(self, value):
        if value == TLSVersion.SSLv3:
            # Every context starts with SSL 3.0 switched off; who asks for it by name means it.
            self.options &= ~Options.OP_NO_SSLv3
        _SSLContext.minimum_version.__set__(self, _plain(value))

    if hasattr(_SSLContext, "_check_hostname"):
        # On IronPython the plain name is for the ssl.py of 3.4, which compares after the handshake.
        check_hostname = _setting("_check_hostname", bool, "Must the server's name be in its certificate?")

    @property
    def protocol(self):
        """The PROTOCOL_* constant that the context was made with."""
        return _as_member(_SSLMethod, _SSLContext.protocol.__get__(self, type(self)))

    if HAS_NEVER_CHECK_COMMON_NAME:
        @property
        def hostname_checks_common_name(self):
            """May the subject's common name stand in where there is no alternative name?"""
            return not self._host_flags & _ssl.HOSTFLAG_NEVER_CHECK_SUBJECT

        @hostname_checks_common_name.setter
        def hostname_checks_common_name(self, value):
            if value:
                self._host_flags &= ~_ssl.HOSTFLAG_NEVER_CHECK_SUBJECT
            else:
                self._host_flags |= _ssl.HOSTFLAG_NEVER_CHECK_SUBJECT
    else:
        @property
        def hostname_checks_common_name(self):
            return True

    # -- connections ---------------------------------------------------------------------------

    def wrap_socket(self, sock, server_side=False, do_handshake_on_connect=True,
                    suppress_ragged_eofs=True, server_hostname=None, session=None):
        """Takes a connected, listening or fresh socket over and gives it back as an SSLSocket."""
        return self.sslsocket_class._create(
            sock=sock, server_side=server_side, do_handshake_on_connect=do_handshake_on_connect,
            suppress_ragged_eofs=suppress_ragged_eofs, server_hostname=server_hostname,
            context=self, session=session)

    def wrap_bio(self, incoming, outgoing, server_side=False, server_hostname=None, session=None):
        """An SSLObject that reads from one MemoryBIO and writes to another."""
        return self.sslobject_class._create(
            incoming, outgoing, server_side=server_side,
            server_hostname=self._encode_hostname(server_hostname), session=session, context=self)

    def _encode_hostname(self, hostname):
        if hostname is None:
            return None
        if isinstance(hostname, str):
            # The codec changes nothing of a plain name; to load it takes longer than a handshake.
            hostname = hostname.encode("ascii" if _is_plain(hostname) else "idna")
        return hostname.decode("ascii")

    # -- extensions ----------------------------------------------------------------------------

    def set_alpn_protocols(self, alpn_protocols):
        """Application protocols to offer or to choose from, best first (RFC 7301)."""
        wire = bytearray()
        for protocol in alpn_protocols:
            name = bytes(protocol, "ascii")
            if not 0 < len(name) < 256:
                raise SSLError("ALPN protocols must be 1 to 255 in length")
            wire.append(len(name))
            wire += name
        self._set_alpn_protocols(bytes(wire))

    def set_npn_protocols(self, npn_protocols):
        """Next Protocol Negotiation, the draft that ALPN replaced, is not there."""
        _deprecated("ssl NPN is deprecated, use ALPN instead")
        raise NotImplementedError("Next Protocol Negotiation is not available, use set_alpn_protocols()")

    def set_servername_callback(self, server_name_callback):
        """Calls back with (SSL object, server name as A-labels, context) for each Client Hello."""
        if server_name_callback is None:
            self.sni_callback = None
            return
        if not callable(server_name_callback):
            raise TypeError("not a callable object")

        def decoded(connection, name, context):
            return server_name_callback(connection, self._encode_hostname(name), context)
        self.sni_callback = decoded

    @property
    def _msg_callback(self):
        """For debugging: called with (connection, 'read' or 'write', version, type, message, bytes)."""
        inner = _SSLContext._msg_callback.__get__(self, type(self))
        return inner if inner is None else inner.user_function

    @_msg_callback.setter
    def _msg_callback(self, callback):
        if callback is None:
            _SSLContext._msg_callback.__set__(self, None)
            return
        if not callable(callback):
            raise TypeError("%s is not callable." % (callback,))

        def named(connection, direction, version, content_type, message_type, data):
            # The type of an alert, of a change of cipher and of a handshake message is in three tables.
            if content_type == _TLSContentType.ALERT:
                table = _TLSAlertType
            elif content_type == _TLSContentType.HEADER:
                table = _TLSContentType
            else:
                table = _TLSMessageType
            return callback(connection, direction, _as_member(TLSVersion, version),
                            _as_member(_TLSContentType, content_type),
                            _as_member(table, message_type), data)
        named.user_function = callback
        _SSLContext._msg_callback.__set__(self, named)

    # -- trust ---------------------------------------------------------------------------------

    def load_default_certs(self, purpose=Purpose.SERVER_AUTH):
        """Trusts the authorities that the machine trusts."""
        if not isinstance(purpose, _ASN1Object):
            raise TypeError(purpose)
        if sys.platform == "win32":
            for store in self._windows_cert_stores:
                self._load_windows_store_certs(store, purpose)
        self.set_default_verify_paths()

    def _load_windows_store_certs(self, storename, purpose):
        import warnings
        try:
            entries = list(enum_certificates(storename))
        except PermissionError:
            warnings.warn("unable to enumerate Windows certificate store")
            return
        for certificate, encoding, trust in entries:
            if encoding == "x509_asn" and (trust is True or purpose.oid in trust):
                try:
                    self.load_verify_locations(cadata=certificate)
                except SSLError as error:
                    warnings.warn("Bad certificate in Windows certificate store: %s" % (error,))


def _honour_keylog_variable(context):
    """SSLKEYLOGFILE, as every program that can write a key log reads it; -E and -I switch it off."""
    path = os.environ.get("SSLKEYLOGFILE")
    if path and hasattr(context, "keylog_filename") and not sys.flags.ignore_environment:
        context.keylog_filename = path


def create_default_context(purpose=Purpose.SERVER_AUTH, *, cafile=None, capath=None, cadata=None):
    """A context with the settings that today's advice asks for.

    With SERVER_AUTH it is for clients: the server's certificate and name are checked, against the
    given authorities or else the machine's. With CLIENT_AUTH it is for servers.
    """
    if not isinstance(purpose, _ASN1Object):
        raise TypeError(purpose)
    if purpose == Purpose.SERVER_AUTH:
        context = SSLContext(PROTOCOL_TLS_CLIENT if _SINCE_3_10 else PROTOCOL_TLS)
        context.verify_mode = CERT_REQUIRED
        context.check_hostname = True
    elif purpose == Purpose.CLIENT_AUTH:
        context = SSLContext(PROTOCOL_TLS_SERVER if _SINCE_3_10 else PROTOCOL_TLS)
    else:
        raise ValueError(purpose)
    if _SINCE_3_13:
        context.verify_flags |= VERIFY_X509_PARTIAL_CHAIN | VERIFY_X509_STRICT
    if cafile or capath or cadata:
        context.load_verify_locations(cafile, capath, cadata)
    elif context.verify_mode != CERT_NONE:
        context.load_default_certs(purpose)
    _honour_keylog_variable(context)
    return context


def _create_unverified_context(protocol=None, *, cert_reqs=CERT_NONE, check_hostname=False,
                               purpose=Purpose.SERVER_AUTH, certfile=None, keyfile=None,
                               cafile=None, capath=None, cadata=None):
    """A context for modules of the standard library that do not ask for verification."""
    if not isinstance(purpose, _ASN1Object):
        raise TypeError(purpose)
    if protocol is None and not _SINCE_3_10:
        protocol = PROTOCOL_TLS
    if purpose == Purpose.SERVER_AUTH:
        protocol = PROTOCOL_TLS_CLIENT if protocol is None else protocol
    elif purpose == Purpose.CLIENT_AUTH:
        protocol = PROTOCOL_TLS_SERVER if protocol is None else protocol
    else:
        raise ValueError(purpose)
    context = SSLContext(protocol)
    # Until Python 3.14 to check the name meant to verify as well; since then CERT_NONE beside it is refused.
    context.check_hostname = check_hostname if _SINCE_3_14 else False
    if cert_reqs is not None:
        context.verify_mode = cert_reqs
    context.check_hostname = check_hostname
    if keyfile and not certfile:
        raise ValueError("certfile must be specified")
    if certfile or keyfile:
        context.load_cert_chain(certfile, keyfile)
    if cafile or capath or cadata:
        context.load_verify_locations(cafile, capath, cadata)
    elif context.verify_mode != CERT_NONE:
        context.load_default_certs(purpose)
    _honour_keylog_variable(context)
    return context


# What http.client and its kind call, and what smtplib, ftplib, imaplib, poplib and nntplib do.
_create_default_https_context = create_default_context
_create_stdlib_context = _create_unverified_context


# ---------------------------------------------------------------------------------------------
# Connections: what SSLObject and SSLSocket share
# ---------------------------------------------------------------------------------------------

class _Connection(object):
    """Questions to a TLS connection. _sslobj is _ssl's, or None before connect() and after unwrap()."""

    __slots__ = ()

    @property
    def context(self):
        """The SSLContext in use. A server name callback may set another."""
        return self._sslobj.context

    @context.setter
    def context(self, context):
        self._sslobj.context = context

    @property
    def session(self):
        """The SSLSession of this connection; a client may set one to resume before the handshake."""
        return None if self._sslobj is None else self._sslobj.session

    @session.setter
    def session(self, session):
        self._session = session
        if self._sslobj is not None:
            self._sslobj.session = session

    @property
    def session_reused(self):
        """Was the session set resumed?"""
        return None if self._sslobj is None else self._sslobj.session_reused

    def _certain(self):
        """_ssl's object, for the calls that make no sense without."""
        if self._sslobj is None:
            raise ValueError("No SSL wrapper around " + str(self))
        return self._sslobj

    def getpeercert(self, binary_form=False):
        """The peer's certificate: a dict, empty if it was not verified; or its DER bytes; or None."""
        return self._certain().getpeercert(binary_form)

    def get_verified_chain(self):
        """The chain that verification built, leaf first, as a list of DER bytes."""
        return self._chain(self._certain().get_verified_chain())

    def get_unverified_chain(self):
        """The chain that the peer sent, as a list of DER bytes."""
        return self._chain(self._certain().get_unverified_chain())

    @staticmethod
    def _chain(certificates):
        return [certificate.public_bytes(_ssl.ENCODING_DER) for certificate in certificates or ()]

    def selected_npn_protocol(self):
        """None: Next Protocol Negotiation is not there."""
        _deprecated("ssl NPN is deprecated, use ALPN instead")
        return None

    def selected_alpn_protocol(self):
        """The application protocol agreed on, or None."""
        return None if self._sslobj is None else self._sslobj.selected_alpn_protocol()

    def group(self):
        """The group that the keys were agreed on in, or None."""
        return None if self._sslobj is None else self._sslobj.group()

    def client_sigalg(self):
        """How the client signed the handshake, or None."""
        return None if self._sslobj is None else self._sslobj.client_sigalg()

    def server_sigalg(self):
        """How the server signed the handshake, or None."""
        return None if self._sslobj is None else self._sslobj.server_sigalg()

    def cipher(self):
        """(name, protocol version that defines it, secret bits), or None."""
        return None if self._sslobj is None else self._sslobj.cipher()

    def shared_ciphers(self):
        """A list of cipher() tuples that both sides could have used; None for a client."""
        return None if self._sslobj is None else self._sslobj.shared_ciphers()

    def compression(self):
        """The compression in use: None."""
        return None if self._sslobj is None else self._sslobj.compression()

    def version(self):
        """'TLSv1.3' and the like, or None while there is no connection."""
        return None if self._sslobj is None else self._sslobj.version()

    def get_channel_binding(self, cb_type="tls-unique"):
        """Bytes that both ends share and no one in between does (RFC 5929), or None."""
        if self._sslobj is not None:
            return self._sslobj.get_channel_binding(cb_type)
        if cb_type not in CHANNEL_BINDING_TYPES:
            raise ValueError("{} channel binding type not implemented".format(cb_type))
        return None

    def verify_client_post_handshake(self):
        """Asks a TLS 1.3 client for its certificate once the handshake is over."""
        return self._certain().verify_client_post_handshake()


def _check_ends(server_side, server_hostname, session):
    if server_side:
        if server_hostname:
            raise ValueError("server_hostname can only be specified in client mode")
        if session is not None:
            raise ValueError("session can only be specified in client mode")


class SSLObject(_Connection):
    """A TLS connection over two MemoryBIOs, without any socket. SSLContext.wrap_bio() makes them."""

    def __init__(self, *args, **kwargs):
        raise TypeError("%s does not have a public constructor. Instances are returned by "
                        "SSLContext.wrap_bio()." % type(self).__name__)

    @classmethod
    def _create(cls, incoming, outgoing, server_side=False, server_hostname=None, session=None,
                context=None):
        # Python checks this since 3.14; a name that a server got would be demanded of its client's certificate.
        _check_ends(server_side, server_hostname, session)
        if context.check_hostname and not server_hostname and _SINCE_3_14:
            raise ValueError("check_hostname requires server_hostname")
        if context.check_hostname and server_hostname is None and not server_side:
            _deprecated("check_hostname requires server_hostname", 3)
        self = cls.__new__(cls)
        self._sslobj = context._wrap_bio(incoming, outgoing, server_side=server_side,
                                         server_hostname=server_hostname, owner=self, session=session)
        return self

    @property
    def server_side(self):
        """Is this the server's end?"""
        return self._sslobj.server_side

    @property
    def server_hostname(self):
        """The name that the client asked wrap_bio() for, as A-labels."""
        return self._sslobj.server_hostname

    def read(self, len=1024, buffer=None, nbytes=None):
        """Up to len bytes; or their count, if a buffer to read into is given."""
        if nbytes is not None:
            len = nbytes
        if buffer is None:
            return self._sslobj.read(len)
        return self._sslobj.read(len, buffer)

    def write(self, data):
        """Encrypts data; returns the number of bytes taken."""
        return self._sslobj.write(data)

    def pending(self):
        """Bytes that read() can give without new input."""
        return self._sslobj.pending()

    def do_handshake(self):
        """Takes the handshake as far as the input allows; SSLWantReadError asks for more."""
        self._sslobj.do_handshake()

    def unwrap(self):
        """Sends close_notify and awaits the peer's; what lies behind it stays in the incoming BIO."""
        return self._sslobj.shutdown()


# ---------------------------------------------------------------------------------------------
# Sockets
# ---------------------------------------------------------------------------------------------

if sys.implementation.name == "ironpython":
    class _WrappedSocket(socket):
        """A plain socket once it was wrapped; IronPython's own answers with a NullReferenceException then."""

        __slots__ = ()

        def _gone(self, *args, **kwargs):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))

        accept = bind = connect = connect_ex = getpeername = getsockname = getsockopt = gettimeout = listen = _gone
        recv = recv_into = recvfrom = recvfrom_into = send = sendall = sendto = _gone
        setblocking = setsockopt = settimeout = shutdown = _gone

        def fileno(self):
            return -1

        detach = fileno

        def close(self):
            self._closed = True

        def __repr__(self):
            return "<socket.socket [closed] fd=-1>"
else:
    _WrappedSocket = None


class SSLSocket(_Connection, socket):
    """A socket.socket that encrypts. SSLContext.wrap_socket() makes them out of plain ones."""

    def __init__(self, *args, **kwargs):
        raise TypeError("%s does not have a public constructor. Instances are returned by "
                        "SSLContext.wrap_socket()." % type(self).__name__)

    @classmethod
    def _create(cls, sock, server_side=False, do_handshake_on_connect=True, suppress_ragged_eofs=True,
                server_hostname=None, context=None, session=None):
        # sock.type may carry flags such as SOCK_NONBLOCK, so the system is asked.
        if sock.getsockopt(SOL_SOCKET, SO_TYPE) != SOCK_STREAM:
            raise NotImplementedError("only stream sockets are supported")
        _check_ends(server_side, server_hostname, session)
        if not server_hostname and context.check_hostname:
            raise ValueError("check_hostname requires server_hostname")

        timeout = sock.gettimeout()
        self = cls.__new__(cls)
        if _KNOWN_BY_NUMBER:
            socket.__init__(self, fileno=sock.fileno())
        else:
            socket.__init__(self, family=sock.family, type=sock.type, proto=sock.proto, fileno=sock.fileno())
        sock.detach()
        if _WrappedSocket is not None and type(sock) is socket:
            sock.__class__ = _WrappedSocket
        # The descriptor is ours from here on: whatever fails must close it.
        try:
            self.settimeout(timeout)
            self._context = context
            self._session = session
            self._sslobj = None
            self._closed = False
            self.server_side = server_side
            self.server_hostname = context._encode_hostname(server_hostname)
            self.do_handshake_on_connect = do_handshake_on_connect
            self.suppress_ragged_eofs = suppress_ragged_eofs
            self._connected = self._has_peer(timeout)
            if self._connected:
                self._sslobj = self._new_connection()
                if do_handshake_on_connect:
                    if timeout == 0.0:
                        raise ValueError("do_handshake_on_connect should not be specified for "
                                         "non-blocking sockets")
                    self.do_handshake()
        except BaseException:
            try:
                self.close()
            except OSError:
                pass
            raise
        return self

    def _new_connection(self):
        return self._context._wrap_socket(self, self.server_side, self.server_hostname,
                                          owner=self, session=self._session)

    def _has_peer(self, timeout):
        """Is the socket connected? One that was, and was left plaintext to read, is an error.

        A peer may send and hang up at once. The socket then counts as not connected, would never
        see a handshake, and recv() would hand out what the peer sent as if TLS had protected it.
        """
        try:
            self.getpeername()
            return True
        except OSError as error:
            if error.errno != errno.ENOTCONN:
                raise
            code = error.errno
        self.settimeout(0.0)
        try:
            left_over = socket.recv(self, 1)
        except OSError as error:
            # Linux says ENOTCONN of a fresh socket, others EINVAL.
            if error.errno not in (errno.ENOTCONN, errno.EINVAL, errno.EAGAIN, errno.EWOULDBLOCK):
                raise
            left_over = b""
        finally:
            self.settimeout(timeout)
        if left_over:
            error = SSLError(code, "Closed before TLS handshake with data in recv buffer.")
            error.reason = error.args[1]
            error.library = None
            raise error
        return False

    # -- the connection ------------------------------------------------------------------------

    @property
    def context(self):
        """The SSLContext in use. A server name callback may set another."""
        return self._context

    @context.setter
    def context(self, context):
        self._context = context
        if self._sslobj is not None:
            self._sslobj.context = context

    def dup(self):
        """Not possible: raises NotImplementedError."""
        raise NotImplementedError("Can't dup() %s instances" % type(self).__name__)

    def _checkClosed(self, msg=None):
        # A hook of old: subclasses override it to forbid the use of closed sockets.
        pass

    def _check_connected(self):
        # connect_ex() on a non-blocking socket may have connected since; getpeername() knows, and
        # raises ENOTCONN if not.
        if not self._connected:
            self.getpeername()

    def connect(self, addr):
        """Connects, and shakes hands unless do_handshake_on_connect is off."""
        self._real_connect(addr, False)

    def connect_ex(self, addr):
        """Like connect(), but gives the system's error number instead of raising."""
        return self._real_connect(addr, True)

    def _real_connect(self, addr, connect_ex):
        if self.server_side:
            raise ValueError("can't connect in server-side mode")
        if self._connected or self._sslobj is not None:
            raise ValueError("attempt to connect already-connected SSLSocket!")
        self._sslobj = self._new_connection()
        try:
            if connect_ex:
                code = socket.connect_ex(self, addr)
            else:
                code = None
                socket.connect(self, addr)
            if not code:
                self._connected = True
                if self.do_handshake_on_connect:
                    self.do_handshake()
            return code
        except (OSError, ValueError):
            self._sslobj = None
            raise

    def accept(self):
        """Waits for a client; returns its SSLSocket and its address."""
        if sys.implementation.name == "ironpython":
            self._await_client()
        accepted, address = socket.accept(self)
        accepted = self.context.wrap_socket(
            accepted, server_side=True, do_handshake_on_connect=self.do_handshake_on_connect,
            suppress_ragged_eofs=self.suppress_ragged_eofs)
        return accepted, address

    def _await_client(self):
        """Waits as long as the timeout allows, so that IronPython's accept() finds a client at once.

        It leaves an accept() that timed out running, and gives the client that this one gets twice: to each of the
        next two calls.
        """
        patience = self.gettimeout()
        if patience:
            from select import select
            if not select([self], [], [], patience)[0]:
                raise _socket_module.timeout("timed out")

    def do_handshake(self, block=False):
        """Shakes hands; with block, a non-blocking socket waits for once."""
        if self._sslobj is None:
            self.getpeername()      # a closed socket says so itself
        self._check_connected()
        timeout = self.gettimeout()
        try:
            if timeout == 0.0 and block:
                self.settimeout(None)
            self._certain().do_handshake()
        finally:
            if timeout == 0.0 and block:
                self.settimeout(timeout)

    def unwrap(self):
        """Says goodbye to the peer's TLS, hears its goodbye, and returns the plain socket below."""
        plain = self._certain().shutdown()
        self._sslobj = None
        return plain

    def shutdown(self, how):
        """Shuts the socket below down, without the peer's TLS hearing of it."""
        self._checkClosed()
        self._sslobj = None
        socket.shutdown(self, how)

    def _real_close(self, *args):
        self._sslobj = None
        socket._real_close(self, *args)

    def getpeercert(self, binary_form=False):
        self._checkClosed()
        self._check_connected()
        return self._certain().getpeercert(binary_form)

    getpeercert.__doc__ = _Connection.getpeercert.__doc__

    # -- reading -------------------------------------------------------------------------------

    def read(self, len=1024, buffer=None, nbytes=None):
        """Up to len bytes; or their count, if a buffer to read into is given. b'' or 0 at the end."""
        if nbytes is not None:
            len = nbytes
        self._checkClosed()
        if self._sslobj is None:
            raise ValueError("Read on closed or unwrapped SSL socket.")
        try:
            if buffer is None:
                return self._sslobj.read(len)
            return self._sslobj.read(len, buffer)
        except SSLError as error:
            if error.args[0] == SSL_ERROR_EOF and self.suppress_ragged_eofs:
                return b"" if buffer is None else 0
            raise

    def pending(self):
        """Bytes that read() can give without asking the network."""
        self._checkClosed()
        return 0 if self._sslobj is None else self._sslobj.pending()

    def recv(self, buflen=1024, flags=0):
        """Receives up to buflen bytes; none of them is the end of the peer's data."""
        self._checkClosed()
        if self._sslobj is None:
            return socket.recv(self, buflen, flags)
        if flags != 0:
            raise self._no_flags("recv")
        return self.read(buflen)

    def recv_into(self, buffer, nbytes=None, flags=0):
        """Receives into a buffer, up to nbytes or as many as fit; answers how many came."""
        self._checkClosed()
        if nbytes is None:
            nbytes = 0
            if buffer is not None:
                with memoryview(buffer) as view:
                    nbytes = view.nbytes
            nbytes = nbytes or 1024
        if self._sslobj is None:
            return socket.recv_into(self, buffer, nbytes, flags)
        if flags != 0:
            raise self._no_flags("recv_into")
        return self.read(nbytes, buffer)

    def recvfrom(self, buflen=1024, flags=0):
        """socket.recvfrom() before TLS; raises ValueError after."""
        self._checkClosed()
        if self._sslobj is not None:
            raise ValueError("recvfrom not allowed on instances of %s" % type(self))
        return socket.recvfrom(self, buflen, flags)

    def recvfrom_into(self, buffer, nbytes=None, flags=0):
        """socket.recvfrom_into() before TLS; raises ValueError after."""
        self._checkClosed()
        if self._sslobj is not None:
            raise ValueError("recvfrom_into not allowed on instances of %s" % type(self))
        return socket.recvfrom_into(self, buffer, nbytes or 0, flags)

    def recvmsg(self, *args, **kwargs):
        """Not possible: raises NotImplementedError."""
        raise NotImplementedError("recvmsg not allowed on instances of %s" % type(self))

    def recvmsg_into(self, *args, **kwargs):
        """Not possible: raises NotImplementedError."""
        raise NotImplementedError("recvmsg_into not allowed on instances of %s" % type(self))

    # -- writing -------------------------------------------------------------------------------

    def write(self, data):
        """Encrypts and sends data; returns the number of bytes taken."""
        self._checkClosed()
        if self._sslobj is None:
            raise ValueError("Write on closed or unwrapped SSL socket.")
        return self._sslobj.write(data)

    def send(self, data, flags=0):
        """Sends data, all or a beginning of it; answers how many bytes were taken."""
        self._checkClosed()
        if self._sslobj is None:
            return socket.send(self, data, flags)
        if flags != 0:
            raise self._no_flags("send")
        return self._sslobj.write(data)

    def sendall(self, data, flags=0):
        """Sends all of data."""
        self._checkClosed()
        if self._sslobj is None:
            return socket.sendall(self, data, flags)
        if flags != 0:
            raise self._no_flags("sendall")
        if type(data) is bytes:
            while data:             # once: a send takes all there is
                data = data[self.send(data):]
            return
        with memoryview(data) as view, view.cast("B") as octets:
            sent, total = 0, len(octets)
            while sent < total:
                sent += self.send(octets[sent:])

    def sendto(self, data, flags_or_addr, addr=None):
        """socket.sendto() before TLS; raises ValueError after."""
        self._checkClosed()
        if self._sslobj is not None:
            raise ValueError("sendto not allowed on instances of %s" % type(self))
        if addr is None:
            return socket.sendto(self, data, flags_or_addr)
        return socket.sendto(self, data, flags_or_addr, addr)

    def sendmsg(self, *args, **kwargs):
        """Not possible: raises NotImplementedError."""
        raise NotImplementedError("sendmsg not allowed on instances of %s" % type(self))

    def sendfile(self, file, offset=0, count=None):
        """Sends a binary file, from offset on, at most count bytes; returns how many."""
        if "b" not in getattr(file, "mode", "b"):
            raise ValueError("file should be opened in binary mode")
        if count is not None:
            if not isinstance(count, int):
                raise TypeError("count must be a positive integer (got {!r})".format(count))
            if count <= 0:
                raise ValueError("count must be a positive integer (got {!r})".format(count))
        if self._sslobj is None and hasattr(socket, "sendfile"):
            return socket.sendfile(self, file, offset, count)
        if self.gettimeout() == 0:
            raise ValueError("non-blocking sockets are not supported")
        if offset:
            file.seek(offset)
        total = 0
        try:
            with memoryview(bytearray(_SENDFILE_BLOCK)) as room:
                while count is None or total < count:
                    wanted = _SENDFILE_BLOCK if count is None else min(count - total, _SENDFILE_BLOCK)
                    got = self._read_block(file, room[:wanted])
                    if not got:
                        break
                    self.sendall(room[:got])
                    total += got
        finally:
            if total > 0 and hasattr(file, "seek"):
                file.seek(offset + total)
        return total

    @staticmethod
    def _read_block(file, room):
        """Reads into room, whichever way the file can; gives how much there is, 0 at the end."""
        if hasattr(file, "readinto"):
            return file.readinto(room)
        piece = file.read(len(room)) or b""
        room[:len(piece)] = piece
        return len(piece)

    def _no_flags(self, name):
        return ValueError("non-zero flags not allowed in calls to %s() on %s" % (name, type(self)))


SSLContext.sslsocket_class = SSLSocket
SSLContext.sslobject_class = SSLObject


# ---------------------------------------------------------------------------------------------
# Functions of the module
# ---------------------------------------------------------------------------------------------

def wrap_socket(sock, keyfile=None, certfile=None, server_side=False, cert_reqs=CERT_NONE,
                ssl_version=PROTOCOL_TLS, ca_certs=None, do_handshake_on_connect=True,
                suppress_ragged_eofs=True, ciphers=None):
    """Wraps a socket with a context of its own, made from these settings."""
    _deprecated("ssl.wrap_socket() is deprecated, use SSLContext.wrap_socket()")
    if server_side and not certfile:
        raise ValueError("certfile must be specified for server-side operations")
    if keyfile and not certfile:
        raise ValueError("certfile must be specified")
    context = SSLContext(ssl_version)
    context.verify_mode = cert_reqs
    if ca_certs:
        context.load_verify_locations(ca_certs)
    if certfile:
        context.load_cert_chain(certfile, keyfile)
    if ciphers:
        context.set_ciphers(ciphers)
    return context.wrap_socket(sock, server_side=server_side,
                               do_handshake_on_connect=do_handshake_on_connect,
                               suppress_ragged_eofs=suppress_ragged_eofs)


def get_server_certificate(addr, ssl_version=PROTOCOL_TLS_CLIENT, ca_certs=None,
                           timeout=_GLOBAL_DEFAULT_TIMEOUT):
    """Connects to (host, port) and gives the server's certificate as PEM text.

    It is verified if a file of authorities is given; its name is not compared.
    """
    host, port = addr
    context = _create_stdlib_context(ssl_version, cafile=ca_certs,
                                     cert_reqs=CERT_REQUIRED if ca_certs else CERT_NONE)
    with create_connection((host, port), timeout=timeout) as plain:
        with context.wrap_socket(plain, server_hostname=host) as connection:
            return DER_cert_to_PEM_cert(connection.getpeercert(True))


if hasattr(_ssl, "RAND_pseudo_bytes"):
    from _ssl import RAND_pseudo_bytes
else:
    def RAND_pseudo_bytes(n):
        """(n random bytes, True). Not weaker than RAND_bytes(), whatever its name says."""
        _deprecated("ssl.RAND_pseudo_bytes() is deprecated")
        return RAND_bytes(n), True


if hasattr(_ssl, "RAND_egd"):
    from _ssl import RAND_egd
else:
    def RAND_egd(path):
        """Mixes 256 bytes from an entropy-gathering daemon's Unix socket in; returns their count."""
        wanted, got = 256, b""
        try:
            with socket(_socket_module.AF_UNIX, SOCK_STREAM) as daemon:
                daemon.connect(path)
                while len(got) < wanted:
                    # Command 2: wait for that many bytes; its count is one byte wide.
                    ask = min(wanted - len(got), 255)
                    daemon.sendall(bytes([2, ask]))
                    while ask:
                        piece = daemon.recv(ask)
                        if not piece:
                            raise EOFError
                        ask -= len(piece)
                        got += piece
        except (OSError, EOFError):
            raise SSLError("EGD connection failed or EGD did not return enough data to seed the PRNG")
        RAND_add(got, float(len(got)))
        return wanted
