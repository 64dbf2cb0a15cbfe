"""The functions that need no connection: dates, PEM and DER, host names, randomness, paths."""

import os
import socket
import ssl
import sys
import threading
import unittest

import support


class TestCertificateTime(support.TestCase):
    def test_page(self):
        seconds = ssl.cert_time_to_seconds("May  9 00:00:00 2007 GMT")
        self.assertEqual(seconds, 1178668800.0)
        self.assertIsInstance(seconds, float)
        self.assertEqual(ssl.cert_time_to_seconds("May 9 00:00:00 2007 GMT"), seconds)
        self.assertEqual(ssl.cert_time_to_seconds(timestring="May 9 00:00:00 2007 GMT"), seconds)
        self.assertEqual(ssl.cert_time_to_seconds(cert_time="May 9 00:00:00 2007 GMT"), seconds)

    def test_values(self):
        for text, seconds in (("Jan  5 09:34:43 2018 GMT", 1515144883), ("JaN 05 09:34:43 2018 GmT", 1515144883),
                              ("Jan  1 00:00:00 1970 GMT", 0), ("Dec 31 23:59:59 1969 GMT", -1),
                              ("Dec 31 23:59:60 2008 GMT", 1230768000), ("Feb 29 12:00:00 2016 GMT", 1456747200),
                              ("Dec 31 23:59:59 9999 GMT", 253402300799)):
            self.assertEqual(ssl.cert_time_to_seconds(text), seconds, text)

    def test_refused(self):
        for text in ("", "Jan  5 09:34:43 2018", "Jan  5 09:34:43 2018 UTC", "Jan 35 09:34:43 2018 GMT",
                     "Jon  5 09:34:43 2018 GMT", " Jan  5 09:34:43 2018 GMT", "Jan  5 24:00:00 2018 GMT",
                     "Jan  5 09:60:43 2018 GMT", "Jan  5 09:34:62 2018 GMT", "Jan  5 09:34 2018 GMT",
                     "Feb 29 00:00:00 2015 GMT", "Jan  5 09:34:43 2018 GMT\n", "Jan  0 09:34:43 2018 GMT",
                     "1 5 09:34:43 2018 GMT", "Jan  5 09:34:43 0000 GMT"):
            error = self.assertFails(ValueError, ssl.cert_time_to_seconds, text)
            self.assertIn("does not match format", str(error))
        self.assertRaises(TypeError, ssl.cert_time_to_seconds, 5)
        self.assertRaises(TypeError, ssl.cert_time_to_seconds, None)
        self.assertRaises(TypeError, ssl.cert_time_to_seconds)
        self.assertRaises(TypeError, ssl.cert_time_to_seconds, "x", timestring="x", cert_time="x")


class TestPem(support.TestCase):
    def test_round_trip(self):
        der = support.read_file(support.data("server.der"))
        pem = ssl.DER_cert_to_PEM_cert(der)
        self.assertIsInstance(pem, str)
        self.assertEqual(pem, support.read_file(support.data("server-cert.pem")).decode())
        self.assertEqual(ssl.PEM_cert_to_DER_cert(pem), der)

    def test_lines(self):
        for length in (0, 1, 47, 48, 49, 96, 1000):
            blob = support.pattern(length)
            pem = ssl.DER_cert_to_PEM_cert(blob)
            lines = pem.split("\n")
            self.assertEqual((lines[0], lines[-2], lines[-1]), (ssl.PEM_HEADER, ssl.PEM_FOOTER, ""))
            self.assertTrue(all(len(line) <= 64 for line in lines))
            self.assertEqual(ssl.PEM_cert_to_DER_cert(pem), blob)

    def test_names_of_the_page(self):
        self.assertEqual(ssl.PEM_cert_to_DER_cert(PEM_cert_string=ssl.DER_cert_to_PEM_cert(DER_cert_bytes=b"x")),
                         b"x")

    def test_refused(self):
        self.assertRaises(ValueError, ssl.PEM_cert_to_DER_cert, "")
        self.assertRaises(ValueError, ssl.PEM_cert_to_DER_cert, "x" + ssl.PEM_HEADER)
        error = self.assertFails(ValueError, ssl.PEM_cert_to_DER_cert, ssl.PEM_HEADER + "\nAAAA\n")
        self.assertIn(ssl.PEM_FOOTER, str(error))
        self.assertRaises(TypeError, ssl.DER_cert_to_PEM_cert, "text")


class TestHostNames(support.TestCase):
    def cert(self, *names, **others):
        cert = {"subjectAltName": names}
        if "cn" in others:
            cert["subject"] = ((("commonName", others["cn"]),),)
        return cert

    def accepted(self, cert, *hostnames):
        for hostname in hostnames:
            self.assertIsNone(ssl.match_hostname(cert, hostname))

    def refused(self, cert, *hostnames):
        for hostname in hostnames:
            self.assertRaises(ssl.CertificateError, ssl.match_hostname, cert, hostname)

    def test_plain(self):
        cert = self.cert(("DNS", "Example.com"), ("DNS", "www.example.com"))
        self.accepted(cert, "example.com", "EXAMPLE.COM", "www.example.com")
        self.refused(cert, "example.org", "ftp.example.com", ".example.com", "", "example.com.")

    def test_wildcard(self):
        cert = self.cert(("DNS", "*.example.com"))
        self.accepted(cert, "www.example.com", "WWW.Example.Com")
        self.refused(cert, "example.com", "a.b.example.com", ".example.com", "www.example.org")

    def test_bad_wildcards(self):
        for name in ("*", "*.*.com", "www.*.com"):
            self.refused(self.cert(("DNS", name)), "foo.example.com", "www.example.com", "x.com")

    def test_partial_wildcards(self):
        # RFC 6125, 6.4.3 allows them; Python does not from 3.7 on.
        answer = self.refused if sys.version_info >= (3, 7) else self.accepted
        for name in ("f*.example.com", "*oo.example.com", "f*o.example.com", "F*.Example.com"):
            answer(self.cert(("DNS", name)), "foo.example.com")
            self.refused(self.cert(("DNS", name)), "bar.example.com", "foo.example.org", "example.com", "foo.bar.example.com")
        for name in ("fo*oo.example.com", "f**.example.com", "x*.example.com"):
            self.refused(self.cert(("DNS", name)), "foo.example.com", "xn--foo.example.com")

    def test_addresses(self):
        cert = self.cert(("DNS", "127.0.0.1"), ("IP Address", "10.1.2.3"), ("IP Address", "::1\n"))
        self.accepted(cert, "10.1.2.3", "::1", "0:0:0:0:0:0:0:1")
        self.refused(cert, "127.0.0.1", "10.1.2.4", "10.1.2.3.4", "::2")

    def test_common_name_counts_alone_only(self):
        self.accepted({"subject": ((("commonName", "example.com"),),)}, "example.com")
        self.refused(self.cert(("DNS", "other.com"), cn="example.com"), "example.com")
        self.refused({"subject": ((("organizationName", "example.com"),),)}, "example.com")

    def test_messages(self):
        def message(cert):
            return str(self.assertFails(ssl.CertificateError, ssl.match_hostname, cert, "b"))
        self.assertIn("hostname 'b' doesn't match 'a'", message(self.cert(("DNS", "a"))))
        self.assertIn("hostname 'b' doesn't match either of 'a', 'c'",
                      message(self.cert(("DNS", "a"), ("DNS", "c"))))
        self.assertIn("no appropriate commonName", message({"subject": ()}))
        self.assertRaises(ValueError, ssl.match_hostname, None, "b")
        self.assertRaises(ValueError, ssl.match_hostname, {}, "b")


class TestRandomness(support.TestCase):
    def test_status(self):
        self.assertTrue(ssl.RAND_status())

    def test_bytes(self):
        self.assertEqual(len(ssl.RAND_bytes(16)), 16)
        self.assertIsInstance(ssl.RAND_bytes(1), bytes)
        self.assertEqual(ssl.RAND_bytes(0), b"")
        self.assertNotEqual(ssl.RAND_bytes(32), ssl.RAND_bytes(32))
        self.assertRaises(ValueError, ssl.RAND_bytes, -5)
        self.assertRaises(TypeError, ssl.RAND_bytes, "x")

    def test_pseudo_bytes(self):
        value, strong = ssl.RAND_pseudo_bytes(16)
        self.assertEqual((len(value), strong), (16, True))

    def test_add(self):
        for entropy in (b"this is a random string", bytearray(b"this one too"), "and this text"):
            self.assertIsNone(ssl.RAND_add(entropy, 75.0))
        self.assertRaises(TypeError, ssl.RAND_add)
        self.assertRaises(TypeError, ssl.RAND_add, b"x", "x")

    def test_egd_without_daemon(self):
        self.assertRaises(ssl.SSLError, ssl.RAND_egd, os.path.join(support.data("."), "no-daemon"))

    @unittest.skipUnless(hasattr(socket, "AF_UNIX") and not support.IRONPYTHON, "a daemon needs Unix sockets")
    def test_egd(self):
        import shutil
        import tempfile
        folder = tempfile.mkdtemp()
        asked = []
        try:
            path = os.path.join(folder, "egd")
            listening = socket.socket(socket.AF_UNIX)
            listening.bind(path)
            listening.listen(1)

            def daemon():
                # 1: as many as there are, told by a byte first; 2: as many as asked for, after a wait.
                connection, _ = listening.accept()
                with connection:
                    connection.settimeout(support.PATIENCE)
                    while True:
                        request = connection.recv(2)
                        if len(request) < 2:
                            break
                        command, count = request[0], request[1]
                        asked.append(count)
                        connection.sendall((bytes([count]) if command == 1 else b"") + bytes(count))
            thread = threading.Thread(target=daemon)
            thread.daemon = True
            thread.start()
            self.assertEqual(ssl.RAND_egd(path), 256)
            thread.join(support.PATIENCE)
            listening.close()
            self.assertEqual(sum(asked), 256)
        finally:
            shutil.rmtree(folder)


class TestPaths(support.TestCase):
    def test_default_verify_paths(self):
        paths = ssl.get_default_verify_paths()
        self.assertEqual(len(paths), 6)
        self.assertEqual(paths.openssl_cafile_env, "SSL_CERT_FILE")
        self.assertEqual(paths.openssl_capath_env, "SSL_CERT_DIR")

    def test_environment(self):
        old = dict((name, os.environ.get(name)) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"))
        try:
            os.environ["SSL_CERT_FILE"] = support.CA
            os.environ["SSL_CERT_DIR"] = support.data("capath")
            paths = ssl.get_default_verify_paths()
            self.assertEqual((paths.cafile, paths.capath), (support.CA, support.data("capath")))
            os.environ["SSL_CERT_FILE"] = support.data("missing.pem")
            self.assertIsNone(ssl.get_default_verify_paths().cafile)
        finally:
            for name, value in old.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


if __name__ == "__main__":
    unittest.main()
