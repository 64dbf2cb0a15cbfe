"""Fetches a page by https.

    get.py URL [CAFILE]

CAFILE holds the authorities to trust; without it the system's are.
"""

import ssl
import sys
import urllib.request


def main(url, cafile=None):
    context = ssl.create_default_context(cafile=cafile)
    with urllib.request.urlopen(url, context=context, timeout=30) as answer:
        sys.stdout.write(answer.read().decode("utf-8", "replace"))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
