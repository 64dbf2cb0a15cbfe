"""What no program can pass on one core: `openssl speed`, run by the newest OpenSSL at hand, of the same cipher and size."""

import os
import re
import subprocess

# The algorithm that `openssl speed` is asked for, and which of its results is which operation.
OPERATIONS = {
    "ecdsap256": ("P-256 signature", "P-256 verification"),
    "rsa2048": ("RSA 2048 signature", "RSA 2048 verification"),
    "ecdhx25519": ("X25519",),
    "ML-KEM-768": ("ML-KEM-768 key", "ML-KEM-768 encapsulation", "ML-KEM-768 decapsulation"),
}

# Starts the openssl of the system that an interpreter is in, which is not always this one.
BESIDE = "import os, sys; os.execvp('openssl', ['openssl'] + sys.argv[1:])"


def version(command):
    """(numbers, text) of an openssl program; None where there is none."""
    try:
        text = subprocess.run(command + ["version"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"OpenSSL (\d+)\.(\d+)\.(\d+)", text)
    return found and (tuple(map(int, found.groups())), found.group())


def newest(interpreter):
    """The newer of the openssl programs on this PATH and on that of the interpreter: (command, version)."""
    commands = [["openssl"]] + ([[interpreter, "-I", "-c", BESIDE]] if interpreter else [])
    found = [(version(command), command) for command in commands]
    found = [(seen, command) for seen, command in found if seen]
    if not found:
        return None, None
    (_, text), command = max(found, key=lambda one: one[0][0])
    return command, text


class Limits:
    """The figures of `openssl speed`, each taken once, when it is asked for first. Without a command there are none."""

    def __init__(self, command):
        self.command, self._taken = command, {}

    def of(self, limit):
        """Operations per second; None where there is no limit, or nothing that says what it is."""
        if limit is None or self.command is None:
            return None
        kind, what = limit[0], limit[1:]
        if kind == "operations":
            rates = [(self.operation(name), times) for name, times in what[0]]
            return 1 / sum(times / rate for rate, times in rates) if all(rate for rate, _ in rates) else None
        rates = [self.cipher(*what, "seal"), self.cipher(*what, "open")]
        if not all(rates):
            return None
        return min(rates) if kind == "slower of both" else 1 / sum(1 / rate for rate in rates)

    def cipher(self, name, size, direction):
        """Texts per second of an AEAD cipher as TLS uses it: each with a nonce, associated data and a tag."""
        key = name, size, direction
        if key not in self._taken:
            self._taken[key] = self.first(["-aead", "-bytes", str(size)] + ["-decrypt"] * (direction == "open") + ["-evp", name], 1)
        return self._taken[key][0] if self._taken[key] else None

    def operation(self, name):
        for algorithm, names in OPERATIONS.items():
            if name in names:
                if algorithm not in self._taken:
                    self._taken[algorithm] = self.first([algorithm], len(names))
                return self._taken[algorithm][names.index(name)] if self._taken[algorithm] else None
        raise KeyError(name)

    def first(self, arguments, count):
        """The first results, in operations per second of processor time; None where the program does not know the algorithm.

        It is ended then: newer ones go on with whatever else the key can do, among it the making of RSA keys."""
        program = subprocess.Popen(self.command + ["speed", "-mr", "-seconds", "1"] + arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, universal_newlines=True, env=dict(os.environ, LC_ALL="C"))
        try:
            return rates(program.stdout, count)
        finally:
            program.kill()
            program.wait()
            program.stdout.close()


def rates(lines, count):
    """From `+R4:OPERATIONS:NAME:SECONDS`, which is what -mr prints of each result."""
    found = []
    for line in lines:
        taken = re.match(r"\+R\d*:(\d+):.*:([\d.]+)$", line.rstrip())
        if taken and float(taken.group(2)) > 0:
            found.append(int(taken.group(1)) / float(taken.group(2)))
            if len(found) == count:
                return found
    return None
