#!/bin/bash
# Runs the suites of others that are given as folders, and are not part of this repository: BORINGSSL, LIMBO, WYCHEPROOF. Each prints
# what passed, failed and was skipped, with reasons; docs/conformance.md tells what was seen. The status is 1 when one failed.
source "$(dirname "$0")/common.sh"

parts="$ROOT/tools/conformance"
status=0 any=

if [[ ${BORINGSSL:-} ]]; then
    any=1
    "$parts/boringssl.sh" || status=1
fi

if [[ ${LIMBO:-}${WYCHEPROOF:-} ]]; then
    any=1
    step "build of the engine's tests" 600 dotnet build tests/dotnet/Engine.Tests -c Release -f net10.0 -v quiet || exit 1
fi

if [[ ${LIMBO:-} ]]; then
    if need openssl openssl; then "$parts/vectors.sh" Limbo "against openssl" || status=1; else status=1; fi
fi

if [[ ${WYCHEPROOF:-} ]]; then
    "$parts/vectors.sh" Wycheproof "as it comes" || status=1
    "$parts/vectors.sh" Wycheproof "without AVX2" DOTNET_EnableAVX2=0 || status=1
    "$parts/vectors.sh" Wycheproof "the platform's cryptography only" SSLMODULE_CRYPTO=platform || status=1
fi

if [[ ! $any ]]; then
    say "-- none of BORINGSSL, LIMBO and WYCHEPROOF names the folder of a suite: docs/conformance.md says where they are had"
    exit 1
fi
exit "$status"
