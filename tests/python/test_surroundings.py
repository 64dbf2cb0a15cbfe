"""What changes around a program while it runs: files are renewed, removed or cut short, a disk is full, no descriptor is left."""

import errno
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest

import support
from support import IRONPYTHON, client_context, data, read_file, server_context, tls_pair

try:
    import resource
except ImportError:
    resource = None

UNIX = sys.platform != "win32"


def names(server):
    """The common name of the certificate that a server shows."""
    near, far = tls_pair(support.careless_context(), server)
    with near, far:
        return ssl.DER_cert_to_PEM_cert(near.getpeercert(True))


class FolderCase(support.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)
        return self.path(name)


class TestFiles(FolderCase):
    """A context has what it loaded, whatever becomes of the file; a file that cannot be loaded changes nothing."""

    def test_a_certificate_that_is_renewed(self):
        path = self.write("server.pem", read_file(data("server.pem")))
        server = server_context(None)
        server.load_cert_chain(path)
        first = names(server)
        os.unlink(path)
        self.assertEqual(names(server), first)
        self.write("server.pem", read_file(data("server-ec.pem")))
        self.assertEqual(names(server), first)
        near, far = tls_pair(support.careless_context(), server)
        with near, far:
            server.load_cert_chain(path)
            near.sendall(b"before")
            self.assertEqual(far.recv(100), b"before")

    def test_a_file_that_is_cut_short(self):
        whole = read_file(data("server.pem"))
        for count in (0, 1, 40, len(whole) // 2, len(whole) - 30):
            server = server_context()
            first = names(server)
            path = self.write("cut.pem", whole[:count])
            with self.subTest(count):
                self.assertFails(ssl.SSLError, server.load_cert_chain, path)
                self.assertEqual(names(server), first)

    def test_authorities_that_are_removed(self):
        path = self.write("ca.pem", read_file(support.CA))
        client = client_context(cafile=path)
        os.unlink(path)
        near, far = tls_pair(client, server_context())
        near.close()
        far.close()
        self.assertFails(OSError, client.load_verify_locations, path)
        self.assertEqual(client.cert_store_stats()["x509_ca"], 1)

    @unittest.skipUnless(UNIX, "openssl names the files")
    def test_a_folder_of_authorities_that_fills(self):
        client = client_context(cafile=None)
        client.load_verify_locations(capath=self.folder)
        server = server_context()
        self.assertFails(ssl.SSLCertVerificationError, tls_pair, client, server)
        name = subprocess.check_output(["openssl", "x509", "-hash", "-noout", "-in", support.CA]).decode().strip()
        self.write(name + ".0", read_file(support.CA))
        near, far = tls_pair(client, server)
        near.close()
        far.close()

    @unittest.skipUnless(UNIX, "errno values of Unix")
    def test_what_the_system_says(self):
        file = self.write("file", b"")
        loop = self.path("loop")
        os.symlink(loop, loop)
        for path, error in ((self.path("none", "below"), errno.ENOENT), (os.path.join(file, "below"), errno.ENOTDIR),
                            (os.path.join(file, "far", "below"), errno.ENOTDIR), (loop, errno.ELOOP),
                            (self.path("x" * 300), errno.ENAMETOOLONG)):
            context = server_context()
            for load in (context.load_cert_chain, context.load_verify_locations, context.load_dh_params,
                         lambda path: setattr(context, "keylog_filename", path)):
                with self.subTest(error=errno.errorcode[error]):
                    self.assertEqual(self.assertFails(OSError, load, path).errno, error)


@unittest.skipUnless(UNIX, "files that Windows has not, or does not let go of while they are open")
class TestKeyLog(FolderCase):
    """The file is opened once, and written to for as long as the context names it."""

    def lines(self, name="keys"):
        return [line for line in read_file(self.path(name)).splitlines() if not line.startswith(b"#")]

    def connect(self, client):
        near, far = tls_pair(client, server_context(num_tickets=0))
        near.close()
        far.close()

    def test_after_a_change_of_folder(self):
        before = os.getcwd()
        os.chdir(self.folder)
        try:
            client = client_context(keylog_filename="keys")
        finally:
            os.chdir(before)
        self.connect(client)
        self.assertEqual(len(self.lines()), 5)

    def test_a_file_that_is_moved_and_one_whose_folder_is_gone(self):
        client = client_context(keylog_filename=self.path("keys"))
        os.rename(self.path("keys"), self.path("old"))
        self.connect(client)
        self.assertEqual((len(self.lines("old")), os.path.exists(self.path("keys"))), (5, False))
        client.keylog_filename = self.path("keys")
        shutil.rmtree(self.folder)
        self.connect(client)
        self.assertFalse(os.path.exists(self.folder))

    @unittest.skipUnless(hasattr(os, "mkfifo"), "IronPython makes none")
    def test_a_pipe(self):
        os.mkfifo(self.path("pipe"))
        descriptor = os.open(self.path("pipe"), os.O_RDWR | os.O_NONBLOCK)
        try:
            client = client_context(keylog_filename=self.path("pipe"))
            self.connect(client)
            text = os.read(descriptor, 100000)
        finally:
            os.close(descriptor)
        self.assertEqual(text.count(b"\n"), 5)

    def test_contexts_with_one_file(self):
        contexts = [client_context(keylog_filename=self.path("keys")) for _ in range(3)]
        for _ in range(3):
            for context in contexts:
                self.connect(context)
        self.assertEqual(len(set(self.lines())), 45)

    def test_a_name_that_cannot_be_opened_ends_the_former_log(self):
        client = client_context(keylog_filename=self.path("keys"))
        self.assertFails(OSError, setattr, client, "keylog_filename", self.path("none", "keys"))
        self.assertIsNone(client.keylog_filename)
        client.keylog_filename = self.path("keys")
        self.assertFails(TypeError, setattr, client, "keylog_filename", 1.5)
        self.assertIsNone(client.keylog_filename)
        self.connect(client)
        self.assertEqual(self.lines(), [])

    @unittest.skipUnless(os.path.exists("/dev/full"), "no device that is full")
    @unittest.skipUnless("SslModule" in ssl.OPENSSL_VERSION, "OpenSSL says nothing of lines that it could not write")
    def test_a_full_disk(self):
        client = client_context()
        error = self.assertFails(OSError, setattr, client, "keylog_filename", "/dev/full")
        self.assertEqual((error.errno, error.filename), (errno.ENOSPC, "/dev/full"))
        self.connect(client)


@unittest.skipIf(resource is None or IRONPYTHON, "limits of a process")
class TestDescriptors(support.TestCase):
    """Without a descriptor left a connection goes on, and what needs one says so."""

    def test_none_left(self):
        client, server = client_context(), server_context()
        for end in tls_pair(client, server):        # Python loads modules for the first one
            end.close()
        near, far = support.connected_pair()
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        taken = []
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(limits[0], 200), limits[1]))
        try:
            try:
                while True:
                    taken.append(os.dup(0))
            except OSError:
                pass
            near, far = support.both(lambda: client.wrap_socket(near, server_hostname="localhost"),
                                     lambda: server.wrap_socket(far, server_side=True))
            near.sendall(b"x" * 100000)
            self.assertEqual(len(support.receive(far, 100000)), 100000)
            self.assertEqual(self.assertFails(OSError, server.load_cert_chain, data("server.pem")).errno, errno.EMFILE)
            self.assertEqual(self.assertFails(OSError, client.load_verify_locations, support.CA).errno, errno.EMFILE)
            self.assertEqual(self.assertFails(OSError, setattr, client, "keylog_filename", support.CA).errno, errno.EMFILE)
            self.assertEqual(len(ssl.RAND_bytes(32)), 32)
            self.assertFails(OSError, socket.socket)
        finally:
            for descriptor in taken:
                os.close(descriptor)
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        with near, far:
            support.both(near.unwrap, far.unwrap)


if __name__ == "__main__":
    unittest.main()
