"""Packs the module for CPython, built, into a wheel, with the standard library alone.

    python3 tools/wheel/pack.py [--module artifacts/cpython/_ssl.abi3.so] [--instructions avx] [--to artifacts/wheels]

The same files give the same wheel, byte for byte; its files' time is SOURCE_DATE_EPOCH, or 1980. Version: Directory.Build.props.
"""

import argparse
import base64
import glob
import hashlib
import json
import os
import re
import sys
import time
import zipfile

import elf

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import notices

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SOURCE = os.path.join(ROOT, "src", "CPythonWheel")
# Start-up reads such files in the order of their names: before one that may import ssl.
START = "00-sslmodule.pth"
PYTHONS = ["3.11", "3.12", "3.13", "3.14", "3.15"]

METADATA = """\
Metadata-Version: 2.4
Name: sslmodule
Version: {version}
Summary: Python's ssl module, answered by C#: TLS 1.3 for CPython without OpenSSL
License-Expression: Apache-2.0 AND MIT
{licences}
Keywords: ssl,tls,https,x509,dotnet
Classifier: Development Status :: 4 - Beta
Classifier: Intended Audience :: Developers
Classifier: Operating System :: POSIX :: Linux
Classifier: Programming Language :: C#
Classifier: Programming Language :: Python :: 3 :: Only
{classifiers}
Classifier: Programming Language :: Python :: Implementation :: CPython
Classifier: Topic :: Internet
Classifier: Topic :: Security :: Cryptography
Requires-Python: >=3.11,<3.16
Description-Content-Type: text/markdown

{description}"""


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def version():
    return re.search(r"<Version>([^<]+)</Version>", read(ROOT, "Directory.Build.props").decode()).group(1)


def licences(assets):
    """Ours, and those of what the compiled module has inside, from the packages that it was compiled with."""
    with open(assets) as file:
        described = json.load(file)
    inside = notices.shipped(assets)
    # .NET itself, which no package of the project's refers to.
    for framework in described["project"]["frameworks"].values():
        for package in framework.get("downloadDependencies", []):
            if package["name"].startswith("Microsoft.NETCore.App.Runtime.NativeAOT."):
                inside.append(notices.Package(package["name"], package["version"].strip("[]").split(",")[0], list(described["packageFolders"])))
    found = {"LICENSE": read(ROOT, "LICENSE")}
    for package in inside:
        found[package.name + "/LICENSE"] = package.terms().encode("utf-8")
        for path in package.files("THIRD-PARTY-NOTICES*"):
            found["%s/%s" % (package.name, os.path.basename(path))] = read(path)
    for wanted in "BouncyCastle.Cryptography", "Microsoft.NETCore.App.Runtime.NativeAOT.":
        if not any(package.name.startswith(wanted) for package in inside):
            raise FileNotFoundError("the module was built without %s, by what %s says" % (wanted, assets))
    return found


def contents(module, instructions, tag, terms):
    number = version()
    files = {START: read(SOURCE, START)}
    for name in ("__init__.py", "switch.py", "enabled"):
        files["sslmodule/" + name] = read(SOURCE, "sslmodule", name)
    # IronPython has the same files, but for the first.
    for name in sorted(os.listdir(os.path.join(ROOT, "lib", "sslmodule"))):
        if name.endswith(".py") and name != "__init__.py":
            files["sslmodule/" + name] = read(ROOT, "lib", "sslmodule", name)
    files["sslmodule/_build.py"] = (
        '"""Written when the wheel was built."""\n\nVERSION = "%s"\nINSTRUCTIONS = "%s"\n' % (number, instructions)).encode()
    files["sslmodule/lib/ssl.py"] = read(ROOT, "lib", "ssl.py")
    files["sslmodule/lib/_ssl.abi3.so"] = module

    info = "sslmodule-%s.dist-info/" % number
    for name, text in terms.items():
        files[info + "licenses/" + name] = text
    files[info + "METADATA"] = METADATA.format(
        version=number, description=read(ROOT, "README.md").decode("utf-8"),
        licences="\n".join("License-File: " + name for name in sorted(terms)),
        classifiers="\n".join("Classifier: Programming Language :: Python :: " + python for python in PYTHONS)).encode("utf-8")
    files[info + "WHEEL"] = ("Wheel-Version: 1.0\nGenerator: sslmodule\nRoot-Is-Purelib: false\nTag: %s\n" % tag).encode()
    rows = ["%s,sha256=%s,%d" % (name, base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode(), len(data))
            for name, data in files.items()]
    files[info + "RECORD"] = "".join(row + "\n" for row in rows + [info + "RECORD,,"]).encode()
    return files


def pack(files, path):
    # The format has no time before 1980, and no odd second.
    moment = time.gmtime(max(int(os.environ.get("SOURCE_DATE_EPOCH", 0)), 315532800))[:6]
    new = path + ".new"
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, moment)
            entry.create_system = 3
            entry.external_attr = (0o100755 if name.endswith(".so") else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    os.replace(new, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--module", default=os.path.join(ROOT, "artifacts", "cpython", "_ssl.abi3.so"))
    parser.add_argument("--instructions", default="", help="what the module asks of the processor")
    parser.add_argument("--to", default=os.path.join(ROOT, "artifacts", "wheels"))
    parser.add_argument("--assets", default=os.path.join(ROOT, "artifacts", "obj", "CPythonModule", "project.assets.json"))
    given = parser.parse_args()
    try:
        module = read(given.module)
        tag = "cp311-abi3-" + elf.platform(module)
        terms = licences(given.assets)
    except (OSError, ValueError) as error:
        sys.exit("no wheel: %s" % error)
    os.makedirs(given.to, exist_ok=True)
    path = os.path.join(given.to, "sslmodule-%s-%s.whl" % (version(), tag))
    pack(contents(module, given.instructions, tag, terms), path)
    for old in glob.glob(os.path.join(given.to, "sslmodule-*.whl")):
        if old != path:
            os.unlink(old)
    print(path)


if __name__ == "__main__":
    sys.exit(main())
