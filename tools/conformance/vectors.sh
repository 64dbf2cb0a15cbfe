#!/bin/bash
# Runs a suite of others that tests/dotnet/Engine.Tests/Conformance reads: vectors.sh NAME HOW [VARIABLE=VALUE...], where NAME is Limbo
# or Wycheproof, and HOW says with which variables of the environment. The suite's folder is in LIMBO or WYCHEPROOF.
source "$(dirname "$0")/../common.sh"

name=$1 how=$2
shift 2
kept="$ROOT/artifacts/conformance"
told="$kept/${name,,}.txt"
mkdir -p "$kept"
rm -f "$told"
step "$name, $how" 1800 env CONFORMANCE_RESULTS="$kept" "$@" dotnet test tests/dotnet/Engine.Tests -c Release --no-build -f net10.0 \
    --filter "FullyQualifiedName~Conformance.${name}Tests"
status=$?
if [[ ! -f $told ]]; then
    say "-- $name, $how: ended without its counts"
    exit 1
fi
cat "$told"
exit "$status"
