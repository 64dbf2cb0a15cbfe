"""Which results are published, and what their page says."""

import argparse
import json
import os
import subprocess
import unittest
from collections import namedtuple

from support import ROOT, FolderCase

import page
import pace
import report
import results

Contest = namedtuple("Contest", "host title old")
ROW = ["blocks, of 16 KiB", "MB/s", "", "1000", "500", "5", "2.00", "1.90", "2.10", "2.00", "1.10", "3000", "0.33"]
FEW = ["the first", "ms", "", "15", "20", "4", "", "", "", "", "1.00", "", ""]


def about(hosts=pace.HOSTS, old=False, limits="OpenSSL 3.6.5", **options):
    made = results.About(argparse.Namespace(**dict(dict(quick=False, host=None, only=None, part=None), **options)), limits)
    for host in hosts:
        made.add(Contest(host, "%s, versions" % host, old and host == "cpython"))
    return made.facts


class TestPublishing(FolderCase):
    def setUp(self):
        super().setUp()
        self.run_, self.published = os.path.join(self.folder, "run"), os.path.join(self.folder, "published")
        for folder in (self.run_, self.published):
            os.makedirs(folder)
        self.write("run/cpython.csv", "new")
        self.write("run/kept.pem", "no result")
        self.write("published/cpython.csv", "old")
        self.write("published/gone.svg", "old")

    def publish(self, facts):
        self.write("run/about.json", json.dumps(facts))
        return results.publish(self.run_, self.published)

    def test_a_full_run(self):
        self.assertIsNone(self.publish(about()))
        self.assertEqual(sorted(os.listdir(self.published)), ["about.json", "cpython.csv"])
        with open(os.path.join(self.published, "cpython.csv")) as file:
            self.assertEqual(file.read(), "new")

    def test_nothing_less(self):
        for facts, reason in ((about(quick=True), "a quick run has too few rounds"), (about(host="cpython"), "only a part was measured (cpython)"),
                              (about(only="16 KiB"), "only a part was measured (16 KiB)"), (about(part="crowd"), "only a part was measured (crowd)"),
                              (about(hosts=["cpython", "ironpython"]), "not measured: ironpython-net8.0"), (about(hosts=[]), "not measured: " + ", ".join(pace.HOSTS))):
            self.assertEqual(self.publish(facts), reason)
            self.assertEqual(sorted(os.listdir(self.published)), ["cpython.csv", "gone.svg"])

    def test_asked_for_with_less(self):
        """Refused before anything is built or measured."""
        for arguments, variables in (([], {"QUICK": "1"}), (["--host", "cpython"], {})):
            ran = subprocess.run([os.path.join(ROOT, "tools", "bench.sh")] + arguments, env=dict(os.environ, PUBLISH="1", **variables), stdout=subprocess.PIPE, timeout=20)
            self.assertEqual((ran.returncode, ran.stdout), (1, b"-- PUBLISH=1 wants a full run: without QUICK, and without options\n"))


class TestPage(FolderCase):
    def made(self, facts, growth=()):
        self.write("about.json", json.dumps(facts))
        for host in facts["hosts"]:
            report.write(self.folder, host["host"] + ".csv", report.HEADER, [ROW, FEW])
        if growth:
            report.write(self.folder, "cpython-growth.csv", report.GROWTH_HEADER, growth)
        return page.made(self.folder)

    def test_versions_and_rows(self):
        text = self.made(about())
        self.assertEqual(text.splitlines()[2:5], ["- %s, versions" % host for host in pace.HOSTS])
        self.assertIn("| blocks, of 16 KiB | MB/s | 1,000 | 500 | 5 | 2.00 | 1.90 to 2.10 | 2.00 | 1.10 | 3,000 | 0.33 |\n", text)
        self.assertIn("| the first | ms | 15.0 | 20.0 | 4 |  |  |  | 1.00 |  |  |\n", text)
        self.assertIn("`openssl speed` of OpenSSL 3.6.5 does", text)
        self.assertIn("## cpython, versions\n\n![ratios](cpython.svg)\n", text)

    def test_an_old_peer_is_named_at_the_top(self):
        text = self.made(about(old=True))
        self.assertTrue(text.splitlines()[2].startswith("**The peer on CPython is an old one**: no interpreter with OpenSSL 3.5 or newer"), text)
        self.assertNotIn("an old one", self.made(about()))

    def test_without_limits(self):
        self.assertIn("were not measured", self.made(about(limits=None)))

    def test_less_than_a_full_run_is_named(self):
        self.assertIn("This was a quick run", self.made(about(quick=True)))
        self.assertIn("This was a run of a part: crowd.", self.made(about(part="crowd")))
        self.assertNotIn("This was", self.made(about()))

    def test_growth(self):
        text = self.made(about(), [["transfer seconds", "1024", "0.001"], ["server bytes after a transfer", "0", "1048576"], ["transfer seconds", "4096", "0.002"],
                                   ["ratio to the first", "200", ""]])
        self.assertIn("| transfer seconds | 1.00 ms at 1,024 | 2.00 ms at 4,096 | 2.00 |\n| server bytes after a transfer | 1.0 MiB at 0 | 1.0 MiB at 0 |  |\n\n", text)


if __name__ == "__main__":
    unittest.main()
