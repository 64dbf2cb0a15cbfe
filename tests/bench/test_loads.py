"""Every row's code is where its name says, and runs on this interpreter's own `_ssl`."""

import ast
import os
import shutil
import sys
import tempfile
import unittest

from support import BENCH, WORKER

import bench
import processes
import table

OTHERS = ["bulk.transfer", "handshakes.many", "crowd.fill", "crowd.stream", "crowd.leave"]


def parsed(path):
    with open(path, encoding="utf-8") as source:
        return ast.parse(source.read())


def imports(folder):
    """Which modules of a folder each of them imports, anywhere in it."""
    names = [name[:-3] for name in os.listdir(folder) if name.endswith(".py")]
    found = {}
    for name in names:
        found[name] = set()
        for node in ast.walk(parsed(os.path.join(folder, name + ".py"))):
            if isinstance(node, ast.Import):
                found[name].update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                found[name].add(node.module)
        found[name] &= set(names)
    return found


class TestHouse(unittest.TestCase):
    def test_loads_are_named_by_where_they_are(self):
        for load in [row.load for row in table.ROWS] + [row.instead for row in table.ROWS if row.instead not in (None, "cpython", "own")] + OTHERS:
            module, _, function = load.partition(".")
            tree = parsed(os.path.join(WORKER, module + ".py"))
            if function:
                self.assertIn(function, [node.name for node in tree.body if isinstance(node, ast.FunctionDef)], load)

    def test_no_module_imports_itself_by_way_of_others(self):
        for folder in (BENCH, WORKER):
            left = imports(folder)
            while left:
                free = [name for name, needed in left.items() if not needed & set(left)]
                self.assertTrue(free, "a circle among %s" % ", ".join(sorted(left)))
                for name in free:
                    del left[name]

    def test_nothing_measured_imports_what_orders_it(self):
        self.assertFalse({name[:-3] for name in os.listdir(WORKER)} & {name[:-3] for name in os.listdir(BENCH) if name.endswith(".py")})

    def test_configurations(self):
        sys.path.insert(0, WORKER)
        try:
            from contexts import CONFIGURATIONS
        finally:
            sys.path.remove(WORKER)
        for row in table.ROWS:
            self.assertTrue({name for name in row.configurations if name} <= set(CONFIGURATIONS), row.name)
            self.assertEqual(len(row.goals), 2)


class TestMeasuring(unittest.TestCase):
    """With a server and a driver on this interpreter, for a hundredth of a second each."""

    @classmethod
    def setUpClass(cls):
        if shutil.which("openssl") is None:
            raise unittest.SkipTest("no openssl to make the certificates")
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        bench.certificates(cls.folder)
        cls.side = processes.Side("this", [sys.executable], cls.folder, {"PYTHONPATH": ""})
        cls.addClassCleanup(cls.side.close)

    def value(self, load, configuration="ec13", **arguments):
        result = self.side.measure(load, configuration, **arguments)
        self.assertNotIn("error", result)
        self.assertGreater(result["value"], 0)
        return result

    def test_rows(self):
        """Each load once."""
        for row in {row.load: row for row in table.ROWS if row.load not in ("fresh", "idle.held")}.values():
            with self.subTest(row.load):
                self.value(row.load, row.configurations[0] or row.configurations[1], seconds=0.01, **row.arguments)

    def test_each_configuration(self):
        for name in ("ec12", "ec12-aes128", "ec12-chacha20", "rsa12", "rsa13-x25519", "ec13-x25519"):
            with self.subTest(name):
                self.value("handshakes.full", name, seconds=0.01)

    def test_a_fresh_process(self):
        result = self.side.measure("fresh", "ec13")
        self.assertTrue(0 < result["import"] < result["handshake"] < result["process"], result)

    def test_idle_connections(self):
        self.assertNotIn("error", self.side.measure("idle.held", "ec13", count=20))

    def test_growth(self):
        self.value("bulk.transfer", total=100000)
        self.assertEqual(self.value("handshakes.many", count=3)["value"], 3)

    def test_crowds(self):
        for kind in ("selectors", "asyncio", "threads"):
            with self.subTest(kind):
                crowd = processes.Crowd(self.side, kind, "ec13")
                try:
                    self.assertNotIn("error", crowd.measure("fill", count=5))
                    self.assertGreater(crowd.measure("stream", busy=3, seconds=0.01)["value"], 0)
                finally:
                    crowd.close()

    def test_what_a_side_lacks_is_said(self):
        self.assertEqual(self.side.measure("membio.nothing", "ec13")["error"].split(":")[0], "AttributeError")

    def test_a_driver_that_died_is_replaced(self):
        side = processes.Side("this", [sys.executable], self.folder, {"PYTHONPATH": ""})
        try:
            side.driver.kill()
            side.driver.wait()
            self.assertEqual(side.measure("membio.handshakes", "ec13", seconds=0.01), {"error": "the driver died"})
            self.assertGreater(side.measure("membio.handshakes", "ec13", seconds=0.01)["value"], 0)
        finally:
            side.close()


if __name__ == "__main__":
    unittest.main()
