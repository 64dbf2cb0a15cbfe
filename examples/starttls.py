"""Asks a mail server what it offers, once the connection is secured by STARTTLS.

    starttls.py HOST PORT [CAFILE]

CAFILE holds the authorities to trust; without it the system's are.
"""

import smtplib
import ssl
import sys


def main(host, port, cafile=None):
    context = ssl.create_default_context(cafile=cafile)
    server = smtplib.SMTP(host, int(port), timeout=30)
    try:
        server.starttls(context=context)
        server.ehlo()
        print("secured by %s, %s" % (server.sock.version(), server.sock.cipher()[0]))
        for feature in sorted(server.esmtp_features):
            print(feature)
        server.quit()
    finally:
        server.close()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
