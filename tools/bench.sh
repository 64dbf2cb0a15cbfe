#!/bin/bash
# Builds both hosts and measures them against their own _ssl: bench.sh [bench.py's options], or QUICK=1.
# At most 10 minutes with the builds, with QUICK=1 90 seconds once all is built. Leaves tables in bench/results and a
# page with plots, unless only a part was asked for.
source "$(dirname "$0")/common.sh"

need dotnet dotnet-sdk-10.0 && need "$PYTHON" python3 && need openssl openssl || exit 1

# built WHAT FILE SOURCE... : builds WHAT unless FILE is newer than all the sources it is made of.
built() {
    local what=$1 file=$2
    shift 2
    [[ -f $file && -z $(find "$@" Directory.*.props -type f -newer "$file" -print -quit) ]] && return 0
    tools/build.sh "$what"
}

ENGINE=(src/Engine lib)
built cpython artifacts/cpython/_ssl.abi3.so "${ENGINE[@]}" src/CPythonModule || exit 1
built ironpython artifacts/ironpython/lib/ssl.py "${ENGINE[@]}" src/IronPythonModule src/IronPythonHost || [[ $? == 3 ]] || exit 1
built incumbent artifacts/incumbent/incumbent.dll bench/Incumbent src/IronPythonHost/PythonConsole.cs || [[ $? == 3 ]] || exit 1
built plots artifacts/plots/plots.dll bench/Plots || exit 1
built verification artifacts/verification/SslModule.Verification.Bench.dll "${ENGINE[@]}" bench/verification || exit 1

# The rest is for the page and for the verification of chains.
began=$SECONDS
if [[ ${QUICK:-} ]]; then seconds=79; else seconds=$((began < 300 ? 540 - began : 260)); fi
"$PYTHON" bench/bench.py ${QUICK:+--quick} --seconds "$seconds" "$@" || exit 1
(($#)) && exit 0
artifacts/plots/plots bench/results
artifacts/verification/SslModule.Verification.Bench ${QUICK:+quick}
if [[ ${IPY:-} ]]; then
    has_net8 && [[ $NET8 != "$(command -v dotnet)" ]] && eight=("$NET8")
    "$PYTHON" bench/startup.py dotnet "${eight[@]}"
fi
say "-- all of it took $SECONDS s, $began s of them to build"
