"""What is deprecated says so on the Pythons that warn, and is silent on those that do not."""

import socket
import ssl
import sys
import unittest
import warnings

import support


class TestWarnings(support.TestCase):
    def warned(self, call, *arguments):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                call(*arguments)
            except (NotImplementedError, ssl.CertificateError):
                pass
        return [str(warning.message) for warning in caught if warning.category is DeprecationWarning]

    def wrap(self):
        ssl.wrap_socket(socket.socket()).close()

    def test_deprecated(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        for text, call, arguments in (
                ("ssl.SSLContext() without protocol argument is deprecated.", ssl.SSLContext, ()),
                ("ssl.wrap_socket() is deprecated, use SSLContext.wrap_socket()", self.wrap, ()),
                ("ssl.match_hostname() is deprecated", ssl.match_hostname, ({"subject": ()}, "x")),
                ("ssl NPN is deprecated, use ALPN instead", context.set_npn_protocols, (["x"],)),
                ("ssl.RAND_pseudo_bytes() is deprecated", ssl.RAND_pseudo_bytes, (1,)),
                ("ssl.PROTOCOL_TLS is deprecated", ssl.SSLContext, (ssl.PROTOCOL_TLS,)),
                ("ssl.PROTOCOL_TLSv1_2 is deprecated", ssl.SSLContext, (ssl.PROTOCOL_TLSv1_2,)),
                ("ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated", setattr,
                 (context, "options", ssl.OP_ALL | ssl.OP_NO_TLSv1)),
                ("ssl.TLSVersion.TLSv1_1 is deprecated", setattr,
                 (context, "minimum_version", ssl.TLSVersion.TLSv1_1))):
            with self.subTest(text=text):
                warned = self.warned(call, *arguments)
                if sys.version_info >= (3, 10):
                    self.assertIn(text, warned)
                else:
                    self.assertEqual(warned, [])

    def test_not_deprecated(self):
        self.assertEqual(self.warned(ssl.SSLContext, ssl.PROTOCOL_TLS_CLIENT), [])
        self.assertEqual(self.warned(ssl.create_default_context), [])
        self.assertEqual(self.warned(ssl._create_unverified_context), [])


if __name__ == "__main__":
    unittest.main()
