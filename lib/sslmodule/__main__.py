"""python -m sslmodule doctor HOST[:PORT] | --info: looks at a server's TLS, or at this module's own."""

import argparse
import os
import sys

import sslmodule

try:
    # Only the package that pip installs has the switch.
    from sslmodule import switch
except ImportError:
    switch = None


def parser():
    name = os.path.splitext(os.path.basename(sys.executable or "python"))[0]
    whole = argparse.ArgumentParser(
        prog="%s -m sslmodule" % name, description="Looks at a server's TLS, or at the module itself.",
        epilog="SSLMODULE=on or SSLMODULE=off in the environment switches one process." if switch else None)
    whole.add_argument("--info", action="store_true", help="versions, ciphers, groups, trusted certificates found, use of the processor")
    if switch:
        whole.add_argument("--version", action="version", version=sslmodule.__version__)
    commands = whole.add_subparsers(dest="command", metavar="COMMAND")
    doctor = commands.add_parser(
        "doctor", help="connect to a server and show the handshake, the certificates and what is wrong with them",
        description="Connects, prints the handshake message by message and says what is wrong, if anything is. The exit status is 0 "
                    "if all is well, 1 if the handshake or the verification failed, 2 if there was no connection or the command is wrong.")
    doctor.add_argument("server", metavar="HOST[:PORT]", help="the port is 443 if none is given; an IPv6 address with a port is [ADDRESS]:PORT")
    doctor.add_argument("--servername", metavar="NAME", help="the name to ask for and to compare the certificate with; else HOST")
    doctor.add_argument("--cafile", metavar="FILE", help="trust the certificates in this file instead of the system's")
    doctor.add_argument("--insecure", action="store_true", help="after a failed verification connect once more without, to show the rest")
    doctor.add_argument("--timeout", metavar="SECONDS", type=float, default=10.0, help="for the connection, and for each step of the handshake")
    doctor.add_argument("--json", action="store_true", help="print one JSON object")
    if switch:
        for name, text in switch.COMMANDS:
            commands.add_parser(name, help=text)
    return whole


def main(arguments=None):
    given = parser().parse_args(arguments)
    if given.command == "doctor":
        from sslmodule import doctor
        return doctor.run(given)
    if given.info or not (given.command or switch):
        from sslmodule import facts
        return facts.run()
    return switch.run(given.command or "status")


if __name__ == "__main__":
    sys.exit(main())
