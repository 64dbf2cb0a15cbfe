"""The program that BoringSSL's test runner (ssl/test/runner) starts once per case: it connects to the runner and
speaks TLS by Python's ssl module, as the flags of its command line say.

Which ssl module, the caller chooses by PYTHONPATH. A flag that Python's ssl cannot express ends the program with the
status that the runner counts as "not implemented"; this is told before ssl is loaded, as it concerns half of the cases.
"""
import os
import sys

import flags

UNIMPLEMENTED = 89


def main(arguments):
    if "-is-handshaker-supported" in arguments:
        print("No")  # Signing in another process is BoringSSL's own.
        return 0
    try:
        initial, resumed = flags.parse(arguments)
        import connections
        connections.run(initial, resumed)
    except flags.Unimplemented as missing:
        if "SHIM_SKIPS" in os.environ:
            with open(os.environ["SHIM_SKIPS"], "a") as file:
                file.write("%s\n" % missing)
        return UNIMPLEMENTED
    except Exception as error:
        # OpenSSL's reason in colons, as BoringSSL prints its own: config.json says which stand for which.
        print("%s :%s: %s" % (type(error).__name__, getattr(error, "reason", None), error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
