"""Makes the certificates in data/ anew, with the openssl command. They are committed: a host without
openssl runs the tests as well, and a test that names a serial number or a date stays true.

    python3 tests/python/certificates.py
    python3 tests/python/certificates.py revocation     (only the files named crl-* and the folder crlpath)
    python3 tests/python/certificates.py levels         (only what levels() makes)
    python3 tests/python/certificates.py mldsa          (only the files named mldsa-*; needs OpenSSL 3.5, so the first form leaves them)
    python3 tests/python/certificates.py slhdsa         (only the files named slhdsa-*; the same)

Keys are thrown away where no test needs them. All is valid from 2020 to the end of 2049 but for what
is named expired.pem and notyet.pem.
"""

import glob
import os
import shutil
import subprocess
import sys
import tempfile

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
PASSWORD = "somepass"
VALID = ("20200101000000Z", "20491231235959Z")
EXPIRED = ("20200101000000Z", "20210101000000Z")
NOT_YET = ("20491201000000Z", "20491231235959Z")

CONFIG = """
[ca]
default_ca = this
[this]
database = {work}/index
serial = {work}/serial
new_certs_dir = {work}
default_md = sha256
policy = any
unique_subject = no
[any]
countryName = optional
localityName = optional
organizationName = optional
commonName = optional
[req]
distinguished_name = nothing
[nothing]
"""

LEAF = """basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""
AUTHORITY = """basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
"""
LOCALHOST = "subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1\n"
SERVER = "extendedKeyUsage = serverAuth\n"
CLIENT = "extendedKeyUsage = clientAuth\n"


def openssl(*arguments):
    subprocess.check_call(("openssl",) + arguments, stderr=subprocess.DEVNULL)


class Maker(object):
    def __init__(self, work):
        self.work = work
        self.write("config", CONFIG.format(work=work))
        self.write("index", "")
        self.write("serial", "1A2B3C4D5E6F7001\n")

    def path(self, name):
        return os.path.join(self.work, name)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)
        return self.path(name)

    def read(self, name):
        with open(self.path(name)) as file:
            return file.read()

    def key(self, name, kind="rsa"):
        path = self.path(name + ".key")
        if not os.path.exists(path):
            option = {"rsa": ("RSA", "rsa_keygen_bits:2048"), "rsa1024": ("RSA", "rsa_keygen_bits:1024"),
                      "ec": ("EC", "ec_paramgen_curve:P-256"),
                      "ec384": ("EC", "ec_paramgen_curve:P-384"), "ed25519": ("ED25519", None), "ed448": ("ED448", None),
                      "rsapss": ("RSA-PSS", "rsa_keygen_bits:2048"),
                      "mldsa44": ("ML-DSA-44", None), "mldsa65": ("ML-DSA-65", None), "mldsa87": ("ML-DSA-87", None),
                      "slhdsa": ("SLH-DSA-SHA2-128s", None), "shake": ("SLH-DSA-SHAKE-128s", None)}[kind]
            openssl("genpkey", "-algorithm", option[0], "-out", path,
                    *(("-pkeyopt", option[1]) if option[1] else ()))
        return path

    def certificate(self, name, subject, extensions, issuer=None, kind="rsa", dates=VALID,
                    issuer_key=None, digest="sha256"):
        """A certificate and key; self-signed without an issuer."""
        key = self.key(name, kind)
        request, out = self.path(name + ".csr"), self.path(name + ".crt")
        openssl("req", "-new", "-config", self.path("config"), "-key", key, "-subj", subject,
                "-out", request)
        command = ["ca", "-batch", "-notext", "-preserveDN", "-config", self.path("config"),
                   "-in", request, "-out", out, "-startdate", dates[0], "-enddate", dates[1],
                   "-extfile", self.write(name + ".ext", extensions), "-md", digest]
        if issuer is None:
            command += ["-selfsign", "-keyfile", key]
        else:
            command += ["-cert", self.path(issuer + ".crt"),
                        "-keyfile", self.path((issuer_key or issuer) + ".key")]
        openssl(*command)

    def revocation_list(self, name, issuer, revoked=(), end="20491231235959Z"):
        """A CRL of the issuer with the named certificates on it."""
        lines = []
        for entry in revoked:
            serial = subprocess.check_output(["openssl", "x509", "-serial", "-noout", "-in", self.path(entry + ".crt")])
            lines.append("R\t491231235959Z\t210101000000Z,keyCompromise\t%s\tunknown\t/CN=%s\n"
                         % (serial.decode().strip().split("=")[1], entry))
        config = self.write(name + ".config", CONFIG.format(work=self.work).replace(
            self.path("index"), self.write(name + ".index", "".join(lines))) + "[list]\nauthorityKeyIdentifier = keyid\n")
        openssl("ca", "-gencrl", "-config", config, "-cert", self.path(issuer + ".crt"), "-keyfile",
                self.path(issuer + ".key"), "-crl_lastupdate", VALID[0], "-crl_nextupdate", end,
                "-crlexts", "list", "-out", self.path(name))

    def publish(self, name, *parts):
        with open(os.path.join(DATA, name), "w") as file:
            file.write("".join(self.read(part) for part in parts))


def main(only=None):
    if only is None:
        kept = [(name, open(os.path.join(DATA, name)).read()) for name in sorted(os.listdir(DATA)) 
                if name.endswith(".json") or name.startswith(("mldsa-", "slhdsa-"))]
        shutil.rmtree(DATA, ignore_errors=True)
        os.makedirs(os.path.join(DATA, "capath"))
        for name, recording in kept:
            with open(os.path.join(DATA, name), "w") as file:
                file.write(recording)
    work = tempfile.mkdtemp()
    try:
        if only is None:
            make(Maker(work))
        if only in (None, "revocation"):
            make_revocation(Maker(work))
        if only in (None, "levels"):
            levels(Maker(work))
        if only == "mldsa":
            make_mldsa(Maker(work))
        if only == "slhdsa":
            make_slhdsa(Maker(work))
    finally:
        shutil.rmtree(work)


def make_revocation(maker):
    """A root, an intermediate and their lists, on which some are revoked."""
    certificate, publish = maker.certificate, maker.publish
    organization = "/C=XY/O=Ssl Module Tests"
    subject = organization + "/CN=localhost"
    below = AUTHORITY + "authorityKeyIdentifier = keyid\n"
    maker.write("serial", "5E4D3C2B1A001001\n")
    certificate("root", organization + "/CN=Root with Lists", AUTHORITY, kind="ec")
    certificate("middle", organization + "/CN=Middle with Lists", below, "root", kind="ec")
    certificate("gone", organization + "/CN=Revoked Middle", below, "root", kind="ec")
    for name, issuer in (("good", "middle"), ("revoked", "middle"), ("orphan", "gone")):
        certificate(name, subject, LEAF + LOCALHOST + SERVER, issuer, kind="ec")
        publish("crl-%s.pem" % name, name + ".key", name + ".crt", issuer + ".crt")
    for name in ("good-client", "revoked-client"):
        certificate(name, organization + "/CN=" + name, LEAF + CLIENT, "middle", kind="ec")
        publish("crl-%s.pem" % name, name + ".key", name + ".crt", "middle.crt")
    publish("crl-root.pem", "root.crt")
    maker.revocation_list("root-list", "root", ["gone"])
    maker.revocation_list("middle-list", "middle", ["revoked", "revoked-client"])
    maker.revocation_list("old-list", "middle", end="20210101000000Z")
    maker.revocation_list("gone-list", "gone")
    for name in ("root", "middle", "old", "gone"):
        publish("crl-list-%s.pem" % name, name + "-list")
    openssl("crl", "-in", maker.path("middle-list"), "-outform", "DER", "-out", os.path.join(DATA, "crl-list-middle.der"))
    folder = os.path.join(DATA, "crlpath")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)

    def digest(name):
        return subprocess.check_output(["openssl", "x509", "-hash", "-noout", "-in", maker.path(name + ".crt")]).decode().strip()

    publish(os.path.join("crlpath", digest("root") + ".0"), "root.crt")
    publish(os.path.join("crlpath", digest("root") + ".r0"), "root-list")
    # The old list first: the one in time is found behind it.
    publish(os.path.join("crlpath", digest("middle") + ".r0"), "old-list")
    publish(os.path.join("crlpath", digest("middle") + ".r1"), "middle-list")


def levels(maker):
    """What security levels refuse: short keys, SHA-1, small groups; under an authority of its own."""
    certificate, publish = maker.certificate, maker.publish
    subject = "/C=XY/L=Test Town/O=Ssl Module Tests/CN=localhost"
    certificate("levelca", "/C=XY/O=Ssl Module Tests/CN=Level Authority", AUTHORITY)
    publish("levelca.pem", "levelca.crt")
    certificate("rsa1024", subject, LEAF + LOCALHOST + SERVER, "levelca", kind="rsa1024")
    certificate("rsa1024client", "/C=XY/O=Ssl Module Tests/CN=A Short Client", LEAF + CLIENT, "levelca", kind="rsa1024")
    certificate("clientrsa", "/C=XY/O=Ssl Module Tests/CN=An RSA Client", LEAF + CLIENT, "levelca")
    certificate("sha1", subject, LEAF + LOCALHOST + SERVER, "levelca", kind="ec", digest="sha1")
    for name in ("rsa1024", "rsa1024client", "clientrsa", "sha1"):
        publish(name + ".pem", name + ".key", name + ".crt")
    for name, kind, digest in (("weak", "rsa1024", "sha256"), ("sha1", "ec", "sha1")):
        certificate(name + "issuer", "/C=XY/O=Ssl Module Tests/CN=Intermediate " + name,
                    AUTHORITY + "authorityKeyIdentifier = keyid\n", "levelca", kind=kind, digest=digest)
        certificate(name + "chain", subject, LEAF + LOCALHOST + SERVER, name + "issuer", kind="ec")
        publish(name + "chain.pem", name + "chain.key", name + "chain.crt", name + "issuer.crt")
    # In X9.42's form with a subgroup, and in PKCS #3's.
    for bits in (512, 1024):
        openssl("dhparam", "-dsaparam", "-out", os.path.join(DATA, "dh%d.pem" % bits), str(bits))
    openssl("genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048",
            "-out", os.path.join(DATA, "dh2048.pem"))


def make_mldsa(maker):
    """ML-DSA's three sets: a root, servers' and a client's certificates, a chain, a list; private keys in each form."""
    certificate, publish = maker.certificate, maker.publish
    organization = "/C=XY/O=Ssl Module Tests"
    subject = organization + "/CN=localhost"
    maker.write("serial", "6D6C647361001001\n")
    certificate("root", organization + "/CN=ML-DSA Authority", AUTHORITY, kind="mldsa65")
    publish("mldsa-ca.pem", "root.crt")
    certificate("middle", organization + "/CN=ML-DSA Intermediate", AUTHORITY + "authorityKeyIdentifier = keyid\n", "root", kind="mldsa87")
    leaf = LEAF.replace(", keyEncipherment", "") + LOCALHOST + SERVER
    for name, kind, issuer in (("44", "mldsa44", "root"), ("65", "mldsa65", "root"), ("87", "mldsa87", "root"),
                               ("revoked", "mldsa44", "root"), ("chain", "mldsa44", "middle"), ("ec", "ec", "root")):
        certificate(name, subject, leaf, issuer, kind=kind)
    certificate("client", organization + "/CN=An ML-DSA Client", LEAF + CLIENT, "root", kind="mldsa65")
    for name, form in (("44", "seed-priv"), ("65", "seed-only"), ("87", "priv-only"), ("revoked", "seed-only"), ("chain", "seed-only"),
                       ("client", "seed-only")):
        convert(maker, name + ".key", name + ".form", form)
        publish("mldsa-%s.pem" % name, name + ".form", name + ".crt", *(["middle.crt"] if name == "chain" else []))
    publish("mldsa-ec.pem", "ec.key", "ec.crt")
    for form in ("seed-only", "priv-only", "seed-priv"):
        convert(maker, "44.key", "form", form)
        publish("mldsa-key-%s.pem" % form, "form")
    openssl("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:" + PASSWORD, "-in", maker.path("44.key"), "-out", maker.path("encrypted"))
    publish("mldsa-key-encrypted.pem", "encrypted")
    maker.revocation_list("list", "root", ["revoked"])
    publish("mldsa-list.pem", "list")


def make_slhdsa(maker):
    """A root of SLH-DSA, one by SHAKE under it, servers of both, a list."""
    certificate, publish = maker.certificate, maker.publish
    organization = "/C=XY/O=Ssl Module Tests"
    maker.write("serial", "736C686473611001\n")
    certificate("root", organization + "/CN=SLH-DSA Authority", AUTHORITY, kind="slhdsa")
    publish("slhdsa-ca.pem", "root.crt")
    certificate("middle", organization + "/CN=SLH-DSA Intermediate", AUTHORITY + "authorityKeyIdentifier = keyid\n", "root", kind="shake")
    for name, issuer in (("ec", "root"), ("chain", "middle")):
        certificate(name, organization + "/CN=localhost", LEAF + LOCALHOST + SERVER, issuer, kind="ec")
    publish("slhdsa-ec.pem", "ec.key", "ec.crt")
    publish("slhdsa-chain.pem", "chain.key", "chain.crt", "middle.crt")
    publish("slhdsa-own.pem", "root.key", "root.crt")
    maker.revocation_list("list", "root", ["ec"])
    publish("slhdsa-list.pem", "list")


def convert(maker, key, name, form):
    openssl("pkey", "-provparam", "ml-dsa.output_formats=" + form, "-in", maker.path(key), "-out", maker.path(name))


def make(maker):
    certificate, publish = maker.certificate, maker.publish

    certificate("ca", "/C=XY/O=Ssl Module Tests/CN=Test Authority", AUTHORITY)
    publish("ca.pem", "ca.crt")
    digest = subprocess.check_output(["openssl", "x509", "-hash", "-noout", "-in", maker.path("ca.crt")])
    publish(os.path.join("capath", digest.decode().strip() + ".0"), "ca.crt")
    certificate("otherca", "/C=XY/O=Ssl Module Tests/CN=Another Authority", AUTHORITY)
    publish("otherca.pem", "otherca.crt")

    # The key first, as the documentation's combined file has it.
    subject = "/C=XY/L=Test Town/O=Ssl Module Tests/CN=localhost"
    certificate("server", subject, LEAF + LOCALHOST + SERVER, "ca")
    publish("server.pem", "server.key", "server.crt")
    publish("server-cert.pem", "server.crt")
    publish("server-key.pem", "server.key")
    openssl("rsa", "-traditional", "-in", maker.path("server.key"), "-out", maker.path("pkcs1"))
    publish("server-pkcs1.pem", "pkcs1", "server.crt")
    openssl("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:" + PASSWORD,
            "-in", maker.path("server.key"), "-out", maker.path("encrypted"))
    publish("server-key-encrypted.pem", "encrypted")
    publish("server-encrypted.pem", "encrypted", "server.crt")
    openssl("rsa", "-traditional", "-aes128", "-passout", "pass:" + PASSWORD,
            "-in", maker.path("server.key"), "-out", maker.path("dek"))
    publish("server-key-dek.pem", "dek")
    openssl("x509", "-in", maker.path("server.crt"), "-outform", "DER",
            "-out", os.path.join(DATA, "server.der"))

    certificate("server-ec", subject, LEAF + LOCALHOST + SERVER, "ca", kind="ec")
    publish("server-ec.pem", "server-ec.key", "server-ec.crt")
    openssl("ec", "-in", maker.path("server-ec.key"), "-out", maker.path("sec1"))
    publish("server-sec1.pem", "sec1", "server-ec.crt")
    certificate("server-ec384", subject, LEAF + LOCALHOST + SERVER, "ca", kind="ec384")
    publish("server-ec384.pem", "server-ec384.key", "server-ec384.crt")
    certificate("server-ed25519", subject, LEAF + LOCALHOST + SERVER, "ca", kind="ed25519")
    publish("server-ed25519.pem", "server-ed25519.key", "server-ed25519.crt")
    maker.key("stranger")
    publish("mismatch.pem", "stranger.key", "server.crt")
    publish("mismatch-kind.pem", "server-ec.key", "server.crt")

    certificate("client", "/C=XY/O=Ssl Module Tests/CN=A Client", LEAF + CLIENT, "ca", kind="ec")
    publish("client.pem", "client.key", "client.crt")

    certificate("intermediate", "/C=XY/O=Ssl Module Tests/CN=Intermediate Authority",
                AUTHORITY + "authorityKeyIdentifier = keyid\n", "ca", kind="ec")
    certificate("chain", subject, LEAF + LOCALHOST + SERVER, "intermediate", kind="ec")
    publish("chain.pem", "chain.key", "chain.crt", "intermediate.crt")
    publish("chain-leaf-only.pem", "chain.key", "chain.crt")

    # What a client must refuse, or must not.
    certificate("wronghost", "/C=XY/O=Ssl Module Tests/CN=localhost",
                LEAF + "subjectAltName = DNS:other.example, IP:192.0.2.1\n" + SERVER, "ca", kind="ec")
    certificate("wildcard", "/C=XY/O=Ssl Module Tests/CN=wild",
                LEAF + "subjectAltName = DNS:*.example.test\n" + SERVER, "ca", kind="ec")
    certificate("commonname", "/C=XY/O=Ssl Module Tests/CN=localhost", LEAF + SERVER, "ca", kind="ec")
    certificate("expired", subject, LEAF + LOCALHOST + SERVER, "ca", kind="ec", dates=EXPIRED)
    certificate("notyet", subject, LEAF + LOCALHOST + SERVER, "ca", kind="ec", dates=NOT_YET)
    certificate("selfsigned", subject, LOCALHOST, kind="ec")
    certificate("wrongpurpose", subject, LEAF + LOCALHOST + CLIENT, "ca", kind="ec")
    certificate("otherissuer", subject, LEAF + LOCALHOST + SERVER, "otherca", kind="ec")
    # Signed by a certificate that is no authority.
    certificate("notauthority", subject, LEAF + LOCALHOST, "server-ec", kind="ec")
    maker.write("notauthority.crt", maker.read("notauthority.crt") + maker.read("server-ec.crt"))
    # The authority's name as issuer, another key's signature, and no key identifier to give it away.
    certificate("impostor", "/C=XY/O=Ssl Module Tests/CN=Test Authority", AUTHORITY, kind="ec")
    certificate("forged", subject, LOCALHOST, "impostor", kind="ec")
    for name in ("wronghost", "wildcard", "commonname", "expired", "notyet", "selfsigned",
                 "wrongpurpose", "otherissuer", "notauthority", "forged"):
        publish(name + ".pem", name + ".key", name + ".crt")

    # A certificate with what getpeercert() can tell.
    certificate("everything", "/C=XY/L=Test Town/O=Ssl Module Tests/CN=localhost", LEAF + SERVER + """
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1, email:someone@example.test, \
URI:https://example.test/, RID:1.2.3.4, dirName:name, otherName:1.2.3.4;UTF8:x
authorityInfoAccess = OCSP;URI:http://ocsp.example.test/, caIssuers;URI:http://ca.example.test/ca.crt
crlDistributionPoints = URI:http://ca.example.test/ca.crl
[name]
C = XY
O = A Directory
""", "ca", kind="ec")
    publish("everything.pem", "everything.key", "everything.crt")

    # Files that are wrong as files.
    with open(os.path.join(DATA, "empty.pem"), "w"):
        pass
    with open(os.path.join(DATA, "notpem.pem"), "w") as file:
        file.write("This is no PEM file.\n")
    with open(os.path.join(DATA, "broken.pem"), "w") as file:
        body = maker.read("server.crt").splitlines()
        file.write("\n".join(body[:3] + ["!" * 64] + body[4:]) + "\n")
    with open(os.path.join(DATA, "truncated.pem"), "w") as file:
        file.write("\n".join(maker.read("server.crt").splitlines()[:5] + ["-----END CERTIFICATE-----"])
                   + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
    print("%d files in %s" % (len(glob.glob(os.path.join(DATA, "*"))), DATA))
