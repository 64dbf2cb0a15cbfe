#!/bin/bash
# Runs the fuzz tests for long: FUZZ_ROUNDS inputs of each of four kinds, a million in all by default, from FUZZ_SEED.
source "$(dirname "$0")/common.sh"

need dotnet dotnet-sdk-10.0 || exit 1
export FUZZ_ROUNDS=${FUZZ_ROUNDS:-250000} FUZZ_SEED=${FUZZ_SEED:-$RANDOM}
echo "$FUZZ_ROUNDS inputs of each kind from seed $FUZZ_SEED"
dotnet test "$ROOT/tests/dotnet/Engine.Tests" -c Release -f net10.0 --filter "FullyQualifiedName~FuzzTests" --logger "console;verbosity=normal"
