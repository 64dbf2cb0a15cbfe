"""Whole connections, one after the other: connecting, the handshake, one byte back, closing."""

import time

from orders import resident

WARMING = 5


def full(place, seconds):
    """Connections per second, each with a full handshake."""
    made = place.context()

    def one(_):
        answered(place, made).close()
    return rate(place, made, seconds, one, None)


def resumed(place, seconds):
    """Connections per second, each of which resumes the session of the one before: a ticket of TLS 1.3 is used once."""
    made = place.context()
    connection = answered(place, made)
    try:
        session = connection.session
    finally:
        connection.close()      # the server waits for it, and serves nobody else
    if session is None:
        raise ValueError("no session to resume")

    def one(session):
        connection = answered(place, made, session)
        if not connection.session_reused:
            raise ValueError("the session was not resumed")
        session = connection.session
        connection.close()
        return session
    return rate(place, made, seconds, one, session)


def answered(place, made, session=None):
    connection = place.ordered("once", made, session)
    connection.recv(1)
    return connection


def rate(place, made, seconds, one, session):
    for _ in range(WARMING):
        session = one(session)
    before, _ = place.cost(made)
    count, started = 0, time.perf_counter()
    end = started + seconds
    while True:
        session = one(session)
        count += 1
        now = time.perf_counter()
        if now >= end:
            break
    after, _ = place.cost(made)
    return {"value": count / (now - started), "cpu": (after - before) / count}


def many(place, count):
    """So many connections, and the bytes of both ends' memory after them."""
    made = place.context()
    for _ in range(count):
        answered(place, made).close()
    return {"value": count, "server_bytes": place.cost(made)[1], "client_bytes": resident()}
