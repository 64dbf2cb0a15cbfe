"""ipyssl takes what IronPython's own console takes."""

import os
import unittest

from support import IPYSSL, ConsoleCase

BANNER = "Type \"help\""


class TestOptions(ConsoleCase):
    def test_command(self):
        text = self.output("-c", "import sys, ssl; print(sys.argv, 'SslModule' in ssl.OPENSSL_VERSION)", "a", "-b")
        self.assertEqual(text, "['-c', 'a', '-b'] True\n")

    def test_module(self):
        self.write("some.py", "import sys\nprint(__name__, sys.argv[1:])\n")
        self.assertEqual(self.output("-m", "some", "-x", "y"), "__main__ ['-x', 'y']\n")

    def test_file(self):
        os.mkdir(os.path.join(self.folder, "inner"))
        path = self.write("inner/some.py", "import sys, beside\nprint(__name__, __file__ == sys.argv[0], sys.argv[1:])\n")
        self.write("inner/beside.py", "")
        self.assertEqual(self.output(path, "-c", "z"), "__main__ True ['-c', 'z']\n")

    def test_folder_with_main(self):
        self.write("__main__.py", "print('main')")
        self.assertEqual(self.output(self.folder), "main\n")

    def test_version(self):
        self.assertEqual(self.output("-V"), "IronPython 3.4.2\n")
        self.assertEqual(self.output("--version"), "IronPython 3.4.2\n")
        self.assertIn("\nSslModule ", self.output("-VV"))

    def test_help(self):
        text = self.output("-h")
        self.assertIn("usage: ipyssl [option]", text)
        for option in ("-c cmd", "-m mod", "-i ", "-X FullFrames", "IRONPYTHONPATH"):
            self.assertIn(option, text)

    def test_piped_program(self):
        program = "import sys\nfor number in range(2):\n    print(number)\nprint(sys.argv)\n"
        self.assertEqual(self.output(stdin=program), "0\n1\n['']\n")
        self.assertEqual(self.output("-", "a", stdin=program), "0\n1\n['-', 'a']\n")

    def test_inspect(self):
        status, output, errors = self.run_console("-i", "-c", "x = 5", stdin="x + 1\n")
        self.assertEqual((status, errors), (0, ""))
        self.assertIn(">>> 6\n", output)

    def test_quiet_interactive(self):
        self.assertIn(BANNER, self.output("-i", stdin="7\n"))
        self.assertNotIn(BANNER, self.output("-q", "-i", stdin="7\n"))

    def test_startup_file(self):
        path = self.write("startup.py", "started = 'yes'\n")
        self.assertIn("'yes'", self.output("-i", stdin="started\n", IRONPYTHONSTARTUP=path))

    def test_search_path(self):
        os.mkdir(os.path.join(self.folder, "more"))
        self.write("more/found.py", "print('found')")
        script = self.write("script.py", "import found")
        self.assertEqual(self.output(script, IRONPYTHONPATH=os.path.join(self.folder, "more")), "found\n")
        status, _, errors = self.run_console("-E", script, IRONPYTHONPATH=os.path.join(self.folder, "more"))
        self.assertEqual(status, 1)
        self.assertIn("No module named 'found'", errors)

    def test_implementation_options(self):
        self.assertIn("frame object", self.output("-X", "FullFrames", "-c", "import sys; print(sys._getframe())"))
        self.assertIn("has no attribute '_getframe'", self.run_console("-X", "NoFrames", "-c", "import sys; sys._getframe()")[2])

    def test_warnings_as_errors(self):
        status, _, errors = self.run_console("-W", "error", "-c", "import warnings; warnings.warn('careful')")
        self.assertEqual(status, 1)
        self.assertIn("UserWarning: careful", errors)

    def test_without_site(self):
        self.assertEqual(self.output("-S", "-s", "-c", "import sys, ssl; print('site' in sys.modules)"), "False\n")

    def test_statuses(self):
        for program, status, text in (("import sys; sys.exit()", 0, ""), ("import sys; sys.exit(3)", 3, ""),
                                      ("import sys; sys.exit('why')", 1, "why\n"), ("1 / 0", 1, "ZeroDivisionError"),
                                      ("if", 1, "SyntaxError")):
            with self.subTest(program):
                for arguments, stdin in ((["-c", program], ""), ([self.write("some.py", program)], ""), ([], program)):
                    seen, _, errors = self.run_console(*arguments, stdin=stdin)
                    self.assertEqual(seen, status)
                    self.assertIn(text, errors)

    def test_unknown(self):
        self.assertEqual(self.run_console("-Z"), (1, "", "Unknown option: Z\n"))
        self.assertEqual(self.run_console("missing.py"), (1, "", "File missing.py does not exist.\n"))

    def test_executable_starts_it_again(self):
        program = "import subprocess, sys; print(subprocess.check_output([sys.executable, '-c', 'import ssl; print(ssl.OPENSSL_VERSION)']))"
        self.assertIn("SslModule", self.output("-c", program))

    def test_its_own_module_answers(self):
        # The folder DLLs beside it is for other consoles, and for .NET 8.
        program = "import clr, ssl, _ssl; print(clr.GetClrType(_ssl._SSLContext).Assembly.Location)"
        self.assertEqual(self.output("-c", program).strip(), os.path.join(IPYSSL, "SslModule.IronPython.dll"))

    def test_module_at_start(self):
        self.write("sitecustomize.py", "import ssl\nprint('SslModule' in ssl.OPENSSL_VERSION)")
        self.assertEqual(self.output("-c", "import ssl; ssl.create_default_context()", IRONPYTHONPATH=self.folder), "True\n")


if __name__ == "__main__":
    unittest.main()
