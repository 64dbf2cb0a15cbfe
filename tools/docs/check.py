"""Checks rendered pages: every link of theirs that stays in the folder leads to a file in it, and to a place in that.

    check.py FOLDER
"""

import html.parser
import os
import re
import sys
import urllib.parse


class Page(html.parser.HTMLParser):
    """The names of places in a page, and what it refers to."""

    def __init__(self, path):
        super().__init__()
        self.places, self.links = set(), []
        with open(path, encoding="utf-8") as file:
            self.feed(file.read())

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id" or name == "name" and tag == "a":
                self.places.add(value)
            elif name in ("href", "src") and value and not re.match(r"[a-z][a-z0-9+.-]*:|//", value, re.IGNORECASE):
                self.links.append(value)


def main(folder):
    pages = {os.path.join(where, name): Page(os.path.join(where, name))
             for where, _, names in os.walk(folder) for name in names if name.endswith(".html")}
    checked, broken = 0, []
    for path, page in sorted(pages.items()):
        for link in page.links:
            name, _, place = link.partition("#")
            name = urllib.parse.unquote(name.partition("?")[0])
            target = os.path.normpath(os.path.join(os.path.dirname(path), name)) if name else path
            checked += 1
            if not os.path.isfile(target):
                broken.append("%s: %s: no such file" % (os.path.relpath(path, folder), link))
            elif place and target in pages and urllib.parse.unquote(place) not in pages[target].places:
                broken.append("%s: %s: no such place" % (os.path.relpath(path, folder), link))
    print("\n".join(broken + ["%d pages, %d links checked, %d broken" % (len(pages), checked, len(broken))]))
    return 1 if broken or not pages else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
