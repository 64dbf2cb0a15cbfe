"""Fetches a page from a server that wants to know who asks.

    mutual_tls.py HOST PORT CAFILE CERTFILE [KEYFILE]

CAFILE holds the authorities to trust, CERTFILE the client's own certificate, and its key unless KEYFILE does.
"""

import http.client
import ssl
import sys


def main(host, port, cafile, certfile, keyfile=None):
    context = ssl.create_default_context(cafile=cafile)
    context.load_cert_chain(certfile, keyfile)
    connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=30)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        print(answer.status, answer.reason)
        print(answer.read().decode("utf-8", "replace"))
    finally:
        connection.close()


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
