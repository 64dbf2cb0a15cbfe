"""Takes the examples out of a page of reStructuredText, or out of the HTML that Sphinx made of one.

An example is a literal block, a doctest block, or the body of a code directive, with its line in the
page and its text dedented. Nothing else of the page's markup is understood, or needs to be.
"""

import re
from html.parser import HTMLParser

_DIRECTIVE = re.compile(r"\s*\.\. (code-block|code|doctest|testcode|testsetup|sourcecode)::(.*)$")
_OPTION = re.compile(r"\s*:[a-z-]+:")
_PROMPT = re.compile(r"\s*>>>( |$)")


class Example(object):
    """One block of a page."""

    def __init__(self, line, text, language):
        self.line = line
        self.text = text
        self.language = language

    @property
    def is_session(self):
        """Is it a conversation with the interpreter?"""
        return _PROMPT.match(self.text) is not None

    @property
    def is_python(self):
        """Does it parse as Python? A certificate or a shell session does not."""
        if self.language not in ("", "python", "python3", "doctest", "testcode", "testsetup"):
            return False
        if self.is_session:
            return True
        try:
            compile(self.text, "<example>", "exec")
        except SyntaxError:
            return False
        return True

    def steps(self):
        """A session's (source, printed text) pairs, in order."""
        found = []
        for line in self.text.splitlines():
            if _PROMPT.match(line):
                found.append(([line[4:]], []))
            elif found and not found[-1][1] and re.match(r"\.\.\.( |$)", line):
                found[-1][0].append(line[4:])
            elif found:
                found[-1][1].append(line)
        return [("\n".join(source) + "\n", "\n".join(printed).strip()) for source, printed in found
                if "".join(source).strip()]


def _is_flat(lines):
    """Has the page lost its indentation, but for one column that tells a block from the text around it?"""
    return max(indentation(line) for line in lines) <= 1


def indentation(line):
    return len(line) - len(line.lstrip())


class _Blocks(HTMLParser):
    """The <pre> of each `<div class="highlight-LANGUAGE ...">`."""

    LANGUAGES = {"default": "", "python3": "", "pycon": "doctest"}

    def __init__(self):
        super(_Blocks, self).__init__(convert_charrefs=True)
        self.found = []
        self.language = None
        self.text = None

    def handle_starttag(self, tag, attributes):
        if tag == "div":
            for word in (dict(attributes).get("class") or "").split():
                if word.startswith("highlight-"):
                    language = word.partition("-")[2]
                    self.language = self.LANGUAGES.get(language, language)
        elif tag == "pre" and self.language is not None:
            self.text = []

    def handle_data(self, data):
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag):
        if tag == "pre" and self.text is not None:
            # The tag's own line: that of the end less the lines between.
            text = "".join(self.text)
            self.found.append(Example(self.getpos()[0] - text.count("\n"), text, self.language))
            self.language = self.text = None


def examples(text):
    """All examples of a page, in order."""
    if text.lstrip().lower().startswith("<!doctype html"):
        blocks = _Blocks()
        blocks.feed(text)
        blocks.close()
        return blocks.found
    lines = text.expandtabs().splitlines()
    flat = _is_flat(lines)
    found, number = [], 0
    while number < len(lines):
        directive = _DIRECTIVE.match(lines[number])
        if directive:
            language = directive.group(2).strip() if directive.group(1).endswith("code") \
                or directive.group(1) == "code-block" else directive.group(1)
            begin, end = _block(lines, number + 1, indentation(lines[number]))
            while begin < end and (_OPTION.match(lines[begin]) or not lines[begin].strip()):
                begin += 1
        elif lines[number].rstrip().endswith("::") and not lines[number].lstrip().startswith(".. "):
            language = ""
            begin, end = _block(lines, number + 1, indentation(lines[number]))
            if begin == end and flat:
                end = _paragraph(lines, begin)
        elif _PROMPT.match(lines[number]):
            language, begin, end = "", number, number
            while end < len(lines) and lines[end].strip():
                end += 1
        else:
            number += 1
            continue
        if begin < end:
            found.append(Example(begin + 1, _dedent(lines[begin:end]), language))
        number = max(end, number + 1)
    return found


def _block(lines, begin, outside):
    """The lines that are indented more than what introduces them."""
    while begin < len(lines) and not lines[begin].strip():
        begin += 1
    end = last = begin
    while end < len(lines) and (not lines[end].strip() or indentation(lines[end]) > outside):
        if lines[end].strip():
            last = end + 1
        end += 1
    return begin, last


def _paragraph(lines, begin):
    end = begin
    while end < len(lines) and lines[end].strip():
        end += 1
    return end


def _dedent(lines):
    least = min(indentation(line) for line in lines if line.strip())
    return "\n".join(line[least:].rstrip() for line in lines) + "\n"
