"""The wheel as a file: its platform, its record, and that the same sources give the same bytes."""

import base64
import csv
import email
import glob
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WHEELS = os.path.join(ROOT, "artifacts", "wheels")
sys.path.insert(0, os.path.join(ROOT, "tools", "wheel"))

import elf                                                          # noqa: E402


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Build(unittest.TestCase):
    def setUp(self):
        self.path, = glob.glob(os.path.join(WHEELS, "sslmodule-*.whl"))
        self.archive = zipfile.ZipFile(self.path)
        self.addCleanup(self.archive.close)
        self.info = "-".join(os.path.basename(self.path).split("-")[:2]) + ".dist-info/"
        self.module = self.archive.read("sslmodule/lib/_ssl.abi3.so")

    def test_each_file_is_in_the_record_with_its_hash(self):
        rows = list(csv.reader(io.StringIO(self.archive.read(self.info + "RECORD").decode())))
        self.assertEqual(sorted(row[0] for row in rows), sorted(self.archive.namelist()))
        for name, digest, size in rows:
            if name != self.info + "RECORD":
                data = self.archive.read(name)
                expected = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
                self.assertEqual((digest, size), ("sha256=" + expected, str(len(data))), name)

    def test_metadata(self):
        text = self.archive.read(self.info + "METADATA").decode()
        metadata = email.message_from_string(text)
        version = re.search("<Version>(.*)</Version>", read(os.path.join(ROOT, "Directory.Build.props")).decode()).group(1)
        self.assertEqual(metadata["Version"], version)
        self.assertEqual(metadata["Requires-Python"], ">=3.11,<3.16")
        for minor in range(11, 16):
            self.assertIn("Programming Language :: Python :: 3.%d" % minor, metadata.get_all("Classifier"))
        self.assertTrue(text.endswith(read(os.path.join(ROOT, "README.md")).decode()))
        for name in metadata.get_all("License-File"):
            self.assertTrue(self.archive.read(self.info + "licenses/" + name), name)
        inside = {name.split("/")[0] for name in metadata.get_all("License-File")} - {"LICENSE"}
        self.assertLessEqual({"BouncyCastle.Cryptography", "Microsoft.Extensions.Caching.Abstractions", "Microsoft.Extensions.Primitives"}, inside)
        self.assertTrue(any(name.startswith("Microsoft.NETCore.App.Runtime.NativeAOT.") for name in inside))
        bouncy, = [name for name in metadata.get_all("License-File") if "BouncyCastle" in name]
        self.assertIn(b"Legion of the Bouncy Castle", self.archive.read(self.info + "licenses/" + bouncy))

    def test_platform_is_the_newest_glibc_that_a_symbol_names(self):
        name = os.path.basename(self.path)[:-4]
        tag, = re.findall("^Tag: (.*)$", self.archive.read(self.info + "WHEEL").decode(), re.MULTILINE)
        self.assertTrue(name.endswith("-" + tag), (name, tag))
        self.assertEqual(tag, "cp311-abi3-" + elf.platform(self.module))
        if not shutil.which("readelf"):
            self.skipTest("no readelf to compare with")
        with tempfile.NamedTemporaryFile() as copy:
            copy.write(self.module)
            copy.flush()
            said = subprocess.run(["readelf", "-W", "-V", copy.name], stdout=subprocess.PIPE, text=True, check=True).stdout
        newest = max((int(major), int(minor)) for major, minor in re.findall(r"Name: GLIBC_(\d+)\.(\d+)", said))
        self.assertIn("manylinux_%d_%d_" % newest, tag)

    def test_a_library_beyond_glibc_is_for_this_system_alone(self):
        needs = elf.needs(self.module)
        for libraries, versions in ((["libssl.so.3"], {}), ([], {"libc.so.6": {"GLIBC_PRIVATE"}}), (["libc.musl-x86_64.so.1"], {})):
            wanted = needs._replace(libraries=needs.libraries + libraries, versions=versions or needs.versions)
            self.assertEqual(elf.platform_of(wanted), "linux_" + needs.machine)
        with self.assertRaisesRegex(ValueError, "64-bit Linux"):
            elf.needs(b"MZ\x90\0" + bytes(100))

    def test_same_sources_same_bytes(self):
        instructions = re.search('INSTRUCTIONS = "(.*)"', self.archive.read("sslmodule/_build.py").decode()).group(1)
        with tempfile.TemporaryDirectory() as folder:
            module = os.path.join(folder, "_ssl.abi3.so")
            with open(module, "wb") as file:
                file.write(self.module)
            made = []
            for moment in ("0", "0", "1790000000"):
                ended = subprocess.run([sys.executable, os.path.join(ROOT, "tools", "wheel", "pack.py"), "--module", module,
                                        "--to", folder, "--instructions", instructions], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE, text=True, env=dict(os.environ, SOURCE_DATE_EPOCH=moment))
                if "with which the module was built" in ended.stderr:
                    self.skipTest("built elsewhere: " + ended.stderr)
                self.assertEqual(ended.returncode, 0, ended.stderr)
                made.append(read(glob.glob(os.path.join(folder, "*.whl"))[0]))
        self.assertEqual(made[0], made[1])
        self.assertNotEqual(made[0], made[2])
        with zipfile.ZipFile(io.BytesIO(made[2])) as archive:
            self.assertEqual({entry.date_time for entry in archive.infolist()}, {(2026, 9, 21, 14, 13, 20)})


if __name__ == "__main__":
    unittest.main()
