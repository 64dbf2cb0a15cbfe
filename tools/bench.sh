#!/bin/bash
# Builds the CPython module and measures it against the interpreter's own.
source "$(dirname "$0")/common.sh"

need dotnet dotnet-sdk-10.0 && need "$PYTHON" python3 && need openssl openssl || exit 1
tools/build.sh cpython || exit 1
"$PYTHON" bench/bench.py "$@"
