#!/bin/bash
# Keeps 200 connections going in each process, between SslModule on both hosts and CPython's own ssl, for TIME seconds in all (120), and watches memory,
# descriptors and threads.
source "$(dirname "$0")/common.sh"

need dotnet dotnet-sdk-10.0 && need "$PYTHON" python3 || exit 1
[[ -f artifacts/cpython/_ssl.abi3.so ]] || tools/build.sh cpython || exit 1
[[ -f artifacts/ironpython/ipyssl ]] || tools/build.sh ironpython || say "-- IronPython: skipped, it cannot be built here"
exec "$PYTHON" tests/soak/soak.py --time "${TIME:-120}" "$@"
