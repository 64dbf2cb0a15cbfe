#!/bin/bash
# docs.sh: renders the pages to HTML in artifacts/docs with Sphinx and checks every link in them. Warnings are errors.
# Ends with 3 where Sphinx cannot be had.
source "$(dirname "$0")/common.sh"

ENVIRONMENT="$ROOT/artifacts/docs-environment"
PAGES="$ROOT/artifacts/docs"
LIBRARIES=(sphinx myst_parser furo)

# has_libraries PYTHON : can it render the pages?
has_libraries() { "$1" -c 'import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]' "${LIBRARIES[@]}" >/dev/null 2>&1; }

# A virtual environment with the versions of tools/docs/requirements.txt. One that has them already is kept.
from_pypi() {
    local python
    cmp -s tools/docs/requirements.txt "$ENVIRONMENT/requirements.txt" && has_libraries "$ENVIRONMENT/bin/python" && return 0
    for python in "$PYTHON" python3.1{5,4,3}; do
        "$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 13))' >/dev/null 2>&1 || continue
        rm -rf "$ENVIRONMENT"
        timeout -k 10 300 "$python" -m venv "$ENVIRONMENT" &&
            timeout -k 10 300 "$ENVIRONMENT/bin/python" -m pip install --retries 1 --timeout 30 -r tools/docs/requirements.txt &&
            has_libraries "$ENVIRONMENT/bin/python" && cp tools/docs/requirements.txt "$ENVIRONMENT/" && return 0
    done >"$LOGS/docs-environment.log" 2>&1 </dev/null
    rm -rf "$ENVIRONMENT"
    return 1
}

# The distribution's, whatever their versions.
from_distribution() {
    local package
    if ! has_libraries /usr/bin/python3; then
        for package in python3-sphinx python3-myst-parser furo; do install_package "$package" || return 1; done >"$LOGS/docs-distribution.log" 2>&1
    fi
    has_libraries /usr/bin/python3
}

if from_pypi; then
    RENDERER="$ENVIRONMENT/bin/python"
elif from_distribution; then
    say "-- the versions of tools/docs/requirements.txt cannot be had, or there is no Python 3.13: the distribution's are used"
    RENDERER=/usr/bin/python3
else
    say "-- Sphinx cannot be had, neither from PyPI (which wants Python 3.13) nor from the distribution: no pages are rendered"
    exit 3
fi

rm -rf "$PAGES"
step "render the pages" 300 "$RENDERER" -m sphinx -E -W --keep-going -q -b html -c tools/docs -d artifacts/docs-doctrees . "$PAGES" || exit 1
# The folder's own page leads to the first one.
say '<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=docs/index.html"><a href="docs/index.html">SslModule</a>' \
    >"$PAGES/index.html"
step "check the links" 60 "$RENDERER" tools/docs/check.py "$PAGES" || exit 1
tail -n 1 "$LOGS/check_the_links.log" | sed 's/^/   /'
say "   artifacts/docs/index.html"
