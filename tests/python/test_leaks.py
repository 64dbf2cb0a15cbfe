"""What is let go of is freed: contexts, connections, callbacks and sessions, whatever cycles they are in."""

import gc
import ssl
import unittest
import weakref

import support


def collected(references):
    """Are they all dead? A host without reference counts needs a few rounds, and its finalizers some more."""
    for _ in range(10):
        gc.collect()
        if not any(reference() is not None for reference in references):
            return True
    return False


class Callback(object):
    """A callable that a weak reference can watch, and that holds what it is told to."""

    def __init__(self, held=None):
        self.held = held
        self.calls = 0

    def __call__(self, *arguments):
        self.calls += 1


def memory_pair(client, server):
    """Two SSLObjects with the handshake done."""
    one, two = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client.wrap_bio(one, two, server_hostname="localhost")
    far = server.wrap_bio(two, one, server_side=True)
    support.shake(near, far)
    return near, far


# Each of these functions makes things and lets them go when it returns: no frame of a test keeps one.

def make_context():
    return [weakref.ref(support.server_context())]


def make_context_with_callbacks():
    context = support.server_context()
    named, told = Callback(context), Callback(context)
    context.sni_callback = named
    context._msg_callback = told
    return [weakref.ref(thing) for thing in (context, named, told)]


def make_objects():
    client, server = support.client_context(), support.server_context()
    near, far = memory_pair(client, server)
    near.write(b"x")
    assert far.read(1) == b"x"
    return [weakref.ref(thing) for thing in (client, server, near, far)]


def make_objects_with_callbacks():
    client, server = support.client_context(), support.server_context()
    named = Callback(server)
    server.sni_callback = named
    near, far = memory_pair(client, server)
    named.held = (near, far)
    assert named.calls == 1
    return [weakref.ref(thing) for thing in (client, server, near, far, named)]


def make_sockets():
    client, server = support.client_context(), support.server_context(num_tickets=0)
    near, far = support.tls_pair(client, server)
    references = [weakref.ref(thing) for thing in (client, server, near, far)]
    near.close()
    far.close()
    return references


def make_refused_sockets():
    client, server = support.client_context(cafile=support.data("otherca.pem")), support.server_context()
    try:
        support.tls_pair(client, server)
    except ssl.SSLError as error:
        assert error.verify_code
    return [weakref.ref(thing) for thing in (client, server)]


def make_sessions():
    client, server = support.client_context(), support.server_context()
    near, far = memory_pair(client, server)
    far.write(b"x")
    near.read(1)
    session = near.session
    return [weakref.ref(thing) for thing in (client, server, near, far)], session


class TestFreed(support.TestCase):
    def test_context(self):
        self.assertTrue(collected(make_context()))

    def test_context_in_a_cycle_with_its_callbacks(self):
        self.assertTrue(collected(make_context_with_callbacks()))

    def test_objects(self):
        self.assertTrue(collected(make_objects()))

    def test_objects_in_a_cycle_with_a_callback(self):
        self.assertTrue(collected(make_objects_with_callbacks()))

    def test_sockets(self):
        self.assertTrue(collected(make_sockets()))

    def test_refused_sockets(self):
        self.assertTrue(collected(make_refused_sockets()))

    def test_a_session_keeps_no_connection(self):
        references, session = make_sessions()
        self.assertTrue(collected(references))
        self.assertTrue(session.id is not None)

    def test_many(self):
        references = []
        for _ in range(50):
            references += make_objects()
        self.assertTrue(collected(references))

    def test_a_context_in_use_stays(self):
        client, server = support.client_context(), support.server_context()
        near, far = memory_pair(client, server)
        reference = weakref.ref(client)
        del client
        self.assertFalse(collected([reference]))
        self.assertEqual(near.write(b"x"), 1)


if __name__ == "__main__":
    unittest.main()
