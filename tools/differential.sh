#!/bin/bash
# Plays random programs of sockets, of two threads at one socket, and of calls on contexts, on SslModule and on Python's own ssl: PROGRAMS of
# each (2,000; a tenth of that with threads, which are played many times) from SEED (any).
# differential.sh --console artifacts/ironpython/ipyssl plays ours on IronPython.
source "$(dirname "$0")/common.sh"

need dotnet dotnet-sdk-10.0 && need "$PYTHON" python3 || exit 1
[[ -f artifacts/cpython/_ssl.abi3.so ]] || tools/build.sh cpython || exit 1
SEED=${SEED:-$((RANDOM * 10000))}
[[ $# != 0 ]] || "$PYTHON" tests/differential/context_compare.py --count "${PROGRAMS:-2000}" --seed "$SEED" || exit 1
"$PYTHON" tests/differential/thread_compare.py --count "$((${PROGRAMS:-2000} / 10))" --seed "$SEED" "$@" || exit 1
exec "$PYTHON" tests/differential/compare.py --count "${PROGRAMS:-2000}" --seed "$SEED" "$@"
