"""A wheel of one module, for the tests that have pip fetch or install something."""

import zipfile


def filename(name):
    return "%s-1.0-py3-none-any.whl" % name


def write(target, name, text):
    """Writes version 1.0 of the package, with a module of its name, to a path or a file."""
    info = "%s-1.0.dist-info/" % name
    files = [
        (name + ".py", text),
        (info + "METADATA", "Metadata-Version: 2.1\nName: %s\nVersion: 1.0\n" % name),
        (info + "WHEEL", "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n")]
    record = "".join("%s,,\n" % path for path, _ in files) + info + "RECORD,,\n"
    with zipfile.ZipFile(target, "w") as archive:
        for path, content in files + [(info + "RECORD", record)]:
            archive.writestr(path, content)
