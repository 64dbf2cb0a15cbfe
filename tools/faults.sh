#!/bin/bash
# Damages connections in every way, with SslModule as client and as server on both hosts: at every STEP-th byte (3), the first one being OFFSET (0).
source "$(dirname "$0")/common.sh"

need dotnet dotnet-sdk-10.0 && need "$PYTHON" python3 || exit 1
[[ -f artifacts/cpython/_ssl.abi3.so ]] || tools/build.sh cpython || exit 1
[[ -f artifacts/ironpython/ipyssl ]] || tools/build.sh ironpython || say "-- IronPython: skipped, it cannot be built here"
exec "$PYTHON" tests/faults/campaign.py --step "${STEP:-3}" --offset "${OFFSET:-0}" "$@"
