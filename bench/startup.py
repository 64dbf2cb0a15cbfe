"""What `import ssl` costs a fresh process: IronPython's own console as it comes, and with the two folders in it.

    IPY=FOLDER python3 bench/startup.py [DOTNET ...]

IPY is a folder with IronPython 3.4.2's console for .NET 8; each DOTNET is a `dotnet` to run it with, "dotnet" if none is named.
The consoles start in turns; the ratio is that of the medians, above 1 where SslModule is faster, and behind it stand the lowest and
the highest ratio of a turn. Processor time is the process's own, so that it says more than the clock on a machine that does other work.
"""

import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(ROOT, "artifacts", "ironpython")
ROUNDS = 11


def runtime(dotnet):
    """The major version of the newest .NET that it would start."""
    listed = subprocess.run([dotnet, "--list-runtimes"], stdout=subprocess.PIPE, universal_newlines=True, check=True).stdout
    return max(int(major) for major in re.findall(r"^Microsoft\.NETCore\.App (\d+)\.", listed, re.MULTILINE))


def measure(command):
    """Seconds by the clock and of the processor, for one process."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdin=subprocess.DEVNULL, check=True)
    clock, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def with_module(console, home):
    shutil.copytree(console, home)
    shutil.copytree(os.path.join(FOLDER, "DLLs"), os.path.join(home, "DLLs"))
    shutil.copy(os.path.join(FOLDER, "lib", "ssl.py"), os.path.join(home, "lib"))


def compare(console, dotnet, folder):
    major = runtime(dotnet)
    home = os.path.join(folder, str(major))
    with_module(console, home)
    own, ours = [], []
    for _ in range(ROUNDS):
        for seen, place in ((own, console), (ours, home)):
            seen.append(measure([dotnet, "--roll-forward", "LatestMajor", os.path.join(place, "ipy.dll"), "-c", "import ssl"]))
    for index, what in enumerate(("clock", "processor")):
        ratios = sorted(a[index] / b[index] for a, b in zip(own, ours))
        medians = [statistics.median(times[index] for times in seen) for seen in (own, ours)]
        print("import ssl in ipy, .NET %-3d %-10s own %.2f s   SslModule %.2f s   ratio %.2f (%.2f to %.2f)" %
              (major, what, medians[0], medians[1], medians[0] / medians[1], ratios[0], ratios[-1]))
        sys.stdout.flush()


def main(dotnets):
    console = os.environ.get("IPY")
    if not console:
        sys.exit("IPY names no folder with IronPython's own console")
    with tempfile.TemporaryDirectory() as folder:
        for dotnet in dotnets or ["dotnet"]:
            compare(console, dotnet, folder)


if __name__ == "__main__":
    main(sys.argv[1:])
