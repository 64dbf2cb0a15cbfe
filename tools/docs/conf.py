"""How Sphinx renders the project's pages: README, docs and the rest as they lie in the repository, which is the source folder."""

import os
import re

from docutils import nodes

project = "SslModule"
html_title = project
extensions = ["myst_parser"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
root_doc = "docs/index"
include_patterns = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs/*.md", "docs/*.rst", "bench/results/README.md"]
exclude_patterns = [".*", "artifacts", "examples", "lib", "src", "tests", "tools", "bench/Incumbent", "bench/Plots", "bench/verification",
                    "bench/worker"]
myst_heading_anchors = 4        # links to headings are those that GitHub takes
highlight_language = "default"   # Python where it is Python
html_theme = "furo"
html_static_path = ["pages.css"]
html_css_files = ["pages.css"]
html_show_copyright = html_show_sphinx = False
html_copy_source = False


def add_contents(app, docname, source):
    """The contents at the side are the links of the index, under its headings and in its order."""
    if docname != root_doc:
        return
    parts = [source[0]]
    for heading, text in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", source[0], re.MULTILINE | re.DOTALL):
        linked = re.findall(r"^[*|-] *\[[^]]*\]\(([^)#]+)\.(?:md|rst)\)", text, re.MULTILINE)
        entries = ["/" + os.path.normpath(os.path.join("docs", name)) for name in linked]
        if entries:
            parts.append("```{toctree}\n:hidden:\n:caption: %s\n\n%s\n```\n" % (heading, "\n".join(entries)))
    source[0] = "\n\n".join(parts)


def adapt(app, docname, source):
    """A folder has no page: what links one keeps its words. And the theme has a page's contents beside it."""
    def plain(link):
        return link.group(1) if os.path.isdir(os.path.join(app.srcdir, os.path.dirname(docname), link.group(2))) else link.group(0)
    source[0] = re.sub(r"\[([^]\n]+)\]\(([^)\s#:]+)\)", plain, source[0])
    source[0] = re.sub(r"^\.\. contents::\n(?: +:.*\n)*", "", source[0], flags=re.MULTILINE)


def address(app, docname, link):
    """The HTML that a link to a page's file means, or None if it is to something else."""
    found = re.match(r"([^:#]+)\.(?:md|rst)(#.*)?$", link)
    if not found:
        return None
    page = os.path.normpath(os.path.join(os.path.dirname(docname), found.group(1)))
    return app.builder.get_relative_uri(docname, page) + (found.group(2) or "") if page in app.env.found_docs else None


def point_to_pages(app, doctree, docname):
    """Links of a page in reStructuredText name files, as those in Markdown do; MyST turns only its own into links to the HTML."""
    for link in doctree.findall(nodes.reference):
        where = address(app, docname, link.get("refuri", ""))
        if where:
            link["refuri"] = where


def name_places(app, doctree):
    """MyST keeps the headings of pages in Markdown only; here are those of the others."""
    page = app.env.docname
    if str(app.env.doc2path(page)).endswith(".rst"):
        app.env.metadata[page]["myst_slugs"] = {
            name: (0, name, section[0].astext()) for section in doctree.findall(nodes.section) for name in section["ids"]}


def point_into_rst(app, env, node, text):
    """The same for MyST 0.18, which keeps them elsewhere. That the place is there is for check.py to see."""
    where = address(app, node.get("refdoc", ""), node.get("reftarget", ""))
    return nodes.reference("", "", text, refuri=where, internal=True) if where and ".rst#" in node["reftarget"] else None


def setup(app):
    app.connect("source-read", add_contents)
    app.connect("source-read", adapt)
    app.connect("doctree-read", name_places)
    app.connect("doctree-resolved", point_to_pages)
    app.connect("missing-reference", point_into_rst)
