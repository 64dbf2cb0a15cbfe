"""What a Linux library asks of the system that loads it: read from the file itself, as binutils need not be there."""

import collections
import re
import struct

# Libraries that PEP 600 lets a manylinux wheel expect, as far as their symbols' versions are those of glibc.
_GLIBC = re.compile(r"(libc|libm|libdl|libpthread|librt|libutil|libresolv)\.so\.\d|ld-linux[-\w]*\.so\.\d")
_MACHINES = {0x03: "i686", 0x28: "armv7l", 0x3E: "x86_64", 0xB7: "aarch64", 0xF3: "riscv64", 0x15: "ppc64le", 0x16: "s390x"}

Needs = collections.namedtuple("Needs", "machine libraries versions")


def needs(data):
    """The processor, the libraries (DT_NEEDED) and the symbols' versions ({library: {version}}) that a 64-bit ELF file names."""
    if data[:5] != b"\x7fELF\x02" or data[5] not in (1, 2):
        raise ValueError("not a library of a 64-bit Linux")
    order = "<" if data[5] == 1 else ">"
    machine, = struct.unpack_from(order + "H", data, 18)
    offset, = struct.unpack_from(order + "Q", data, 40)
    size, count = struct.unpack_from(order + "HH", data, 58)
    # Type, offset, size, link and info of each section.
    sections = [struct.unpack_from(order + "4xI16xQQII", data, offset + index * size) for index in range(count)]

    def text(section, at):
        begin = sections[section][1] + at
        return data[begin:data.index(b"\0", begin)].decode("ascii")

    libraries, versions = [], collections.defaultdict(set)
    for kind, begin, length, link, info in sections:
        if kind == 6:                                               # SHT_DYNAMIC
            for at in range(begin, begin + length, 16):
                tag, value = struct.unpack_from(order + "QQ", data, at)
                if tag == 1:                                        # DT_NEEDED
                    libraries.append(text(link, value))
        elif kind == 0x6FFFFFFE:                                    # SHT_GNU_verneed: a list of libraries, each with one of versions
            at = begin
            for _ in range(info):
                amount, name, inner, following = struct.unpack_from(order + "2xHIII", data, at)
                of, inner = text(link, name), at + inner
                for _ in range(amount):
                    version, step = struct.unpack_from(order + "8xII", data, inner)
                    versions[of].add(text(link, version))
                    inner += step
                at += following
    return Needs(_MACHINES.get(machine, "unknown"), libraries, dict(versions))


def platform(data):
    """The platform tag of a wheel with that library: manylinux with the oldest glibc that has all it names, or plain linux."""
    return platform_of(needs(data))


def platform_of(wanted):
    newest = (2, 5)
    for library in set(wanted.libraries) | set(wanted.versions):
        if not _GLIBC.fullmatch(library):
            return "linux_" + wanted.machine
    for version in set().union(*wanted.versions.values()):
        numbers = re.fullmatch(r"GLIBC_(\d+)\.(\d+)(\.\d+)?", version)
        if not numbers:                                             # GLIBC_PRIVATE and its kind: this system's glibc alone
            return "linux_" + wanted.machine
        newest = max(newest, (int(numbers.group(1)), int(numbers.group(2))))
    return "manylinux_%d_%d_%s" % (newest + (wanted.machine,))
