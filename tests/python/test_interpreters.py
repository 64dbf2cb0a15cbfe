"""Where CPython's module can be imported: in the main interpreter of a build with the GIL. Elsewhere an ImportError says why."""

import os
import shutil
import ssl
import subprocess
import sys
import sysconfig
import tempfile
import unittest

import support

OURS = sys.implementation.name == "cpython" and "SslModule" in ssl.OPENSSL_VERSION

# Tries in a subinterpreter that shares the GIL, then in one with its own where the version has such, and says how each ended.
SUBINTERPRETERS = """
import sys
def attempt(kind):
    if sys.version_info >= (3, 13):
        import _interpreters
        made = _interpreters.create("legacy" if kind == "shared" else "isolated")
        failure = _interpreters.run_string(made, "import ssl")
        _interpreters.destroy(made)
        return failure and failure.formatted
    import _xxsubinterpreters
    made = _xxsubinterpreters.create(isolated=kind == "own")
    try:
        _xxsubinterpreters.run_string(made, "import ssl")
    except _xxsubinterpreters.RunFailedError as error:
        return str(error)
    finally:
        _xxsubinterpreters.destroy(made)
for kind in ("shared", "own"):
    print(attempt(kind))
"""

USE = """
import ssl
incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
try:
    ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname="localhost").do_handshake()
except ssl.SSLWantReadError:
    print(outgoing.pending > 100)
"""

EMBEDDING = """
#include <Python.h>
int main(void)
{
    for (int round = 0; round < 2; round++) {
        Py_Initialize();
        PyRun_SimpleString("import sys\\ntry:\\n    import ssl\\nexcept ImportError as error: print(error)\\nelse: print('imported')\\nsys.stdout.flush()\\n");
        Py_FinalizeEx();
    }
    return 0;
}
"""

REFUSED = "ImportError: SslModule's _ssl serves the main interpreter alone: it cannot be imported by a subinterpreter"


def lines(output):
    """What was printed, without what our ssl.py puts before _ssl's words and old Pythons around the exception's name."""
    return output.replace("_ssl cannot be loaded: ", "").replace("<class 'ImportError'>", "ImportError").splitlines()


def run(text, **variables):
    """What an interpreter of this kind prints over a program."""
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", text], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True,
                         timeout=support.PATIENCE, env=dict(os.environ, **variables))
    return ran.returncode, lines(ran.stdout)


@unittest.skipUnless(OURS, "no _ssl of ours that CPython loads")
class TestInterpreters(support.TestCase):
    def test_before_the_main_interpreter(self):
        self.assertEqual(run(SUBINTERPRETERS + USE), (0, [REFUSED, REFUSED, "True"]))

    def test_beside_the_main_interpreter(self):
        self.assertEqual(run(USE + SUBINTERPRETERS + USE), (0, ["True", REFUSED, REFUSED, "True"]))

    def test_default_ciphers_are_those_of_the_build(self):
        """Read in the text of the interpreter's record, and from the imported record where the text is not found."""
        tell = """
import sys
%s
import _ssl
print({"ALL:!COMPLEMENTOFDEFAULT:!eNULL": "OpenSSL's"}.get(_ssl._DEFAULT_CIPHERS, "Python's"), any(name.startswith("_sysconfigdata") for name in sys.modules))
"""
        expected = "OpenSSL's" if sysconfig.get_config_var("PY_SSL_DEFAULT_CIPHERS") == 2 else "Python's"
        self.assertEqual(run(tell % ""), (0, [expected + " False"]))
        for text in ("sys._stdlib_dir = None", "sys._stdlib_dir = '/nowhere'", "del sys._stdlib_dir"):
            with self.subTest(text):
                self.assertEqual(run(tell % text), (0, [expected + " True"]))

    def test_imported_anew(self):
        """As libraries and tests do that want another ssl.py: the exceptions of before are still those of now."""
        again = "import sys; before = ssl.SSLError, ssl._ssl; del sys.modules['_ssl'], sys.modules['ssl']; del ssl\n"
        after = "print(ssl.SSLError is before[0], ssl._ssl is not before[1], ssl._ssl.__name__, ssl._ssl.__spec__ is not None)\n"
        self.assertEqual(run(USE + again + USE + after), (0, ["True", "True", "True True _ssl True"]))

    @unittest.skipUnless(os.path.isfile(os.path.join(sysconfig.get_path("include"), "Python.h")) and sysconfig.get_config_var("Py_ENABLE_SHARED")
                         and shutil.which("cc"), "no headers and library of this interpreter, or no C compiler")
    def test_after_finalization(self):
        """A program that embeds the interpreter, ends it and begins another."""
        with tempfile.TemporaryDirectory() as folder:
            source, program, libraries = os.path.join(folder, "main.c"), os.path.join(folder, "main"), sysconfig.get_config_var("LIBDIR")
            with open(source, "w") as file:
                file.write(EMBEDDING)
            subprocess.check_call(["cc", "-I", sysconfig.get_path("include"), "-I", sysconfig.get_path("platinclude"), source, "-o", program, "-rdynamic",
                                   "-L", libraries, "-lpython" + sysconfig.get_config_var("LDVERSION"), "-Wl,-rpath," + libraries])
            output = subprocess.check_output([program], env=dict(os.environ, PYTHONHOME=sys.base_prefix), timeout=support.PATIENCE)
            self.assertEqual(lines(output.decode()), ["imported", "SslModule's _ssl cannot be imported again after Py_Finalize()"])

    @unittest.skipUnless(shutil.which("cc"), "no C compiler")
    def test_without_the_gil(self):
        """The interpreter is told to call itself a build without the GIL."""
        with tempfile.TemporaryDirectory() as folder:
            for version in ("3.13.0 experimental free-threading build (main)", "3.14.0 free-threading build (main)"):
                source, library = os.path.join(folder, "version.c"), os.path.join(folder, "version.so")
                with open(source, "w") as file:
                    file.write('const char *Py_GetVersion(void) { return "%s"; }\n' % version)
                subprocess.check_call(["cc", "-shared", "-fPIC", "-o", library, source])
                if run("import sys; print(sys.version)", LD_PRELOAD=library) != (0, [version]):
                    self.skipTest("this interpreter is no shared library, whose functions another can stand in for")
                status, printed = run("import ssl", LD_PRELOAD=library)
                self.assertEqual(printed[-1], "ImportError: SslModule's _ssl needs the GIL: it cannot be imported by a free-threaded build of Python")
                self.assertEqual(status, 1)


if __name__ == "__main__":
    unittest.main()
