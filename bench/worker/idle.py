"""What connections take that do nothing."""

# So many are open before the first look at the server's memory: what the first of all make is for all of them.
BEFORE = 50


def held(place, count):
    """Bytes of the server's memory for each connection."""
    made = place.context()
    connections = []

    def hold(number):
        for _ in range(number):
            connection = place.ordered("idle", made)
            connection.recv(1)
            connections.append(connection)
    hold(BEFORE)
    _, before = place.cost(made)
    hold(count)
    _, after = place.cost(made)
    last = place.ordered("forget", made)
    last.recv(1)
    for connection in connections + [last]:
        connection.close()
    return {"value": (after - before) / count}
