"""With PostgreSQL, which upgrades a connection to TLS: sslmode verify-full, a context, client certificates."""

import asyncio
import glob
import os
import shutil
import subprocess
import ssl
import unittest

import asyncpg

import programs
import support
from servers import BODY
from support import client_context, data

LIBRARY = "asyncpg"
MODULE = "asyncpg"
PACKAGE = "python3-asyncpg"

BINARIES = (sorted(glob.glob("/usr/lib/postgresql/*/bin")) or [None])[-1]


@unittest.skipUnless(BINARIES, "needs postgresql")
class TestAsyncpg(support.TestCase):
    def database(self, folder):
        """A new cluster in the folder; PostgreSQL does not run as root."""
        user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        if user:
            shutil.chown(folder, "postgres")
        cluster = os.path.join(folder, "cluster")
        subprocess.run([os.path.join(BINARIES, "initdb"), "-D", cluster, "-U", "tester", "--no-sync", "--auth=trust"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=folder, **user)
        with open(os.path.join(cluster, "pg_hba.conf"), "w") as file:
            file.write("hostssl all tester 127.0.0.1/32 trust\nhostssl all certified 127.0.0.1/32 cert map=names\n")
        with open(os.path.join(cluster, "pg_ident.conf"), "w") as file:
            file.write('names "A Client" certified\n')
        key = os.path.join(folder, "server-key.pem")
        os.chmod(key, 0o600)
        if user:
            shutil.chown(key, "postgres")
        settings = {"ssl": "on", "ssl_cert_file": os.path.join(folder, "server-cert.pem"), "ssl_key_file": key,
                    "ssl_ca_file": os.path.join(folder, "ca.pem"), "listen_addresses": "127.0.0.1", "unix_socket_directories": folder,
                    "fsync": "off"}
        words = [word for name, value in settings.items() for word in ("-c", "%s=%s" % (name, value))]
        return programs.listening(lambda port: [os.path.join(BINARIES, "postgres"), "-D", cluster, "-p", str(port)] + words,
                                  "ready to accept connections", cwd=folder, **user)

    def test_connections(self):
        async def scene(port):
            address = "postgresql://%s@localhost:%d/postgres?sslmode=verify-full&sslrootcert=%s"
            for options in ({"dsn": address % ("tester", port, support.CA)},
                            {"host": "localhost", "port": port, "user": "tester", "database": "postgres", "ssl": client_context()}):
                connection = await asyncpg.connect(**options)
                for length in (0, 1, 2047, 2048, 2049, 16383, 16384, 16385, 500000):
                    self.assertEqual(await connection.fetchval("SELECT $1::bytea", BODY[:length]), BODY[:length])
                self.assertTrue(await connection.fetchval("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                await connection.close()
            with self.assertRaises(ssl.SSLCertVerificationError):
                await asyncpg.connect(address % ("tester", port, data("otherca.pem")))

            connection = await asyncpg.connect(address % ("tester", port, support.CA))
            await connection.execute("CREATE ROLE certified LOGIN")
            await connection.close()
            options = {"host": "localhost", "port": port, "user": "certified", "database": "postgres"}
            connection = await asyncpg.connect(ssl=client_context(certificate="client.pem"), **options)
            self.assertEqual(await connection.fetchval("SELECT current_user"), "certified")
            await connection.close()
            with self.assertRaises(asyncpg.PostgresError):
                await asyncpg.connect(ssl=client_context(), **options)

        with programs.folder("server-cert.pem", "server-key.pem", "ca.pem") as folder, self.database(folder) as port:
            asyncio.run(asyncio.wait_for(scene(port), support.PATIENCE))


if __name__ == "__main__":
    unittest.main()
