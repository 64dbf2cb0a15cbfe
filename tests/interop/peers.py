"""Every peer, in the order of the page."""

from gnutls import GnuTls
from golang import Go
from javanode import Java, Node
from openssl import OpenSsl

PEERS = (OpenSsl, GnuTls, Go, Java, Node)
