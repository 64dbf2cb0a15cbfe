"""python -m sslmodule --info: what a report of a fault should say of this module and its surroundings."""

import os
import platform
import ssl
import sys

import sslmodule
from sslmodule.shown import rows

WIDTH = 95


def module():
    import _ssl
    yield "ssl", ssl.OPENSSL_VERSION
    yield "files", "%s, %s" % (ssl.__file__, getattr(_ssl, "__file__", None) or "_ssl built in")
    yield "package", "%s%s" % (os.path.dirname(os.path.abspath(sslmodule.__file__)),
                               ", %s" % sslmodule.__version__ if hasattr(sslmodule, "__version__") else "")
    yield "Python", "%s %s" % (platform.python_implementation(), " ".join(sys.version.split()))
    for name, value in engine() or [("system", platform.platform())]:
        yield name, value


def engine():
    """What the engine says of itself, as pairs; nothing of another ssl."""
    import _ssl
    return _ssl._about() if hasattr(_ssl, "_about") else []


def settings():
    context = ssl.create_default_context()
    yield "versions", "%s to %s" % (name_of(context.minimum_version), name_of(context.maximum_version))
    if hasattr(context, "security_level"):
        yield "security level", str(context.security_level)
    yield "ciphers", [suite["name"] for suite in context.get_ciphers()]
    if hasattr(context, "get_groups"):
        yield "groups", context.get_groups()
    if hasattr(ssl, "get_sigalgs"):
        yield "signatures", ssl.get_sigalgs()


def name_of(version):
    """TLSv1.3; of MAXIMUM_SUPPORTED what it stands for here."""
    known = [member for member in ssl.TLSVersion if member.value > 0]
    if version in known:
        return version.name.replace("_", ".")
    return known[-1 if version == ssl.TLSVersion.MAXIMUM_SUPPORTED else 0].name.replace("_", ".")


def trust():
    paths = ssl.get_default_verify_paths()
    for variable in (paths.openssl_cafile_env, paths.openssl_capath_env):
        if os.environ.get(variable):
            yield variable, os.environ[variable]
    yield "file", paths.cafile or "%s, which is not there" % paths.openssl_cafile
    yield "directory", paths.capath or "%s, which is not there" % paths.openssl_capath
    context = ssl.create_default_context()
    # Those of a directory are counted once they have been looked for.
    yield "loaded", "%d certificates and %d CRLs" % (context.cert_store_stats()["x509"], context.cert_store_stats()["crl"])


def surroundings():
    for variable in ("SSLMODULE", "SSLMODULE_CRYPTO", "SSLMODULE_OPENSSL", "OPENSSL_CONF", "SSLKEYLOGFILE"):
        if os.environ.get(variable):
            yield variable, os.environ[variable]


def run(out=None):
    out = out or sys.stdout
    for title, part in (("module", module), ("a default context", settings), ("trusted certificates", trust), ("environment", surroundings)):
        found = list(part())
        if not found:
            continue
        out.write("%s\n" % title)
        for name, value in found:
            for label, row in zip([name] + [""] * 1000, [value] if not isinstance(value, list) else rows(value, WIDTH)):
                out.write("  %-18s %s\n" % (label, row))
    return 0
