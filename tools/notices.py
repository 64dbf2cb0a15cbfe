"""Writes the notices that the licences of what a project ships ask for, from the packages that it was restored with.

    python3 tools/notices.py PROJECT.ASSETS.JSON [--framework net10.0] [--to FILE]

What only builds or analyses is left out: a package counts if the project has assemblies, native libraries or content of it. --list names them alone,
with their licences.
"""

import argparse
import glob
import json
import os
import sys
import xml.etree.ElementTree

# Content that lies in the output beside assemblies.
CONTENT = ("IronPython.StdLib",)
MIT = """\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to
deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or
sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
THE SOFTWARE.
"""
# The Apache licence is beside the notices, as it is this project's own.
TEXTS = {"MIT": MIT, "Apache-2.0": "The Apache License, Version 2.0, is in the file LICENSE.\n"}


class Package(object):
    """A package in the folder of restored ones."""

    def __init__(self, name, version, folders):
        self.name, self.version = name, version
        places = [os.path.join(folder, name.lower(), version.lower()) for folder in folders]
        self.folder = next((place for place in places if os.path.isdir(place)), None)
        if self.folder is None:
            raise FileNotFoundError("the package %s %s is in none of %s" % (name, version, folders))
        (nuspec,) = glob.glob(os.path.join(self.folder, "*.nuspec"))
        self.fields = {element.tag.rpartition("}")[2]: element for element in xml.etree.ElementTree.parse(nuspec).getroot()[0]}

    def field(self, name):
        element = self.fields.get(name)
        return (element.text or "").strip() if element is not None else ""

    @property
    def licence(self):
        """The SPDX expression, or the name of the file that says it."""
        return self.field("license") or "not named in its package"

    def files(self, *patterns):
        return [path for pattern in patterns for path in sorted(glob.glob(os.path.join(self.folder, pattern)))]

    def terms(self):
        """The licence's text: the package's own, or that of its SPDX expression."""
        own = self.files("LICENSE*", "*License*.txt")
        return read(own[0]) if own else "%s\n\n%s" % (self.field("copyright"), TEXTS.get(self.licence, "Licence: " + self.licence))

    def text(self):
        """All that is to be said of it."""
        rule = "=" * 120
        parts = ["%s\n%s %s\nLicence: %s\n%s" % (rule, self.name, self.version, self.licence, self.field("projectUrl")), self.terms()]
        parts += [read(path) for path in self.files("THIRD-PARTY-NOTICES*")]
        return "\n\n".join(part.strip() for part in parts) + "\n\n"


def read(path):
    with open(path, encoding="utf-8-sig", newline=None) as file:
        return file.read()


def shipped(assets, framework=None):
    """The packages whose files a project's output has."""
    with open(assets) as file:
        described = json.load(file)
    found = {}
    for target, libraries in described["targets"].items():
        if framework is None or framework in target:
            for key, library in libraries.items():
                name, version = key.split("/")
                real = [path for kind in ("runtime", "native", "runtimeTargets") for path in library.get(kind, {}) if not path.endswith("/_._")]
                if library["type"] == "package" and (real or name in CONTENT):
                    found[key] = Package(name, version, list(described["packageFolders"]))
    return [found[key] for key in sorted(found)]


def notices(packages):
    head = "What this contains of others, package by package, and the terms of each. Written from the packages themselves.\n\n"
    return head + "".join(package.text() for package in packages)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assets")
    parser.add_argument("--framework")
    parser.add_argument("--to", default="-")
    parser.add_argument("--list", action="store_true")
    given = parser.parse_args()
    packages = shipped(given.assets, given.framework)
    if given.list:
        text = "".join("%s %s %s\n" % (package.name, package.version, package.licence) for package in packages)
    else:
        text = notices(packages)
    if given.to == "-":
        sys.stdout.write(text)
    else:
        with open(given.to, "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
