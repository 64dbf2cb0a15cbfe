"""One server, several names: each client gets the certificate of the name that it asks for.

    sni_server.py DEFAULT NAME=CERTFILE [NAME=CERTFILE ...]

DEFAULT is the certificate's file for clients that name nobody; who asks for a name that is not there is refused. Each
client is told whom it has reached. Prints the port when it is ready and runs until it is ended.
"""

import socket
import ssl
import sys


def serving(certfile):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certfile)
    return context


def chooser(contexts):
    def choose(connection, name, context):
        if name is None:
            return None
        if name not in contexts:
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        connection.context = contexts[name]
        connection.chosen = name
        return None
    return choose


def main(default, *names):
    context = serving(default)
    pairs = [entry.split("=", 1) for entry in names]
    context.sni_callback = chooser(dict((name, serving(certfile)) for name, certfile in pairs))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        print("port %d" % listener.getsockname()[1])
        sys.stdout.flush()
        while True:
            plain, address = listener.accept()
            plain.settimeout(30)
            try:
                with context.wrap_socket(plain, server_side=True) as connection:
                    connection.sendall(("this is %s\n" % getattr(connection, "chosen", "the default")).encode())
                    connection.unwrap()
            except OSError as error:
                print("refused: %s" % error)
                sys.stdout.flush()
                plain.close()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
