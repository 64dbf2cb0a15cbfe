"""A web server for https, which greets its visitors.

    https_server.py CERTFILE [PORT [CLIENTS]]

CERTFILE holds the server's certificate and its key. With CLIENTS, a file of authorities, only clients with a certificate
of theirs are let in. Prints the address when it is ready (PORT 0 lets the system choose) and runs until it is ended.
"""

import http.server
import socketserver
import ssl
import sys


class Greeting(http.server.BaseHTTPRequestHandler):
    timeout = 30

    def do_GET(self):
        certificate = self.connection.getpeercert() or {}
        names = [value for part in certificate.get("subject", ()) for key, value in part if key == "commonName"]
        body = ("hello %s, by %s\n" % (", ".join(names) or "stranger", self.connection.version())).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    context = None

    def get_request(self):
        # The handshake comes with the first read, in the visitor's own thread: one who is slow holds up nobody else.
        plain, address = self.socket.accept()
        plain.settimeout(30)
        return self.context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address


def main(certfile, port="8443", clients=None):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=clients)
    context.load_cert_chain(certfile)
    if clients:
        context.verify_mode = ssl.CERT_REQUIRED
    server = Server(("127.0.0.1", int(port)), Greeting)
    server.context = context
    print("https://localhost:%d/" % server.server_port)
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
