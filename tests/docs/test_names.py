"""What the pages name in code is there: the files and folders of the project, and the targets of its Makefile."""

import os
import re
import unittest

from test_links import BLOCKS, CODE, ROOT, pages, read

FOLDERS = "docs|examples|lib|src|tests|tools|bench"
PATH = re.compile(r"(?<![\w./:-])((?:%s)/[\w./-]*[\w])" % FOLDERS)
TARGET = re.compile(r"\bmake (?:-C \w+ )?(?:[A-Z_]+=\S+ )*([a-z]+)")


def code(text):
    """What stands in code: in blocks, and between backticks."""
    return [found.group(0) for found in list(BLOCKS.finditer(text)) + list(CODE.finditer(BLOCKS.sub("", text)))]


def names(pattern, page):
    return {name for part in code(read(page)) for name in pattern.findall(part)}


def is_there(path):
    return any(os.path.exists(os.path.join(ROOT, path + ending)) for ending in ("", ".cs", ".py"))


class Names(unittest.TestCase):
    def named(self, pattern):
        found = [(os.path.relpath(page, ROOT), name) for page in pages(ROOT) for name in sorted(names(pattern, page))]
        self.assertGreater(len(found), 20)      # it would pass as well if it found none
        return found

    def test_files(self):
        self.assertEqual([(page, name) for page, name in self.named(PATH) if not is_there(name)], [])

    def test_targets(self):
        targets = set(re.findall(r"^([a-z]+):", read(os.path.join(ROOT, "Makefile")), re.MULTILINE))
        self.assertEqual([(page, name) for page, name in self.named(TARGET) if name not in targets], [])


if __name__ == "__main__":
    unittest.main()
