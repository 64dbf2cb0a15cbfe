"""Runs an example in a namespace, and compares what it prints with what the page prints."""

import ast
import io
import re
import sys
import traceback


class Printed(object):
    """Collects what is printed while it is entered."""

    def __enter__(self):
        self.kept, sys.stdout = sys.stdout, io.StringIO()
        self.hook, sys.displayhook = sys.displayhook, self.show
        return self

    def __exit__(self, *details):
        self.text = sys.stdout.getvalue()
        sys.stdout, sys.displayhook = self.kept, self.hook

    @staticmethod
    def show(value):
        if value is not None:
            sys.stdout.write(repr(value) + "\n")


def run_code(source, namespace, name="<example>"):
    """Runs a block of statements; gives what it printed."""
    with Printed() as printed:
        exec(compile(source, name, "exec"), namespace)
    return printed.text


def run_session(example, namespace, errata=None):
    """Runs a conversation step by step; raises AssertionError where the output is not the page's."""
    for source, wanted in example.steps():
        erratum = errata.of(source, wanted) if errata else None
        if erratum and erratum.kind == "skip":
            continue
        try:
            with Printed() as printed:
                exec(compile(source, "<example>", "single"), namespace)
        except Exception as error:
            if not wanted.startswith("Traceback "):
                raise
            check_exception(error, wanted, namespace)
            continue
        if re.search(r"#\s*doctest:.*\+SKIP", source):
            continue            # the page itself says that its output is an illustration
        got = printed.text.strip()
        if not same(got, erratum.output if erratum and erratum.output is not None else wanted,
                    erratum.kind if erratum and erratum.kind != "output" else "exact"):
            raise AssertionError("%sgives\n%s\nand the page says\n%s" % (source, got, wanted))


def check_exception(error, wanted, namespace):
    """Is an exception the one that ends a page's traceback: that class (under any of its names), that text?"""
    last = wanted.splitlines()[-1].strip()
    name, _, text = last.partition(": ")
    if type(error) is not eval(name, namespace):
        raise error
    if text not in "".join(traceback.format_exception_only(type(error), error)):
        raise AssertionError("%r, and the page says %s" % (error, last))


def same(got, wanted, kind="exact"):
    """Compares two outputs: as text but for white space, or else as the values that they spell.

    kind 'contains' lets a dict have more keys and a list more items than the page's, which may end with `...`; 'shape' asks for
    values of the same types and lengths, or flags of the same type.
    """
    if kind == "exact" and got.split() == wanted.split():
        return True
    if kind == "shape" and wanted.startswith("<"):
        return got.partition(".")[0] == wanted.partition(".")[0]
    if kind == "contains":
        wanted = re.sub(r",\s*\.\.\.\]$", "]", wanted)
    try:
        one, other = ast.literal_eval(got), ast.literal_eval(wanted)
    except (SyntaxError, ValueError):
        return False
    return {"exact": equal, "contains": contains, "shape": alike}[kind](one, other)


def equal(one, other):
    return tidy(one) == tidy(other)


def contains(one, other):
    if isinstance(other, dict):
        return isinstance(one, dict) and all(key in one and contains(one[key], other[key]) for key in other)
    if isinstance(other, list):
        return isinstance(one, list) and all(any(contains(item, wanted) for item in one) for wanted in other)
    return equal(one, other)


def alike(one, other):
    if isinstance(other, (tuple, list)):
        return type(one) is type(other) and len(one) == len(other) and all(map(alike, one, other))
    if isinstance(other, str):
        return isinstance(one, str) and one[:2] == other[:2]
    return type(one) is type(other)


# Attribute types that have got a name since a page was printed.
NAMES = {"1.3.6.1.4.1.311.60.2.1.2": "jurisdictionStateOrProvinceName",
         "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionCountryName"}


def tidy(value):
    """A value with the white space in its texts made even, and attribute types under today's names."""
    if isinstance(value, str):
        return NAMES.get(value, " ".join(value.split()))
    if isinstance(value, (tuple, list)):
        return type(value)(tidy(item) for item in value)
    if isinstance(value, dict):
        return dict((tidy(key), tidy(item)) for key, item in value.items())
    return value
