"""Makes the certificates in data/ anew, with the openssl command: for the hosts that the pages name, with
the very fields that the pages print. They are committed, as those of the tests are.

    python3 tests/python/documentation/certificates.py
"""

import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "data")
sys.path.insert(0, os.path.dirname(HERE))

import certificates     # noqa: E402
from certificates import AUTHORITY, LEAF, SERVER     # noqa: E402

LONG = ("20000101000000Z", "20491231235959Z")

HOSTS = [
    # name, subject, what else is in it, dates, serial number, issuer
    ("www.verisign.com",
     "/serialNumber=2497886/1.3.6.1.4.1.311.60.2.1.3=US/1.3.6.1.4.1.311.60.2.1.2=Delaware/countryName=US"
     "/postalCode=94043/stateOrProvinceName=California/localityName=Mountain View"
     "/streetAddress=487 East Middlefield Road/organizationName=VeriSign, Inc."
     "/organizationalUnitName=Production Security Services"
     "/organizationalUnitName=Terms of use at www.verisign.com\\/rpa (c)06/commonName=www.verisign.com",
     "", ("20070508000000Z", "20090508235959Z"), "2F4B", "ca"),
    ("linuxfr.org", "/CN=linuxfr.org",
     "subjectAltName = DNS:linuxfr.org, otherName:1.2.3.4;UTF8:someone\n",
     ("20090626214146Z", "20110626214146Z"), "5A31", "ca"),
    ("www.python.org",
     "/businessCategory=Private Organization/1.3.6.1.4.1.311.60.2.1.3=US/1.3.6.1.4.1.311.60.2.1.2=Delaware"
     "/serialNumber=3359300/streetAddress=16 Allen Rd/postalCode=03894-4801/countryName=US"
     "/stateOrProvinceName=NH/localityName=Wolfeboro/organizationName=Python Software Foundation"
     "/commonName=www.python.org",
     "subjectAltName = " + ", ".join("DNS:" + name for name in (
         "www.python.org", "python.org", "pypi.org", "docs.python.org", "testpypi.org", "bugs.python.org",
         "wiki.python.org", "hg.python.org", "mail.python.org", "packaging.python.org", "pythonhosted.org",
         "www.pythonhosted.org", "test.pythonhosted.org", "us.pycon.org", "id.python.org")) + "\n"
     "authorityInfoAccess = OCSP;URI:http://ocsp.digicert.com, "
     "caIssuers;URI:http://cacerts.digicert.com/DigiCertSHA2ExtendedValidationServerCA.crt\n"
     "crlDistributionPoints = URI:http://crl3.digicert.com/sha2-ev-server-g1.crl, "
     "URI:http://crl4.digicert.com/sha2-ev-server-g1.crl\n",
     ("20140905000000Z", "20160909120000Z"), "01BB6F00122B177F36CAB49CEA8B6B26", "digicert"),
    ("_.eff.org",
     "/description=571208-SLe257oHY9fVQ07Z/countryName=US/stateOrProvinceName=California"
     "/localityName=San Francisco/organizationName=Electronic Frontier Foundation, Inc."
     "/commonName=*.eff.org/emailAddress=hostmaster@eff.org",
     "subjectAltName = DNS:*.eff.org, DNS:eff.org\n", ("20111121030952Z", "20131122081519Z"), "95F0", "startcom"),
    ("somemachine.python.org",
     "/countryName=US/stateOrProvinceName=Delaware/localityName=Wilmington"
     "/organizationName=Python Software Foundation/organizationalUnitName=SSL"
     "/commonName=somemachine.python.org", "", ("20100216165450Z", "20130216165450Z"), "1C2D", "ca"),
    ("www.example.org", "/countryName=US/organizationName=Example/commonName=www.example.org",
     "subjectAltName = DNS:www.example.org, DNS:example.org, DNS:mail.example.org\n", LONG, "2A", "ca"),
    ("client", "/countryName=US/organizationName=Example/commonName=A Client",
     "extendedKeyUsage = clientAuth\n", LONG, "2B", "ca"),
]

ISSUERS = [
    ("digicert", "/C=US/O=DigiCert Inc/OU=www.digicert.com/CN=DigiCert SHA2 Extended Validation Server CA"),
    ("startcom", "/C=IL/O=StartCom Ltd./OU=Secure Digital Certificate Signing"
                 "/CN=StartCom Class 2 Primary Intermediate Server CA"),
]


def main():
    shutil.rmtree(DATA, ignore_errors=True)
    os.makedirs(DATA)
    certificates.DATA = DATA
    work = tempfile.mkdtemp()
    try:
        make(certificates.Maker(work))
    finally:
        shutil.rmtree(work)


def make(maker):
    maker.certificate("ca", "/C=XY/O=Ssl Module Tests/CN=Authority of the Pages", AUTHORITY, kind="ec", dates=LONG)
    maker.publish("ca.pem", "ca.crt")
    for name, subject in ISSUERS:
        maker.certificate(name, subject, AUTHORITY + "authorityKeyIdentifier = keyid\n", "ca", kind="ec", dates=LONG)
    for name, subject, extensions, dates, serial, issuer in HOSTS:
        maker.write("serial", serial + "\n")
        maker.certificate(name, subject, LEAF + extensions + ("" if "extendedKeyUsage" in extensions else SERVER),
                          issuer, kind="ec", dates=dates)
        maker.publish(name + ".pem", name + ".crt", *([issuer + ".crt"] if issuer != "ca" else []))
        maker.publish(name + ".key", name + ".key")


if __name__ == "__main__":
    main()
    print("%d files in %s" % (len(os.listdir(DATA)), DATA))
