"""Asks the server that TEST_URL names, trusting TEST_AUTHORITY; in words that a test can read."""
import os
import ssl
import urllib.error
import urllib.request

print("ssl.py:", ssl.__file__)
print("module:", ssl.OPENSSL_VERSION)
context = ssl.create_default_context(cafile=os.environ["TEST_AUTHORITY"])
try:
    print("answer:", urllib.request.urlopen(os.environ["TEST_URL"], timeout=60, context=context).read().decode())
except urllib.error.URLError as error:
    print("refused:", type(error.reason).__name__, error.reason.verify_code)
