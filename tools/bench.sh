#!/bin/bash
# Builds both hosts and measures them against their own _ssl: bench.sh [bench.py's options], or QUICK=1 for 90 seconds.
source "$(dirname "$0")/common.sh"

need dotnet dotnet-sdk-10.0 && need "$PYTHON" python3 && need openssl openssl || exit 1
tools/build.sh cpython || exit 1
tools/build.sh ironpython || [[ $? == 3 ]] || exit 1
"$PYTHON" bench/bench.py ${QUICK:+--quick} "$@"
