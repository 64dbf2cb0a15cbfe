"""Every peer, in the order of the page."""

from apache import Apache
from curl import Curl
from gnutls import GnuTls
from golang import Go
from javanode import Java, Node
from nginx import Nginx
from openssl import OpenSsl
from pipes import HAProxy, Stunnel

PEERS = (OpenSsl, GnuTls, Go, Java, Node, Nginx, Apache, HAProxy, Stunnel, Curl)

# Named on the page, for nobody should think that they were forgotten.
UNTRIED = (
    ("NSS", "our server waited in vain for the bytes of tstclnt; whether CPython's own does too, and why, was not found out; "
            "selfserv answers with a page of its own"),
    ("rustls, Botan, mbedTLS, wolfSSL, Erlang", "no program of the combinations has been written for them"),
    ("Chromium", "nor for a browser"),
)
