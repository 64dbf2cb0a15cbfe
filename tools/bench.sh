#!/bin/bash
# Builds both hosts and measures them against their own _ssl: bench.sh [bench.py's options], or QUICK=1.
# Once all is built it takes at most 10 minutes, with QUICK=1 90 seconds. Leaves tables in artifacts/bench and a page with
# plots. PUBLISH=1 copies those of a full run to bench/results.
# PYTHONS names CPython interpreters beside those present; the one with the newest OpenSSL is the peer.
source "$(dirname "$0")/common.sh"

if [[ ${PUBLISH:-} && ( ${QUICK:-} || $# != 0 ) ]]; then
    say "-- PUBLISH=1 wants a full run: without QUICK, and without options"
    exit 1
fi
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
[[ ${QUICK:-} ]] || has_net8 || say "-- no .NET 8 runtime, and none to be had from the configured package source: IronPython is measured on .NET 10"

# The rest is for the page and for the verification of chains.
began=$SECONDS
"$PYTHON" bench/bench.py ${QUICK:+--quick} --seconds "$([[ ${QUICK:-} ]] && say 76 || say 545)" "$@" || exit 1
artifacts/plots/plots artifacts/bench || exit 1
(($#)) && exit 0
artifacts/verification/SslModule.Verification.Bench ${QUICK:+quick}
if [[ ${IPY:-} ]]; then
    has_net8 && [[ $NET8 != "$(command -v dotnet)" ]] && eight=("$NET8")
    "$PYTHON" bench/startup.py dotnet "${eight[@]}"
fi
say "-- all of it took $((SECONDS - began)) s, and $began s to build"
if [[ ${PUBLISH:-} ]]; then "$PYTHON" bench/results.py publish; fi
