"""What lies in the packages, and that it is the same each time."""

import json
import os
import re
import subprocess
import unittest
import xml.etree.ElementTree
import zipfile

import outside

TOOL = "SslModule.IronPython.Console"
FRAMEWORKS = ("net8.0", "net10.0")
ENGINES = {"BouncyCastle.Cryptography", "Microsoft.Extensions.Caching.Abstractions", "Microsoft.Extensions.Primitives"}
HOSTS = ENGINES | {"IronPython", "IronPython.StdLib", "DynamicLanguageRuntime", "Mono.Unix", "System.CodeDom"}
NOTICED = {"SslModule.Engine": ENGINES, "SslModule.IronPython": HOSTS, TOOL: HOSTS}
VERSION = re.search("<Version>(.*?)</Version>", outside.read(outside.ROOT, "Directory.Build.props")).group(1)


def libraries():
    return ("SslModule.Engine", "SslModule.IronPython") if outside.has_ironpython() else ("SslModule.Engine",)


def every():
    return libraries() + ((TOOL,) if outside.has_ironpython() else ())


def description(file):
    """The nuspec's metadata, without namespaces."""
    (name,) = [name for name in file.namelist() if name.endswith(".nuspec")]
    root = xml.etree.ElementTree.fromstring(file.read(name))
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root.find("metadata")


def tools():
    """The files of the package sslmodule, by name."""
    folder = os.path.join(outside.ROOT, "lib", "sslmodule")
    found = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py"):
            with open(os.path.join(folder, name), "rb") as file:
                found[name] = file.read()
    return found


class Contents(unittest.TestCase):
    def opened(self, name, kind="nupkg"):
        file = zipfile.ZipFile(outside.package(name, kind))
        self.addCleanup(file.close)
        return file

    def test_descriptions(self):
        for name in every():
            with self.subTest(name):
                file = self.opened(name)
                metadata = description(file)
                self.assertEqual((metadata.findtext("id"), metadata.findtext("version")), (name, VERSION))
                self.assertEqual((metadata.find("license").get("type"), metadata.findtext("license")), ("expression", "Apache-2.0"))
                for element in ("authors", "description", "tags"):
                    self.assertTrue(metadata.findtext(element), element)
                self.assertNotIn("Package Description", metadata.findtext("description"))
                self.assertTrue(file.read(metadata.findtext("readme")).decode().startswith("# %s\n" % name))
                self.assertIn(b"Apache License", file.read("LICENSE"))
                self.assertLessEqual(NOTICED[name], set(re.findall("^={20,}\n(\\S+) ", file.read("THIRD-PARTY-NOTICES.txt").decode(), re.MULTILINE)))
                url = metadata.find("repository").get("url") if metadata.find("repository") is not None else None
                self.assertTrue(url is None or url.startswith("https://"), url)

    def test_libraries(self):
        for name in libraries():
            for framework in FRAMEWORKS:
                with self.subTest(name, framework=framework):
                    path = "lib/%s/%s" % (framework, name)
                    file = self.opened(name)
                    self.assertLessEqual({path + ".dll", path + ".xml"}, set(file.namelist()))
                    documented = xml.etree.ElementTree.fromstring(file.read(path + ".xml")).findall("members/member")
                    self.assertTrue(documented)
                    self.assertIn(path + ".pdb", self.opened(name, "snupkg").namelist())

    def test_module(self):
        file = self.opened("SslModule.IronPython")
        with open(os.path.join(outside.ROOT, "lib", "ssl.py"), "rb") as ours:
            self.assertEqual(file.read("content/lib/ssl.py"), ours.read())
        prefix = "content/lib/sslmodule/"
        self.assertEqual({name[len(prefix):]: file.read(name) for name in file.namelist() if name.startswith(prefix)}, tools())
        self.assertEqual(file.read("build/SslModule.IronPython.targets"), file.read("buildTransitive/SslModule.IronPython.targets"))
        for group in description(file).find("dependencies"):
            versions = {dependency.get("id"): dependency.get("version") for dependency in group}
            self.assertEqual(set(versions), {"SslModule.Engine", "IronPython", "IronPython.StdLib"})
            self.assertEqual(versions["SslModule.Engine"], "[%s]" % VERSION)

    def test_tool(self):
        file = self.opened(TOOL)
        self.assertEqual(description(file).find("packageTypes/packageType").get("name"), "DotnetTool")
        names = set(file.namelist())
        for framework in FRAMEWORKS:
            folder = "tools/%s/any/" % framework
            self.assertIn(b'"ipyssl"', file.read(folder + "DotnetToolSettings.xml"))
            for name in ("ipyssl.dll", "SslModule.IronPython.dll", "SslModule.Engine.dll", "IronPython.dll", "lib/os.py"):
                self.assertIn(folder + name, names)
            with open(os.path.join(outside.ROOT, "lib", "ssl.py"), "rb") as ours:
                self.assertEqual(file.read(folder + "lib/ssl.py"), ours.read())
            prefix = folder + "lib/sslmodule/"
            self.assertEqual({name[len(prefix):]: file.read(name) for name in file.namelist() if name.startswith(prefix)}, tools())
            for name in ("ipyssl", "SslModule.IronPython", "SslModule.Engine"):
                self.assertIn(folder + name + ".pdb", self.opened(TOOL, "snupkg").namelist())

    def test_no_path_of_this_machine(self):
        """Neither the checkout's nor the home folder's."""
        paths = [outside.ROOT.encode(), os.path.expanduser("~/").encode()]
        for name in every():
            for kind in ("nupkg", "snupkg"):
                file = self.opened(name, kind)
                for entry in file.namelist():
                    if re.search(r"(SslModule[^/]*|ipyssl[^/]*|nuspec|targets)$", entry):
                        for path in paths:
                            self.assertNotIn(path, file.read(entry), "%s in %s" % (path, entry))

    def test_two_builds_give_the_same_bytes(self):
        again = os.path.join(outside.SCRATCH, "again")
        subprocess.check_output([os.path.join(outside.ROOT, "tools", "pack.sh"), again], stderr=subprocess.STDOUT)
        names = sorted(name for name in os.listdir(again) if name.startswith("SslModule."))
        self.assertEqual(names, sorted(name for name in os.listdir(outside.PACKAGES) if name.startswith("SslModule.")))
        for name in names:
            with self.subTest(name):
                self.assertEqual(*(content(os.path.join(folder, name)) for folder in (again, outside.PACKAGES)))


def content(path):
    """The package's bytes; with a NuGet older than 7.9, which writes the time of packing, what lies in it."""
    version = tuple(int(number) for number in re.findall(r"\d+", outside.run("dotnet", "--version"))[:3])
    if version >= (10, 0, 400):
        with open(path, "rb") as file:
            return file.read()
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist() if not name.endswith((".psmdcp", ".rels"))}


class SourceLink(unittest.TestCase):
    """A clone of a repository that has an address names it, and the commit, in packages and symbols; any other says nothing."""

    ADDRESS = "https://github.com/example/ssl-module"

    def asked(self, address):
        folder = os.path.join(outside.SCRATCH, "clone-%d" % bool(address))
        try:
            subprocess.check_output(["git", "clone", "-q", "--depth", "1", "file://" + outside.ROOT, folder], stderr=subprocess.STDOUT)
        except (OSError, subprocess.CalledProcessError):
            self.skipTest("no git, or no repository of it")
        subprocess.check_call(["git", "-C", folder, "remote"] + (["set-url", "origin", address] if address else ["remove", "origin"]))
        self.commit = subprocess.check_output(["git", "-C", folder, "rev-parse", "HEAD"], universal_newlines=True).strip()
        said = outside.run("dotnet", "build", "src/Engine", "-restore", "-t:PrepareForBuild;GenerateSourceLinkFile", "-p:TargetFramework=net10.0",
                           "-p:ContinuousIntegrationBuild=true", "-getProperty:SourceLink,RepositoryUrl,PackageProjectUrl", cwd=folder)
        said = json.loads(said)["Properties"]
        return said, json.loads(outside.read(said["SourceLink"])) if said["SourceLink"] else None

    def test_with_an_address(self):
        properties, links = self.asked(self.ADDRESS + ".git")
        self.assertTrue(properties["RepositoryUrl"].startswith(self.ADDRESS), properties)
        self.assertEqual(properties["PackageProjectUrl"], properties["RepositoryUrl"])
        (target,) = links["documents"].values()
        self.assertEqual(target, "https://raw.githubusercontent.com/example/ssl-module/%s/*" % self.commit)

    def test_without(self):
        properties, links = self.asked(None)
        self.assertEqual((properties["RepositoryUrl"], properties["PackageProjectUrl"], links), ("", "", None))
