#!/bin/bash
# Builds both hosts from whatever state the clone is in and shows them at work.
source "$(dirname "$0")/common.sh"

need dotnet dotnet-sdk-10.0 || exit 1
need "$PYTHON" python3 || exit 1
need openssl openssl || exit 1
failed=0
tools/build.sh cpython || { [[ $? == 3 ]] || failed=1; }
tools/build.sh ironpython || { [[ $? == 3 ]] || failed=1; }
"$PYTHON" tools/demo.py || failed=1
exit "$failed"
