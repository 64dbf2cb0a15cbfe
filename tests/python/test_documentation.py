"""The examples of the documentation, run unchanged, one test for each.

Pages: our own docs/ssl.rst, those of Debian's python3-doc packages where they are installed, and those that the
environment variable DOCUMENTATION_PAGES names (separated as PATH is). A page is reStructuredText or Sphinx's HTML of it.
"""

import glob
import os
import re
import ssl
import unittest
from collections import OrderedDict

import support
from documentation import page, scenes, world
from documentation.errata import Errata

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def pages():
    found = [os.path.join(ROOT, "docs", "ssl.rst")]
    for folder in sorted(glob.glob("/usr/share/doc/python3*/html")):
        source = os.path.join(folder, "_sources", "library", "ssl.rst.txt")
        found.append(source if os.path.isfile(source) else os.path.join(folder, "library", "ssl.html"))
    found += os.environ.get("DOCUMENTATION_PAGES", "").split(os.pathsep)
    once = OrderedDict()
    for path in found:
        if path and os.path.isfile(path):
            once.setdefault(support.read_file(path), path)      # one page may lie under several names
    return list(once.values())


class PageTest(support.TestCase):
    """The examples of one page, in their order: they share a namespace, as a reader's interpreter would."""

    path = None

    @classmethod
    def setUpClass(cls):
        cls.world = world.World()
        cls.world.__enter__()
        cls.errata = Errata()
        cls.stage = scenes.Stage(cls.world, cls.errata)

    @classmethod
    def tearDownClass(cls):
        for value in list(cls.stage.namespace.values()):
            if isinstance(value, ssl.SSLSocket):
                value.close()
        cls.world.__exit__(None, None, None)

    def play(self, example):
        self.stage.run(example)
        self.assertEqual([str(error) for error in self.world.errors()], [])


def method(example):
    return lambda test: test.play(example)


def load_tests(loader, standard, pattern):
    suite = unittest.TestSuite([loader.loadTestsFromTestCase(case) for case in (TestErrata, TestPages)])
    for path in pages():
        suite.addTests(loader.loadTestsFromTestCase(case_of(path)))
    return suite


def case_of(path):
    text = support.read_file(path).decode("utf-8")
    name = re.sub(r"\W+", "_", "_".join(path.split(os.sep)[-2:]))
    members = {"path": path}
    errata = Errata()
    for example in page.examples(text):
        restored = page.Example(example.line, errata.text(example), example.language)
        if restored.is_python:
            members["test_line_%04d" % example.line] = method(example)
    return type("Page_" + name, (PageTest,), members)


class TestErrata(support.TestCase):
    def test_reasons(self):
        for erratum in Errata().entries:
            self.assertTrue(erratum.reason)
            self.assertIn(erratum.kind, ("output", "shape", "contains", "skip", "source"))

    def test_comparison(self):
        from documentation.session import same
        self.assertTrue(same("{'a':  1}", "{'a': 1}"))
        self.assertFalse(same("{'a': 1, 'b': 2}", "{'a': 1}"))
        self.assertTrue(same("{'a': 1, 'b': 2}", "{'a': 1}", "contains"))
        self.assertFalse(same("{'b': 2}", "{'a': 1}", "contains"))
        self.assertTrue(same("(1, 2)", "(0, 9)", "shape"))
        self.assertFalse(same("(1, '2')", "(0, 9)", "shape"))
        self.assertFalse(same("1", "2"))
        self.assertTrue(same("['a', 'b']", "['b', ...]", "contains"))
        self.assertFalse(same("['a', 'b']", "['c', ...]", "contains"))
        self.assertTrue(same("<Options.OP_ALL: 1>", "<Options.OP_NO_TICKET|OP_ALL: 3>", "shape"))
        self.assertFalse(same("<Options.OP_ALL: 1>", "<VerifyFlags.VERIFY_X509_STRICT: 3>", "shape"))


class TestPages(support.TestCase):
    def test_extraction(self):
        text = "A page::\n\n   >>> 1 + 1\n   2\n\nText.\n\n.. code-block:: python\n   :linenos:\n\n   x = 1\n\nEnd\n"
        found = page.examples(text)
        self.assertEqual([example.line for example in found], [3, 11])
        self.assertEqual(found[0].steps(), [("1 + 1\n", "2")])
        self.assertEqual(found[1].text, "x = 1\n")

    def test_extraction_from_html(self):
        text = ('<!DOCTYPE html>\n<html><body><p>A page:</p>\n<div class="doctest highlight-default notranslate"><div class="highlight"><pre>'
                '<span class="gp">&gt;&gt;&gt; </span>1 <span>+</span> 1\n2\n</pre></div></div>\n<pre>no example</pre>\n'
                '<div class="highlight-python3 notranslate"><div class="highlight"><pre>x = &quot;1&quot;\n</pre></div></div></body></html>')
        found = page.examples(text)
        self.assertEqual([example.line for example in found], [3, 7])
        self.assertEqual(found[0].steps(), [("1 + 1\n", "2")])
        self.assertEqual((found[1].text, found[1].is_python), ('x = "1"\n', True))

    def test_what_is_no_python(self):
        self.assertFalse(page.examples("::\n\n   -----BEGIN CERTIFICATE-----\n")[0].is_python)

    def test_a_wrong_page_fails(self):
        stage = scenes.Stage(None, Errata([]))
        example = page.examples("::\n\n   >>> 1 + 1\n   3\n")[0]
        self.assertRaises(AssertionError, stage.run, example)


if __name__ == "__main__":
    unittest.main()
