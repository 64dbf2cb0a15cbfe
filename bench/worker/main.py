"""A measured process, on whatever `_ssl` its interpreter finds. A server and a driver of these make a side.

    main.py serve FOLDER                        prints a JSON object of ports, serves until its standard input ends
    main.py crowd FOLDER CONFIGURATION KIND     the same for a server of many connections
    main.py drive FOLDER                        reads a JSON order a line, answers a JSON result a line

FOLDER holds the certificates. What an order calls its load is where its code is: "bulk.recv_into" is the function recv_into of
bulk.py. Everything here but crowd_loop.py and streams.py keeps to Python 3.4 and to what IronPython's own `_ssl` has, so that it
serves every side; what a side lacks raises, and the result says so.
"""

import json
import os
import sys

from contexts import Place


def serve(folder):
    import server
    until_the_end(server.listen(folder))


def crowd(folder, configuration, kind):
    import crowd_server
    until_the_end(crowd_server.listen(folder, configuration, kind))


def until_the_end(ports):
    """Says where the threads that serve can be reached, and ends the process, and them, with its input."""
    print(json.dumps(ports))
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)


def drive(folder):
    for line in sys.stdin:
        print(json.dumps(obeyed(folder, json.loads(line))))
        sys.stdout.flush()


def obeyed(folder, order):
    module, function = order.pop("load").split(".")
    place = Place(folder, order.pop("configuration"), order.pop("port"))
    try:
        return getattr(__import__(module), function)(place, **order)
    except Exception as error:  # the other side may have it: this row says why this one has not
        return {"error": "%s: %s" % (type(error).__name__, error)}


if __name__ == "__main__":
    {"serve": serve, "crowd": crowd, "drive": drive}[sys.argv[1]](*sys.argv[2:])
