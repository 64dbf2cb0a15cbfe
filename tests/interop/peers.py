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
