#!/bin/bash
# Builds both hosts and measures them against their own _ssl: bench.sh [bench.py's options], or QUICK=1 for 90 seconds.
# Leaves tables in bench/results and, unless only some rows were asked for, a page with plots.
source "$(dirname "$0")/common.sh"

need dotnet dotnet-sdk-10.0 && need "$PYTHON" python3 && need openssl openssl || exit 1
tools/build.sh cpython || exit 1
for what in ironpython incumbent; do
    tools/build.sh "$what" || [[ $? == 3 ]] || exit 1
done
tools/build.sh plots || exit 1
"$PYTHON" bench/bench.py ${QUICK:+--quick} "$@" && [[ -d bench/results ]] && artifacts/plots/plots bench/results
dotnet run --project bench/verification -c Release
