"""Every link between the project's pages leads to a file that is there, and to a heading that is in it."""

import os
import re
import shutil
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NOT_OURS = {".git", "artifacts", "bin", "obj", "node_modules", "TestResults"}

# What is shown as it stands has no links in it: fenced blocks, indented blocks behind a blank line, and code within a paragraph.
BLOCKS = re.compile(r"^```.*?^```|(?<=\n\n)(?:(?: {4}|\t)[^\n]*\n)+", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\n).)+?(?<!`)\1(?!`)", re.DOTALL)
MARKDOWN = re.compile(r"\]\(\s*<?([^\s)>]+)[^)]*\)|^\[[^\]]+\]:\s*(\S+)|(?:src|href)=\"([^\"]+)\"", re.MULTILINE)
RST = re.compile(r"`[^`]*?<([^`<>\s]+)>`_|^\s*\.\. (?:image|figure|include|literalinclude):: *(\S+)", re.MULTILINE)
RST_TITLE = re.compile(r"^(\S.*)\n([=\-~^\"'*+#]){3,}\n", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def pages(folder):
    """The Markdown and reStructuredText files below a folder."""
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in NOT_OURS)
        for name in sorted(files):
            if name.endswith((".md", ".rst")):
                yield os.path.join(where, name)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def anchors(path):
    """The headings' names in a link: GitHub's for Markdown, those of docutils for reStructuredText."""
    text = read(path)
    if path.endswith(".rst"):
        return {re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") for title, _ in RST_TITLE.findall(text)}
    found = set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    for title in re.findall(r"^#{1,6} +(.+?) *#*$", text, re.MULTILINE):
        title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)
        name = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        again = 0
        while (name if not again else "%s-%d" % (name, again)) in found:
            again += 1
        found.add(name if not again else "%s-%d" % (name, again))
    return found


def links(path):
    """What a page refers to, without what lies elsewhere."""
    text = read(path)
    if path.endswith(".rst"):
        found = RST.findall(text)
    else:
        found = MARKDOWN.findall(CODE.sub("code", BLOCKS.sub("", text)))
    return [target for target in ("".join(parts) for parts in found) if not ELSEWHERE.match(target)]


def broken(folder):
    """A line for each link that leads nowhere."""
    found = []
    for page in pages(folder):
        for link in links(page):
            file, _, anchor = link.partition("#")
            target = os.path.normpath(os.path.join(os.path.dirname(page), file)) if file else page
            if not os.path.exists(target):
                what = "no such file"
            elif anchor and target.endswith((".md", ".rst")) and anchor not in anchors(target):
                what = "no such heading"
            else:
                continue
            found.append("%s: %s: %s" % (os.path.relpath(page, folder), link, what))
    return found


class Links(unittest.TestCase):
    def test_every_link_leads_somewhere(self):
        self.assertEqual(broken(ROOT), [])

    def test_there_are_links(self):
        """The test above would pass as well if it found none."""
        self.assertGreater(sum(len(links(page)) for page in pages(ROOT)), 50)
        self.assertIn("docs/platforms.md", links(os.path.join(ROOT, "README.md")))
        self.assertIn("contexts.md", links(os.path.join(ROOT, "docs", "ssl.rst")))

    def test_the_index_has_every_page(self):
        folder = os.path.join(ROOT, "docs")
        listed = links(os.path.join(folder, "index.md"))
        self.assertEqual([name for name in sorted(os.listdir(folder)) if name.endswith((".md", ".rst")) and name not in listed], ["index.md"])


class Checker(unittest.TestCase):
    """The check itself, on pages that have each fault."""

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        os.mkdir(os.path.join(self.folder, "docs"))

    def page(self, name, text):
        with open(os.path.join(self.folder, *name.split("/")), "w", encoding="utf-8") as file:
            file.write(text)

    def test_good(self):
        self.page("README.md", "# A page\n\n[a](docs/b.md), [c](docs/b.md#two-words-or-12), [d](docs/c.rst#in-short),\n"
                               "[e](#a-page), ![f](docs), <https://x.example>, [g](https://x.example/#y)\n")
        self.page("docs/b.md", "# B\n\n## Two words, or `1.2`\n\n[up](../README.md#a-page)\n\n## B\n\n[itself](#b-1)\n")
        self.page("docs/c.rst", "Page\n====\n\nIn short\n--------\n\n`b <b.md#b-1>`_, `x <https://x.example>`_\n")
        self.assertEqual(broken(self.folder), [])

    def test_broken(self):
        self.page("README.md", "# A\n\n[a](docs/none.md)\n[b](#none)\n[c](docs/b.md#none)\n[d]: none.txt\n")
        self.page("docs/b.md", "# B\n\n![picture](none.svg)\n[c](c.rst#none)\n")
        self.page("docs/c.rst", "Page\n====\n\n`b <none.md>`_\n`b <b.md#none>`_\n\n.. image:: none.png\n")
        self.assertEqual(broken(self.folder), [
            "README.md: docs/none.md: no such file", "README.md: #none: no such heading",
            "README.md: docs/b.md#none: no such heading", "README.md: none.txt: no such file",
            "docs/b.md: none.svg: no such file", "docs/b.md: c.rst#none: no such heading",
            "docs/c.rst: none.md: no such file", "docs/c.rst: b.md#none: no such heading", "docs/c.rst: none.png: no such file"])

    def test_code_is_no_link(self):
        self.page("README.md", "# A\n\n```\n[a](none.md)\n# none\n```\n\n    [a](none.md)\n\n`[a](none.md)` and ``[a](none.md)``\n[x](#none)\n")
        self.assertEqual(broken(self.folder), ["README.md: #none: no such heading"])
