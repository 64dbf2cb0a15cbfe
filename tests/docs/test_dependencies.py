"""docs/dependencies.md names what the projects refer to, and what is shipped with its version and licence."""

import json
import os
import re
import sys
import unittest

from test_links import ROOT, read

sys.path.insert(0, os.path.join(ROOT, "tools"))
import notices

PAGE = read(os.path.join(ROOT, "docs", "dependencies.md"))
# What is shipped: a project, and whether this machine has restored it.
SHIPPED = [os.path.join(ROOT, "artifacts", "obj", name, "project.assets.json") for name in ("Engine", "IronPythonHost", "CPythonModule")]


def rows():
    """Each package of the first table: its name, version and licence."""
    table = PAGE.split("## What builds and tests")[0]
    return {name: (version, licence) for name, version, licence in re.findall(r"^\| (?:\.NET \d+, )?`([\w.-]+)` (\S+) \| ([^|]+?) \|", table, re.MULTILINE)}


class Dependencies(unittest.TestCase):
    def test_every_package_of_the_projects_is_named(self):
        names = re.findall(r'<PackageVersion Include="([^"]+)"', read(os.path.join(ROOT, "Directory.Packages.props")))
        self.assertGreater(len(names), 10)
        self.assertEqual([name for name in names if "`%s`" % name not in PAGE], [])

    def test_what_is_shipped_has_its_version_and_licence(self):
        there = [path for path in SHIPPED if os.path.exists(path)]
        if not there:
            self.skipTest("nothing was restored here")
        named = rows()
        for path in there:
            for package in notices.shipped(path):
                with self.subTest(package.name):
                    self.assertIn(package.name, named)
                    version, licence = named[package.name]
                    self.assertEqual(version, package.version)
                    self.assertIn(package.licence, licence)

    def test_no_row_is_left_over(self):
        if not all(os.path.exists(path) for path in SHIPPED):
            self.skipTest("not everything was restored here")
        there = {package.name for path in SHIPPED for package in notices.shipped(path)}
        self.assertEqual({name for name in rows() if "NativeAOT" not in name} - there, set())

    def test_what_is_built_with_is_the_page_s_runtime(self):
        path = SHIPPED[2]
        if not os.path.exists(path):
            self.skipTest("the module for CPython was not restored here")
        with open(path) as file:
            frameworks = json.load(file)["project"]["frameworks"].values()
        versions = {package["version"].strip("[]").split(",")[0] for framework in frameworks for package in framework.get("downloadDependencies", [])
                    if package["name"].startswith("Microsoft.NETCore.App.Runtime.NativeAOT.")}
        self.assertEqual({version.split(".")[0] for version in versions}, {"10"})


if __name__ == "__main__":
    unittest.main()
